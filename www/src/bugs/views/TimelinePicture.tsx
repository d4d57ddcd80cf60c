import { useMemo } from 'preact/hooks'
import type { Film, Lane as LaneData } from '../../../pkg/flags/flags.js'
import type { TimelineUi } from '../model'
import { HEADER, LABELS, LANE, TOP, columnAt, edge, headerInView, type Layout } from '../timeline/layout'
import { bow, lanePaths, zigzag, type Range } from '../timeline/shapes'
import { memo } from '../../parts/memo'

type Props = {
  film: Film
  roles: readonly string[]
  step: number
  layout: Layout
  zoom: number
  view: TimelineUi
}

/** Lanes are drawn in blocks of this many pixels, so that scrolling within a block draws no lane again. */
const BLOCK = 512

/** Of the wake-ups those near the playhead and the pointer are strong, or all would be a thicket. */
const NEAR = 1.5

/** More arrows than this in view, and the faint ones are left out. */
const LEGIBLE = 60

/** The part of the timeline that is in view. */
export function Picture({ film, roles, step, layout, zoom, view }: Props) {
  const height = Math.min(view.height, layout.height)
  const range = useMemo(() => rangeInView(view, zoom), [view, zoom])
  const now = edge(film, step) * zoom
  const before = edge(film, step - 1) * zoom
  const seen = (index: number) => layout.lanes[index]! + LANE > view.top && layout.lanes[index]! < view.top + height
  const lanes = film.lanes.map((lane, index) => ({ lane, index })).filter(({ index }) => seen(index))
  const part = { film, layout, zoom }
  return (
    <svg class="timeline-picture" width={view.width} height={height} aria-hidden="true">
      <Definitions />
      <g transform={`translate(${LABELS - view.left} ${-view.top})`}>
        <rect class="timeline-now" x={before} y={0} width={Math.max(0, now - before)} height={layout.height} />
        <Folds {...part} range={range} />
        {lanes.map(({ lane, index }) => (
          <Lane key={index} lane={lane} y={layout.lanes[index]!} zoom={zoom} from={range.from} to={range.to} />
        ))}
        <rect class="timeline-future" x={now} y={0} width={layout.units * zoom + 200} height={layout.height} />
        <Arrows {...part} range={range} near={[edge(film, step), view.hover]} />
      </g>
      <Labels layout={layout} lanes={lanes} view={view} height={height} />
      {roles.map((role, pane) => (
        <PaneHeader key={role} {...part} pane={pane} role={role} range={range} view={view} />
      ))}
      <rect class="timeline-top" width={view.width} height={TOP} />
      <Difference {...part} now={now} view={view} height={height} />
      <Playhead x={LABELS + now - view.left} height={height} />
    </svg>
  )
}

function rangeInView({ left, width }: TimelineUi, zoom: number): Range {
  const first = Math.floor(left / BLOCK)
  const last = Math.ceil((left + width) / BLOCK)
  return { from: (first * BLOCK) / zoom, to: (last * BLOCK) / zoom }
}

function Definitions() {
  return (
    <defs>
      <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path class="timeline-hatch" d="M1 0v4" />
      </pattern>
      <marker id="head" viewBox="0 0 6 6" refX="4.5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
        <path class="timeline-head" d="M0.5 0.5 5 3 0.5 5.5z" />
      </marker>
    </defs>
  )
}

type LaneProps = { lane: LaneData; y: number; zoom: number; from: number; to: number }

const Lane = memo(function Lane({ lane, y, zoom, from, to }: LaneProps) {
  const { end, tag } = lane
  return (
    <g class={`task-${tag.colour}`}>
      {lanePaths(lane, y, zoom, { from, to }).map(([tone, path]) => (
        <path key={tone} class={`lane-${tone}`} d={path} />
      ))}
      {end && end.at >= from && end.at <= to && (
        <g class={`lane-end shape-${end.tone}`} transform={`translate(${end.at * zoom + 3} ${y + LANE / 2 - 5})`}>
          {END_SHAPES[end.tone]}
        </g>
      )}
    </g>
  )
})

/** How a task ended, by its tone. */
export const END_SHAPES: Record<string, preact.JSX.Element> = {
  done: <path d="M1 5.5l2.7 2.7L8.5 2" />,
  failed: <path d="M1.5 1.5l7 7M8.5 1.5l-7 7" />,
  dropped: <circle cx="5" cy="5" r="3.7" stroke-dasharray="2 1.9" />,
}

type Part = { film: Film; layout: Layout; zoom: number }

/** Stretches of time that are longer than they are drawn. */
const Folds = memo(function Folds({ film, layout, zoom, range }: Part & { range: Range }) {
  return (
    <>
      {passedIn(film, range)
        .filter(({ folded }) => folded)
        .map(({ pane, middle }) => {
          const [from, to] = layout.bands[pane]!
          return <path key={`${pane} ${middle}`} class="timeline-fold" d={zigzag(middle * zoom, from + HEADER, to)} />
        })}
    </>
  )
})

