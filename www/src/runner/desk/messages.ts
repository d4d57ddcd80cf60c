import type { Board, Film, Order, Still } from '../../../pkg/live/live.js'

/** What the page asks of the worker. */
export type Request =
  | { kind: 'order'; order: Order }
  | { kind: 'hash'; files: File[] }
  /** The last board was painted: another one may be sent. */
  | { kind: 'painted' }
  | { kind: 'replay' }
  | { kind: 'still'; step: number }

/** What the worker answers. */
export type Reply =
  | { kind: 'board'; board: Board }
  /** An order was not followed, for this reason. */
  | { kind: 'refused'; sentence: string }
  | { kind: 'replayed'; film: Film; still: Still }
  | { kind: 'still'; still: Still }
  /** The instance is lost: nothing will be answered any more. */
  | { kind: 'trapped' }
