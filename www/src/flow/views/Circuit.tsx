import type { FlowCircuitPicture as CircuitPicture } from '../../../pkg/flow/flow.js'
import type { Commands } from '../commands'
import { Diagram } from './Diagram'
import { Mark } from './Mark'

type Props = { circuit: CircuitPicture; commands: Commands }

/** The region "Circuit breaker": its states, its last calls, and what can be done to it. */
export function Circuit({ circuit, commands }: Props) {
  return (
    <section class="flow-card circuit" aria-label="Circuit breaker">
      <header class="flow-card-header">
        <h2>Circuit breaker</h2>
        <span class="circuit-counts">{circuit.counts}</span>
      </header>
      <Diagram circuit={circuit} />
      <p class="circuit-sentence" role="status" aria-label="Circuit" aria-live="off">
        {circuit.sentence}
      </p>
      <Calls circuit={circuit} />
      <dl class="circuit-numbers">
        {circuit.numbers.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="circuit-acts">
        {circuit.acts.map(({ act, label, enabled }) => (
          <button
            key={act}
            class="button"
            aria-disabled={!enabled}
            onClick={() => enabled && commands.act({ kind: 'act', value: act })}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  )
}

/** The window of the last calls, and the places of probes. */
function Calls({ circuit: { ticks, probes } }: { circuit: CircuitPicture }) {
  return (
    <div class="circuit-calls">
      <ul class="ticks" aria-label="Last calls, the newest last">
        {ticks.map(({ tone, label }, index) => (
          <li key={index} class="tick" title={label}>
            <Mark tone={tone} />
            <span class="hidden">{label}</span>
          </li>
        ))}
      </ul>
      {ticks.length === 0 && <p class="ticks-none">No call yet.</p>}
      {probes.length > 0 && (
        <ul class="probes" aria-label="Probes">
          {probes.map(({ tone, label }, index) => (
            <li key={index} class={`probe probe-${tone}`}>
              <Mark tone={tone} />
              probe {label}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
