import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Snapshot } from '../../../pkg/flags/flags.js'
import { Shape } from './Shape'

/** What just happened, in one sentence, always at the same place. */
export function Said({ snapshot: { step, last, said } }: { snapshot: Pick<Snapshot, 'step' | 'last' | 'said'> }) {
  const box = useRef<HTMLDivElement>(null)
  const scrolled = useRef(false)
  // A long sentence scrolls on a narrow page, and the next one is read from its beginning.
  useLayoutEffect(() => {
    if (scrolled.current) box.current!.scrollTop = 0
    scrolled.current = false
  }, [said])
  return (
    <div ref={box} class={`said said-${said.tone}`} onScroll={() => (scrolled.current = true)}>
      <span class="said-step">
        step {step} of {last}
      </span>
      <p role="status" aria-label="What happened" aria-live="polite">
        {said.tone === 'bad' && <Shape tone="bad" />}
        <b>{said.lead}</b> {said.rest}
        {said.aside !== '' && <span class="said-aside"> {said.aside}</span>}
      </p>
    </div>
  )
}
