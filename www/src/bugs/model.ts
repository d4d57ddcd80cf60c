// Everything that the page is a function of. Views read it and never write it.
import type { BugReport, BugTitle, CheckProgress, Snapshot } from '../../pkg/flags/flags.js'
import type { Copied } from '../parts/copy'
import type { LabState } from '../parts/Notices'
import type { Theme } from '../theme'
import type * as SourceEditor from './source/editor'
import type { Reel } from './lab/messages'
import type { Progress } from './progress'
import { NO_TREE, type Tree } from './tree'

export type Model = {
  readonly catalogue: readonly BugTitle[]
  /** Null until the lab answered for the first time. */
  readonly moment: Moment | null
  readonly ui: Ui
}

/** What the lab said last: a snapshot and the film that it belongs to. */
export type Moment = { readonly snapshot: Snapshot; readonly film: Reel }

/** The page of all bugs, one of them, or its report. */
export type Place = 'catalogue' | 'bug' | 'report'

/** The catalogue stands where no bug is named. */
export const placeOf = (hash: string): Place =>
  /^#?\/?$/.test(hash) ? 'catalogue' : REPORT.test(hash) ? 'report' : 'bug'

const REPORT = /^(#?\/bug\/[^/?]*)\/report(?=\?|$)/

/** The address of the moment that a report was opened from, which its own address keeps. */
export const withoutReport = (address: string) => address.replace(REPORT, '$1')

/** The address of the report of a bug, at a moment of it. */
export const withReport = (address: string) => address.replace(/^(#\/bug\/[^/?]*)/, '$1/report')

/** A report as it is drawn, and as text to copy. */
export type Reported = { readonly report: BugReport; readonly markdown: string }

export type Ui = {
  readonly place: Place
  readonly progress: Progress
  readonly lab: LabState
  /** What of the address was ignored. */
  readonly notice: string | null
  /** Why the lab did not do what was asked last. */
  readonly refusal: string | null
  readonly check: CheckProgress | null
  /** The report, once the lab told it. */
  readonly reported: Reported | null
  readonly reportCopied: Copied
  /** What the check tried, once it is done. */
  readonly tree: Tree
  readonly playing: boolean
  /** How many times faster than the ordinary pace the playback is. */
  readonly speed: number
  readonly theme: Theme
  readonly keysOpen: boolean
  readonly copied: Copied
  readonly search: string
  /** The pane whose source has the stage to itself. */
  readonly enlarged: number | null
  readonly logs: readonly LogUi[]
  readonly timeline: TimelineUi
  /** The source view, once it is loaded; until then the source is plain text. */
  readonly editor: typeof SourceEditor | null
}

/** The filter of a log, how far it is scrolled up from its newest line, how tall it is, and how wide its texts may be, in pixels. */
export type LogUi = { readonly filter: string; readonly up: number; readonly height: number; readonly width: number }

/** The part of a long table of tasks that is in view, in pixels. Where words are broken rows differ, and `row` is 0. */
export type TasksUi = { readonly top: number; readonly height: number; readonly row: number }

/** The part of the timeline that is in view, in pixels. */
export type TimelineUi = {
  /** Pixels per unit; null fits the run into the view. */
  readonly zoom: number | null
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** The abscissa under the pointer, in units. */
  readonly hover: number | null
}

export const initialUi = (theme: Theme, progress: Progress): Ui => ({
  place: 'catalogue',
  progress,
  lab: 'starting',
  notice: null,
  refusal: null,
  check: null,
  reported: null,
  reportCopied: 'no',
  tree: NO_TREE,
  playing: false,
  speed: 1,
  theme,
  keysOpen: false,
  copied: 'no',
  search: '',
  enlarged: null,
  logs: [
    { filter: '', up: 0, height: 200, width: 0 },
    { filter: '', up: 0, height: 200, width: 0 },
  ],
  timeline: { zoom: null, left: 0, top: 0, width: 800, height: 240, hover: null },
  editor: null,
})
