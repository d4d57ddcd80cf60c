import type { Snapshot } from '../../../pkg/flags/flags.js'
import { Shape } from './Shape'

/** What just happened, in one sentence, always at the same place. */
export function Said({ snapshot: { step, last, said } }: { snapshot: Pick<Snapshot, 'step' | 'last' | 'said'> }) {
  return (
    <div class={`said said-${said.tone}`}>
      <span class="said-step">
        step {step} of {last}
      </span>
      <p role="status" aria-label="What happened" aria-live="polite">
        {said.tone === 'bad' && <Shape tone="bad" />}
        <b>{said.lead}</b> {said.rest}
        {said.aside !== '' && <span class="said-aside"> {said.aside}</span>}
      </p>
    </div>
  )
}
