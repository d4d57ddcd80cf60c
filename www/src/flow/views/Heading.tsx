import type { FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'
import { Icon } from '../../parts/Icon'
import { Select } from '../../parts/Select'
import type { Commands } from '../commands'

const CLOCKS = [
  { value: 'virtual', label: 'Virtual time' },
  { value: 'real', label: 'Real time' },
]

type Props = { snapshot: Snapshot | null; commands: Commands }

/** What the demo is, whose time it is, and what all chance is drawn from. */
export function Heading({ snapshot, commands }: Props) {
  return (
    <div class="heading">
      <div class="heading-title">
        <h1>{snapshot?.demo.title ?? 'Flow'}</h1>
        <p class="heading-sentence">{snapshot?.demo.sentence ?? 'Loading …'}</p>
      </div>
      {snapshot && (
        <div class="flow-choices">
          <Select
            name="Clock"
            value={snapshot.clock}
            options={CLOCKS}
            onChange={(value) => commands.act({ kind: 'clock', value })}
          />
          <label class="flow-seed">
            Seed
            <input
              class="field"
              type="number"
              min="0"
              max="4294967295"
              value={snapshot.seed}
              onChange={(event) => {
                const to = event.currentTarget.valueAsNumber
                if (Number.isInteger(to) && to >= 0 && to <= 4294967295) commands.act({ kind: 'seed', to })
                else event.currentTarget.value = String(snapshot.seed)
              }}
            />
          </label>
          <button
            class="button button-icon"
            aria-label="Another seed"
            title="Another seed"
            onClick={() => commands.act({ kind: 'seed', to: (snapshot.seed + 1) % 4294967296 })}
          >
            <Icon name="dice" />
          </button>
        </div>
      )}
    </div>
  )
}
