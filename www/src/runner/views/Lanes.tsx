import type { WorkerLane } from '../../../pkg/live/live.js'
import { Shape } from '../../bugs/views/Shape'
import { memo } from '../../parts/memo'

/** A lane per worker: what it did in the last ten seconds, and what it does now. */
export const Lanes = memo(function Lanes({ lanes }: { lanes: readonly WorkerLane[] }) {
  return (
    <section class="runner-card workers" aria-labelledby="workers-title">
      <header class="runner-card-header">
        <h2 id="workers-title">Workers</h2>
        <span class="runner-card-aside">the last 10 seconds</span>
      </header>
      <ul class="workers-list" tabIndex={0} aria-label="What each worker does" data-scrolls>
        {lanes.map((lane) => (
          <Lane key={lane.name} lane={lane} />
        ))}
      </ul>
    </section>
  )
})

const Lane = memo(function Lane({ lane: { name, now, tone, spans } }: { lane: WorkerLane }) {
  return (
    <li class="worker">
      <span class="worker-name">{name}</span>
      <svg class="worker-picture" aria-hidden="true">
        <line class="worker-ground" x1="0" x2="100%" y1="50%" y2="50%" />
        {spans.map(({ id, from, to, tone, colour, title }) => (
          <rect
            key={`${id} ${from === 0 ? 'left' : ''}${spans.length}`}
            class={`worker-span worker-span-${tone} task-${colour}`}
            x={`${from}%`}
            width={`${Math.max(0.2, to - from)}%`}
            y="4"
            height="12"
            rx="2"
          >
            <title>{title}</title>
          </rect>
        ))}
      </svg>
      <span class="worker-now">
        <Shape tone={tone} />
        {now}
      </span>
    </li>
  )
})
