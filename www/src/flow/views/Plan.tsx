import type { FlowArrow as Arrow, FlowBlock as Block, FlowPlace as Place } from '../../../pkg/flow/flow.js'
import { Box } from './Pipeline'

/** The size of a box and of the gaps between boxes, in pixels; the style sheet has the first two as well. */
const WIDTH = 152
const HEIGHT = 54
const GAP_X = 44
const GAP_Y = 14

const leftOf = ({ column }: Place) => column * (WIDTH + GAP_X)
const topOf = ({ row }: Place) => row * (HEIGHT + GAP_Y)

/** Steps that need each other: each at its place, with an arrow from what it needs. */
export function Plan({ block: { blocks, arrows } }: { block: Block }) {
  const places = blocks.map((block) => block.place ?? { column: 0, row: 0 })
  const width = Math.max(...places.map(leftOf)) + WIDTH
  const height = Math.max(...places.map(topOf)) + HEIGHT
  return (
    <div class="plan" style={{ width: `${width}px`, height: `${height}px` }}>
      <svg width={width} height={height} aria-hidden="true">
        {arrows.map((arrow) => (
          <path
            key={`${arrow.from} ${arrow.to}`}
            class={arrow.done ? 'plan-arrow plan-arrow-done' : 'plan-arrow'}
            d={curve(places, arrow)}
          />
        ))}
      </svg>
      <ul>
        {blocks.map((block, index) => (
          <Box
            key={block.name}
            block={block}
            style={{ left: `${leftOf(places[index]!)}px`, top: `${topOf(places[index]!)}px` }}
          />
        ))}
      </ul>
    </div>
  )
}

/** From the right edge of one box to the left edge of another, with a head. */
function curve(places: readonly Place[], { from, to }: Arrow): string {
  const [x0, y0] = [leftOf(places[from]!) + WIDTH, topOf(places[from]!) + HEIGHT / 2]
  const [x1, y1] = [leftOf(places[to]!) - 3, topOf(places[to]!) + HEIGHT / 2]
  const bend = GAP_X * 0.6
  return `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}m-5-3.5 5 3.5-5 3.5`
}
