import type { FlowAction as Action, FlowDemoTitle as DemoTitle, FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'

/** What the page asks of the worker; requests are numbered. */
export type Request = { id: number; action: Action }

/** What the worker answers. */
export type Reply =
  | { kind: 'ready'; catalogue: DemoTitle[] }
  /** `id` is null when nobody asked: the browser drives the run, and there is more to see. `film` is JSON text, and
   *  there only when the run went on. */
  | { kind: 'shown'; id: number | null; snapshot: Snapshot; film: string | null }
  | { kind: 'refused'; id: number; sentence: string }
  /** The instance is lost: nothing will be answered any more. */
  | { kind: 'trapped'; sentence: string }
