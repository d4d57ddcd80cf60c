import type { FlowArrow as Arrow, FlowBlock as Block, FlowPlace as Place } from '../../../pkg/flow/flow.js'
import { Box } from './Pipeline'

/** The size of a box and of the gaps between boxes, in pixels; the style sheet has the first two as well. */
const WIDTH = 152
const HEIGHT = 54
const GAP_X = 44
const GAP_Y = 14

const leftOf = ({ column }: Place) => column * (WIDTH + GAP_X)
const topOf = (row: number) => row * (HEIGHT + GAP_Y)

/**
 * Steps that need each other: each at its place, with an arrow from what it needs. Where there is no room for that the
 * style sheet has them stand below each other, with the arrows in front of them.
 */
export function Plan({ block: { blocks, arrows } }: { block: Block }) {
  const places = blocks.map((block) => block.place ?? { column: 0, row: 0 })
  const inOrder = places.toSorted((one, other) => one.column - other.column || one.row - other.row)
  const ranks = places.map((place) => inOrder.indexOf(place))
  const size = {
    '--width': `${Math.max(...places.map(leftOf)) + WIDTH}px`,
    '--height': `${Math.max(...places.map(({ row }) => topOf(row))) + HEIGHT}px`,
    '--length': `${topOf(blocks.length - 1) + HEIGHT}px`,
  }
  return (
    <div class="plan" style={size}>
      <Arrows name="plan-across" arrows={arrows} path={({ from, to }) => across(places[from]!, places[to]!)} />
      <Arrows name="plan-down" arrows={arrows} path={({ from, to }) => down(ranks[from]!, ranks[to]!)} />
      <ul>
        {blocks.map((block, index) => {
          const place = places[index]!
          const style = {
            '--left': `${leftOf(place)}px`,
            '--top': `${topOf(place.row)}px`,
            '--below': `${topOf(ranks[index]!)}px`,
          }
          return <Box key={block.name} block={block} style={style} />
        })}
      </ul>
    </div>
  )
}

function Arrows({ name, arrows, path }: { name: string; arrows: readonly Arrow[]; path(arrow: Arrow): string }) {
  return (
    <svg class={name} aria-hidden="true">
      {arrows.map((arrow) => (
        <path
          key={`${arrow.from} ${arrow.to}`}
          class={arrow.done ? 'plan-arrow plan-arrow-done' : 'plan-arrow'}
          d={path(arrow)}
        />
      ))}
    </svg>
  )
}

const HEAD = 'm-5-3.5 5 3.5-5 3.5'

/** From the right edge of one box to the left edge of another. */
function across(from: Place, to: Place): string {
  const [x0, y0] = [leftOf(from) + WIDTH, topOf(from.row) + HEIGHT / 2]
  const [x1, y1] = [leftOf(to) - 3, topOf(to.row) + HEIGHT / 2]
  const bend = GAP_X * 0.6
  return `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}${HEAD}`
}

/** Along the left edges of boxes that stand below each other, the further out the further it leads. */
function down(from: number, to: number): string {
  const [y0, y1] = [topOf(from) + HEIGHT * 0.7, topOf(to) + HEIGHT * 0.3]
  const bend = -12 - 8 * (to - from)
  return `M0 ${y0}C${bend} ${y0} ${bend} ${y1} -3 ${y1}${HEAD}`
}
