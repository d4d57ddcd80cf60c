import type { ComponentChildren } from 'preact'

type Props = {
  snapshot: { step: number; last: number; said: { lead: string } }
  onGo(step: number): void
  /** What is marked along the way. */
  children?: ComponentChildren
}

/** The slider "Step". */
export function Slider({ snapshot: { step, last, said }, onGo, children }: Props) {
  return (
    <div class="slider">
      <div class="slider-track" aria-hidden="true">
        <div class="slider-done" style={{ transform: `scaleX(${fraction(step, last)})` }} />
      </div>
      {children}
      <input
        class="slider-input"
        type="range"
        aria-label="Step"
        aria-valuetext={`Step ${step} of ${last}: ${said.lead}`}
        min="0"
        max={last}
        step="1"
        value={step}
        onInput={(event) => onGo(Number(event.currentTarget.value))}
      />
    </div>
  )
}

/** How far along the slider a step is. */
export const fraction = (step: number, last: number) => (last === 0 ? 0 : Math.min(1, step / last))
