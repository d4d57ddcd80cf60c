// Everything that the view is a function of. Its parts read it and never write it.
import type { FlowDemoTitle as DemoTitle, FlowFilm as Film, FlowSnapshot as Snapshot } from '../../pkg/flow/flow.js'
import type { Copied } from '../parts/copy'
import type { LabState } from '../parts/Notices'
import type { Theme } from '../theme'

export type Model = {
  readonly catalogue: readonly DemoTitle[]
  /** Null until the worker answered for the first time. */
  readonly moment: Moment | null
  readonly ui: Ui
}

/** What the worker said last: a snapshot, and the log that it belongs to. */
export type Moment = { readonly snapshot: Snapshot; readonly film: Film }

export type Ui = {
  readonly lab: LabState
  /** What of the address was ignored. */
  readonly notice: string | null
  /** Why what was asked last was not done. */
  readonly refusal: string | null
  readonly playing: boolean
  /** How many times faster than the ordinary pace the playback is. */
  readonly speed: number
  readonly theme: Theme
  readonly copied: Copied
  /** Whether the list of the keys is open. */
  readonly keysOpen: boolean
  /** What of the log is shown. */
  readonly filter: string
}

export const initialUi = (theme: Theme): Ui => ({
  lab: 'starting',
  notice: null,
  refusal: null,
  playing: false,
  speed: 1,
  theme,
  copied: 'no',
  keysOpen: false,
  filter: '',
})
