import type { FlowTone as Tone } from '../../../pkg/flow/flow.js'

/** The shape of a tone: a state is never told by colour alone. */
export function Mark({ tone }: { tone: Tone }) {
  return (
    <svg class={`mark mark-${tone}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {MARKS[tone]}
    </svg>
  )
}

export const MARKS: Record<Tone, preact.JSX.Element | null> = {
  quiet: null,
  idle: <path d="M5.9 6h.2" />,
  pending: <circle cx="6" cy="6" r="4" />,
  running: <path class="mark-fill" d="M3 1.5l7 4.5-7 4.5z" />,
  retrying: <path d="M10 6.2A4 4 0 1 1 8.6 3M9 .9v2.3H6.7" />,
  succeeded: <path d="M2 6.5l3 3 5-7" />,
  failed: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />,
  cancelled: <circle cx="6" cy="6" r="4" stroke-dasharray="2.1 2.1" />,
  slow: <path d="M6 3.2v3l2 1.3M6 1.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6z" />,
  rejected: <path d="M2.6 2.6l6.8 6.8M6 1.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6z" />,
  ignored: <path d="M2.5 6h7" />,
}
