// Where things are on the timeline, in pixels of the whole picture of which the view shows a part.
import type { Film } from '../../../pkg/flags/flags.js'
import type { TimelineUi } from '../model'

/** The widths and heights of the picture's parts, in pixels. */
export const LABELS = 52
export const TOP = 18
const BOTTOM = 6
export const HEADER = 16
export const LANE = 13
const GAP = 4
const RIGHT = 72

/** Pixels per unit: the least and the most that is still legible, and what a short run is drawn at. */
const ZOOM = { least: 2, most: 64, fittedLeast: 5, fittedMost: 30 }

export type Layout = {
  /** The upper and lower edge of each version, its header included. */
  readonly bands: readonly (readonly [from: number, to: number])[]
  /** The upper edge of each lane, in the order of the film's lanes. */
  readonly lanes: readonly number[]
  readonly height: number
  /** The width of the run, in units. */
  readonly units: number
}

export function layoutOf(film: Film, panes: number): Layout {
  const bands: [number, number][] = []
  const lanes: number[] = new Array(film.lanes.length).fill(0)
  let y = TOP
  for (let pane = 0; pane < panes; pane += 1) {
    const from = y
    y += HEADER
    film.lanes.forEach((lane, index) => {
      if (lane.pane !== pane) return
      lanes[index] = y
      y += LANE
    })
    bands.push([from, y + GAP])
    y += GAP
  }
  return { bands, lanes, height: y + BOTTOM, units: edge(film, film.columns.length) }
}

/** Where a version's header is when the lanes are scrolled down by `top`: it stays as long as its lanes do. */
export function headerInView({ bands }: Layout, pane: number, top: number): number {
  const [from, to] = bands[pane]!
  return Math.min(Math.max(from, top + TOP), to - HEADER)
}

/** Pixels per unit. */
export function zoomOf(view: TimelineUi, units: number): number {
  if (view.zoom !== null) return view.zoom
  const fitting = (view.width - LABELS - RIGHT) / Math.max(1, units)
  return Math.min(ZOOM.fittedMost, Math.max(ZOOM.fittedLeast, fitting))
}

export const widthOf = (units: number, zoom: number) => LABELS + units * zoom + RIGHT

/** The abscissa after a step, in units: where the playhead stands. */
export function edge(film: Film, step: number): number {
  const column = film.columns[step - 1]
  return column === undefined ? 0 : column.x + column.width
}

/** The step whose column is at an abscissa, in units. */
export function stepAt(film: Film, unit: number): number {
  return unit < 0 ? 0 : Math.min(film.columns.length, columnAt(film, unit) + 1)
}

/** The index of the first column that ends beyond an abscissa. */
export function columnAt({ columns }: Film, unit: number): number {
  return firstBeyond(columns.length, (index) => columns[index]!.x + columns[index]!.width > unit)
}

/** The first index for which something holds, when it holds for all after it. */
export function firstBeyond(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** The view after zooming by a factor around a place, in pixels from the left edge of the lanes. */
export function zoomed(view: TimelineUi, units: number, factor: number, around: number): Partial<TimelineUi> {
  const before = zoomOf(view, units)
  const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, before * factor))
  const unit = (view.left + around) / before
  return { zoom, left: Math.max(0, unit * zoom - around) }
}

/** The view with the playhead of a step in it, scrolled only when it is not. */
export function following(view: TimelineUi, film: Film, step: number): TimelineUi {
  const units = edge(film, film.columns.length)
  const zoom = zoomOf(view, units)
  const x = edge(film, step) * zoom
  const room = view.width - LABELS
  if (x >= view.left && x <= view.left + room - 16) return view
  const furthest = widthOf(units, zoom) - view.width
  return { ...view, left: Math.max(0, Math.min(x - room * 0.4, furthest)) }
}
