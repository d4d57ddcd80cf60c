// Everything that the view is a function of. Views read it and never write it.
import type { Board, Film, Plot, Query, Still } from '../../pkg/live/live.js'
import type { TasksUi, TimelineUi } from '../bugs/model'
import type { Theme } from '../theme'

export type Model = {
  /** Null until the desk answered for the first time. */
  readonly board: Board | null
  /** Those that were sent last. */
  readonly plots: readonly Plot[]
  readonly ui: Ui
}

/** Where the desk is. */
export type DeskState = 'starting' | 'running' | 'stopped' | 'unsupported'

export type Ui = {
  readonly desk: DeskState
  /** Why the desk did not do what was asked last. */
  readonly refusal: string | null
  readonly theme: Theme
  /** How many jobs a button submits. */
  readonly count: number
  readonly query: Query
  /** How far the table is scrolled down, how tall it is, and how tall a row of it, in pixels. */
  readonly table: { readonly top: number; readonly height: number; readonly row: number }
  /** Whether files are being dragged over the page. */
  readonly dragging: boolean
  /** Whether the list of the keys is open. */
  readonly keysOpen: boolean
  readonly replay: ReplayUi | null
}

/** The same run in virtual time, while it is open. */
export type ReplayUi = {
  readonly film: Film
  readonly still: Still
  readonly playing: boolean
  readonly speed: number
  readonly timeline: TimelineUi
  readonly tasks: TasksUi
}

/** Rows that are asked for above and below those in view, so that scrolling does not show what is not there yet. */
const SPARE = 20

/** The query with the rows that a table scrolled so far needs. */
export function inView(query: Query, { top, height, row }: Ui['table']): Query {
  const first = Math.max(0, Math.floor(top / row) - SPARE)
  // In steps, so that a pixel of scrolling does not ask again.
  const stepped = first - (first % 10)
  return { ...query, first: stepped, count: Math.ceil(height / row) + 2 * SPARE + 10 }
}

export const COUNTS = [1, 10, 100, 1_000] as const

export const initialUi = (theme: Theme): Ui => ({
  desk: 'starting',
  refusal: null,
  theme,
  count: 1,
  query: { filter: '', show: 'all', by: 'id', descending: true, first: 0, count: 60 },
  table: { top: 0, height: 400, row: 30 },
  dragging: false,
  keysOpen: false,
  replay: null,
})

export const replayUi = (film: Film, still: Still): ReplayUi => ({
  film,
  still,
  playing: false,
  speed: 1,
  timeline: { zoom: null, left: 0, top: 0, width: 800, height: 320, hover: null },
  tasks: { top: 0, height: 240, row: 22 },
})
