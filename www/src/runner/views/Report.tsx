import type { ReportView } from '../../../pkg/live/live.js'
import { Shape } from '../../bugs/views/Shape'
import { Figures } from './Figures'

/** What a shutdown left. */
export function Report({ report: { sentence, figures } }: { report: ReportView }) {
  return (
    <section class="runner-card shutdown" aria-labelledby="shutdown-title">
      <header class="runner-card-header">
        <h2 id="shutdown-title">Shutdown report</h2>
      </header>
      <p class="shutdown-said">
        <Shape tone="good" />
        <span>
          <b>{sentence.lead}</b> {sentence.rest}
        </span>
      </p>
      <Figures name="What became of everything" figures={figures} />
    </section>
  )
}
