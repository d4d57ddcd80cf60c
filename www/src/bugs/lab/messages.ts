import type { Action, BugReport, CheckProgress, Film, Snapshot, TreeRow } from '../../../pkg/flags/flags.js'

/** A film with the source of each pane's version. */
export type Reel = Film & { readonly sources: readonly string[] }

/** What the page asks of the worker. Requests that change the session are numbered. */
export type Request =
  | { kind: 'apply'; id: number; action: Action }
  | { kind: 'check' }
  | { kind: 'cancelCheck' }
  | { kind: 'branches'; pane: number; node: number }
  /** The report of a bug, with links to the page at an address; it is answered again and again while it searches. */
  | { kind: 'report'; bug: string; page: string }
  | { kind: 'endReport' }

/** A check is of one bug and its variants: these end it, for what it found says nothing of others. */
export const endsCheck = ({ kind }: Action) => kind === 'open' || kind === 'variant'

/** What the worker answers. */
export type Reply =
  | { kind: 'ready' }
  /** `film` is a reel as JSON text, and there only when the run changed: a long run crosses faster as text than as a clone. */
  | { kind: 'shown'; id: number; snapshot: Snapshot; film: string | null }
  | { kind: 'refused'; id: number; sentence: string }
  | { kind: 'checking'; progress: CheckProgress }
  | { kind: 'branches'; pane: number; node: number; rows: TreeRow[] }
  | { kind: 'report'; report: BugReport; markdown: string }
  /** The instance is lost: nothing will be answered any more. */
  | { kind: 'trapped'; sentence: string }
