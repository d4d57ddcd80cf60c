import type { QueueView } from '../../../pkg/live/live.js'
import { memo } from '../../parts/memo'

/** Who is in line, in the order in which they will start, and who waits in front of the line. */
export const Queue = memo(function Queue({ queue }: { queue: QueueView | null }) {
  return (
    <section class="runner-card queue" aria-labelledby="queue-title">
      <header class="runner-card-header">
        <h2 id="queue-title">Queue</h2>
        <span class="runner-card-aside">{queue?.label}</span>
      </header>
      <div class="queue-filled" aria-hidden="true">
        <div style={{ transform: `scaleX(${(queue?.filled ?? 0) / 100})` }} />
      </div>
      {queue && (
        <div class="queue-lists" tabIndex={0} role="group" aria-label="The queue and who waits for it" data-scrolls>
          <ol class="queue-line" aria-label="Jobs in line">
            {queue.first.map(({ id, name, colour }) => (
              <li key={id}>
                <span class={`dot task-${colour}`}>{id}</span>
                <span class="queue-name" title={name}>
                  {name}
                </span>
              </li>
            ))}
          </ol>
          {queue.more && <p class="queue-quiet">{queue.more}</p>}
          {queue.empty && <p class="queue-quiet">{queue.empty}</p>}
          {queue.blocked.length > 0 && (
            <>
              <h3>Waiting for a place</h3>
              <ol class="queue-blocked" aria-label="Blocked submitters">
                {queue.blocked.map((submitter, index) => (
                  <li key={index}>{submitter}</li>
                ))}
              </ol>
            </>
          )}
        </div>
      )}
    </section>
  )
})
