import type { Film, Snapshot } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'

type Props = {
  snapshot: Pick<Snapshot, 'step' | 'last' | 'said'>
  film: Pick<Film, 'divergence' | 'findings'>
  commands: Pick<Commands, 'act'>
}

/** The slider "Step", with a tick for each finding and a mark where the versions part. */
export function Slider({ snapshot: { step, last, said }, film, commands }: Props) {
  return (
    <div class="slider">
      <div class="slider-track" aria-hidden="true">
        <div class="slider-done" style={{ transform: `scaleX(${fraction(step, last)})` }} />
      </div>
      <div class="slider-marks" aria-hidden="true">
        {film.divergence != null && (
          <span class="slider-fork" style={{ left: percent(film.divergence, last) }} title="first difference" />
        )}
        {film.findings.map((finding) => (
          <span
            key={`${finding.pane} ${finding.step}`}
            class="slider-finding"
            style={{ left: percent(finding.step, last) }}
            title={`Step ${finding.step}: ${finding.sentence}`}
          />
        ))}
      </div>
      <input
        class="slider-input"
        type="range"
        aria-label="Step"
        aria-valuetext={`Step ${step} of ${last}: ${said.lead}`}
        min="0"
        max={last}
        step="1"
        value={step}
        onInput={(event) => commands.act({ kind: 'go', to: Number(event.currentTarget.value) })}
      />
    </div>
  )
}

const fraction = (step: number, last: number) => (last === 0 ? 0 : Math.min(1, step / last))
const percent = (step: number, last: number) => `${100 * fraction(step, last)}%`
