import type { FlowAction as Action, FlowSnapshot as Snapshot } from '../../../pkg/live/live.js'
import { Icon } from '../../parts/Icon'
import { SPEEDS } from '../../parts/playback'
import { Select } from '../../parts/Select'
import type { Commands } from '../commands'
import type { Ui } from '../model'

type Props = { snapshot: Snapshot; ui: Ui; commands: Commands }

/** The toolbar "Playback": steps on the virtual clock, and a run on the browser's. */
export function Playback({ snapshot, ui, commands }: Props) {
  const act = (action: Action) => () => commands.act(action)
  const reset = (
    <button class="button button-icon" aria-label="Reset" title="Reset" onClick={act({ kind: 'reset' })}>
      <Icon name="reset" />
    </button>
  )
  const stop = (
    <button
      class="button"
      aria-disabled={!snapshot.canStop}
      title="Ask everything in it to stop"
      onClick={() => snapshot.canStop && commands.act({ kind: 'act', value: 'stop' })}
    >
      <Icon name="stop" />
      <span>Stop</span>
    </button>
  )
  return (
    <div class="playback" role="toolbar" aria-label="Playback">
      {snapshot.clock === 'real' ? (
        <div class="playback-buttons">
          {reset}
          <button
            class="button button-primary playback-play"
            aria-disabled={!snapshot.canRun}
            title="Run (Space)"
            onClick={() => commands.togglePlay()}
          >
            <Icon name="play" />
            <span>Run</span>
          </button>
          {stop}
        </div>
      ) : (
        <>
          <Steps snapshot={snapshot} ui={ui} commands={commands} reset={reset} stop={stop} />
          <Slider snapshot={snapshot} commands={commands} />
          <span class="playback-time">{snapshot.time}</span>
          <Select
            name="Speed"
            value={String(ui.speed)}
            options={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
            onChange={(value) => commands.setSpeed(Number(value))}
          />
        </>
      )}
    </div>
  )
}

type StepsProps = Props & { reset: preact.JSX.Element; stop: preact.JSX.Element }

function Steps({ snapshot: { step, last }, ui, commands, reset, stop }: StepsProps) {
  const act = (action: Action) => () => commands.act(action)
  return (
    <div class="playback-buttons">
      {reset}
      <button
        class="button button-icon"
        aria-label="Step back"
        title="Step back (←)"
        aria-disabled={step === 0}
        onClick={act({ kind: 'step', by: -1 })}
      >
        <Icon name="back" />
      </button>
      <button
        class="button button-primary playback-play"
        title={`${ui.playing ? 'Pause' : 'Play'} (Space)`}
        onClick={() => commands.togglePlay()}
      >
        <Icon name={ui.playing ? 'pause' : 'play'} />
        <span>{ui.playing ? 'Pause' : 'Play'}</span>
      </button>
      <button
        class="button button-icon"
        aria-label="Step forward"
        title="Step forward (→)"
        aria-disabled={step >= last}
        onClick={act({ kind: 'step', by: 1 })}
      >
        <Icon name="forward" />
      </button>
      <button class="button button-icon" aria-label="Run to end" title="Run to end (End)" onClick={act({ kind: 'end' })}>
        <Icon name="end" />
      </button>
      {stop}
    </div>
  )
}

function Slider({ snapshot: { step, last, said }, commands }: { snapshot: Snapshot; commands: Commands }) {
  return (
    <div class="slider">
      <div class="slider-track" aria-hidden="true">
        <div class="slider-done" style={{ transform: `scaleX(${last === 0 ? 0 : step / last})` }} />
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
