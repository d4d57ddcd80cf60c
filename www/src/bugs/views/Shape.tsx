import type { Tone } from '../../../pkg/flags/flags.js'

/** The shape of a tone: a state is never told by colour alone. */
export function Shape({ tone }: { tone: Tone }) {
  if (SHAPES[tone] === null) return null
  return (
    <svg class={`shape shape-${tone}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  )
}

const SHAPES: Record<Tone, preact.JSX.Element | null> = {
  quiet: null,
  running: <path class="shape-fill" d="M2.5 1.5l7.5 4.5-7.5 4.5z" />,
  ready: <path d="M3 2l6.5 4L3 10z" />,
  sleeping: <path d="M6 3v3.2l2 1.3M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z" />,
  waiting: <path d="M4 2v8M8 2v8" />,
  done: <path d="M2 6.5l3 3 5-7" />,
  failed: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />,
  dropped: <circle cx="6" cy="6" r="4" stroke-dasharray="2.1 2.1" />,
  lint: <path d="M6 1.5l5 9H1zM6 5v2.4M6 8.9v.2" />,
  bad: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />,
  good: <path d="M2 6.5l3 3 5-7" />,
}
