import type { Tone } from '../../../pkg/flags/flags.js'
import { LANE } from '../timeline/layout'
import { lanePaths, zigzag } from '../timeline/shapes'
import { DIAMOND, END_SHAPES } from './TimelinePicture'

/** What the signs of the timeline mean, whose hatching it shares. */
export function Legend() {
  return (
    <section class="legend" aria-labelledby="legend">
      <h2 id="legend">The timeline</h2>
      <dl>
        {SIGNS.map(([sign, what]) => (
          <div key={what}>
            <dt>
              <svg class="timeline-picture task-0" width={WIDTH} height={LANE} aria-hidden="true">
                {sign}
              </svg>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const WIDTH = 30

const SIGNS: readonly (readonly [preact.JSX.Element, string])[] = [
  [lane('running'), 'runs'],
  [lane('ready'), 'could run'],
  [lane('sleeping'), 'sleeps'],
  [lane('waiting'), 'waits'],
  [end('done'), 'is done'],
  [end('failed'), 'failed'],
  [end('dropped'), 'was dropped'],
  [<path class="timeline-fold" d={zigzag(WIDTH / 2, -1, LANE + 2)} />, 'time, cut short'],
  [<path class="timeline-finding" transform={`translate(${WIDTH / 2} ${LANE / 2})`} d={DIAMOND} />, 'something breaks'],
  [<path class="legend-difference" d={`M${WIDTH / 2} 0v${LANE}`} />, 'first difference'],
]

function lane(tone: Tone) {
  const stretch = { from: 0, to: 1 }
  const [path] = lanePaths({ spans: [{ ...stretch, tone }] }, 0, WIDTH, stretch)
  return <path class={`lane-${tone}`} d={path![1]} />
}

function end(tone: string) {
  return (
    <g class={`lane-end shape-${tone}`} transform={`translate(${WIDTH / 2 - 5} 1)`}>
      {END_SHAPES[tone]}
    </g>
  )
}
