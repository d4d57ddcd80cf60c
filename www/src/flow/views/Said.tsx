import type { FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'
import { Mark } from './Mark'

/** What just happened, in one sentence, always at the same place. */
export function Said({ snapshot: { step, last, said, clock, time } }: { snapshot: Snapshot }) {
  return (
    <div class="said">
      <span class="said-step">{clock === 'real' ? time : `step ${step} of ${last}`}</span>
      <p role="status" aria-label="What happened" aria-live={clock === 'real' ? 'off' : 'polite'}>
        {said.tone !== 'quiet' && <Mark tone={said.tone} />}
        <b>{said.lead}</b> {said.rest}
      </p>
    </div>
  )
}
