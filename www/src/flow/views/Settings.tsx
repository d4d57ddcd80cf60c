import type { FlowSlider as Slider, FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'
import type { Commands } from '../commands'

type Props = { snapshot: Snapshot; commands: Commands }

/** The region "Settings": what can be turned; the demo runs again with each change. */
export function Settings({ snapshot: { sliders }, commands }: Props) {
  return (
    <section class="flow-card settings" aria-label="Settings">
      <header class="flow-card-header">
        <h2>Settings</h2>
        <span class="settings-note">drawn from the seed, so that a run can be repeated</span>
      </header>
      <div class="settings-all">
        {sliders.map((slider) => (
          <Turn key={slider.id} slider={slider} commands={commands} />
        ))}
      </div>
    </section>
  )
}

function Turn({ slider: { id, label, value, text, min, max, step }, commands }: { slider: Slider; commands: Commands }) {
  return (
    <label class="setting">
      <span class="setting-name">{label}</span>
      <span class="slider">
        <span class="slider-track" aria-hidden="true">
          <span class="slider-done" style={{ transform: `scaleX(${(value - min) / (max - min)})` }} />
        </span>
        <input
          class="slider-input"
          type="range"
          aria-label={label}
          aria-valuetext={text}
          min={min}
          max={max}
          step={step}
          value={value}
          onInput={(event) => commands.act({ kind: 'set', name: id, to: Number(event.currentTarget.value) })}
        />
      </span>
      <output class="setting-value">{text}</output>
    </label>
  )
}