function Arrows({ film, layout, zoom, range, near }: Part & { range: Range; near: (number | null)[] }) {
  const seen = film.arrows.filter(({ at }) => at >= range.from && at <= range.to)
  const strong = seen.filter(({ at }) => near.some((unit) => unit !== null && Math.abs(at - unit) <= NEAR))
  return (
    <>
      {(seen.length > LEGIBLE ? strong : seen).map((arrow) => (
        <path
          class={`timeline-arrow ${strong.includes(arrow) ? 'timeline-arrow-near' : ''}`}
          d={bow(arrow.at * zoom, layout.lanes[arrow.from]!, layout.lanes[arrow.to]!)}
          marker-end="url(#head)"
        />
      ))}
    </>
  )
}

type PaneHeaderProps = Part & { pane: number; role: string; range: Range; view: TimelineUi }

/** The row above a version's lanes: how long the stretches of time are, and where something was found. */
const PaneHeader = memo(function PaneHeader({ film, layout, zoom, pane, role, range, view }: PaneHeaderProps) {
  const y = headerInView(layout, pane, view.top) - view.top
  const seen = (x: number) => x > LABELS + 14
  const at = (unit: number) => LABELS + unit * zoom - view.left
  return (
    <g class="timeline-header" transform={`translate(0 ${y})`}>
      <rect width={view.width} height={HEADER} />
      {pane > 0 && <path class="timeline-border" d={`M0 0h${view.width}`} />}
      <text class="timeline-role" x="8" y="12">
        {role}
      </text>
      {passedIn(film, range)
        .filter((passed) => passed.pane === pane && seen(at(passed.middle)))
        .filter(({ folded, width, label }) => folded || width * zoom >= widthOfText(label))
        .filter(clearOfTheLast(zoom))
        .map(({ middle, label }) => (
          <text key={middle} x={at(middle)} y="12" text-anchor="middle">
            {label}
          </text>
        ))}
      {film.findings
        .filter((finding) => finding.pane === pane && seen(at(edge(film, finding.step))))
        .map(({ step, sentence }) => (
          <path class="timeline-finding" transform={`translate(${at(edge(film, step))} ${HEADER / 2})`} d={DIAMOND}>
            <title>{`Step ${step}: ${sentence}`}</title>
          </path>
        ))}
    </g>
  )
})

const widthOfText = (text: string) => text.length * 6 + 4

/** Keeps a label when it does not touch the one that was kept before it. */
function clearOfTheLast(zoom: number) {
  let last = -Infinity
  return ({ middle, label }: { middle: number; label: string }) => {
    const half = widthOfText(label) / 2
    if (middle * zoom - half < last) return false
    last = middle * zoom + half
    return true
  }
}

/** Where something breaks. */
export const DIAMOND = 'M0-5 5 0 0 5-5 0z'

type DifferenceProps = Part & { now: number; view: TimelineUi; height: number }

function Difference({ film, zoom, now, view, height }: DifferenceProps) {
  if (film.divergence == null) return null
  const difference = edge(film, film.divergence - 1) * zoom
  const x = difference - view.left
  if (x < 0) return null
  const ahead = now - difference
  const covered = ahead > -CAP && ahead < FIRST_DIFFERENCE
  // Where the playhead would stand in the words they stand behind it, or before the line where there is no room.
  const cramped = covered && view.width - LABELS - x - ahead < FIRST_DIFFERENCE + ZOOM && x > FIRST_DIFFERENCE
  return (
    <g class="timeline-difference" transform={`translate(${LABELS + x} 0)`}>
      <path d={`M0 0V${height}`} />
      <text x={cramped ? -5 : covered ? ahead + CAP : 5} y="12" text-anchor={cramped ? 'end' : 'start'}>
        first difference
      </text>
    </g>
  )
}

/** Half of the playhead's cap and a gap, the width of the words, and that of the buttons that zoom, in pixels. */
const CAP = 10
const FIRST_DIFFERENCE = 96
const ZOOM = 60

type LabelsProps = {
  layout: Layout
  lanes: readonly { lane: LaneData; index: number }[]
  view: TimelineUi
  height: number
}

/** The names at the left, which stay while the lanes scroll. */
function Labels({ layout, lanes, view, height }: LabelsProps) {
  return (
    <g class="timeline-labels">
      <rect x="0" y="0" width={LABELS - 4} height={height} />
      {lanes.map(({ lane, index }) => (
        <text key={index} x={LABELS - 10} y={layout.lanes[index]! + 10 - view.top} text-anchor="end">
          {lane.tag.short}
        </text>
      ))}
    </g>
  )
}

function Playhead({ x, height }: { x: number; height: number }) {
  if (x < LABELS - 1) return null
  return (
    <g class="playhead" transform={`translate(${x} 0)`}>
      <rect x="-10" y="0" width="20" height={height} />
      <path class="playhead-line" d={`M0 0V${height}`} />
      <path class="playhead-cap" d="M-6 0H6L0 9z" />
    </g>
  )
}

/** The stretches of time within a range, with their widths and middles in units. */
function passedIn(film: Film, { from, to }: Range) {
  return film.columns
    .slice(columnAt(film, from), columnAt(film, to) + 1)
    .flatMap(({ x, width, passed }) => passed.map((stretch) => ({ ...stretch, width, middle: x + width / 2 })))
}
