import type { FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'
import { Icon } from '../../parts/Icon'
import { Slider } from '../../parts/Slider'
import { Reset, Speed, Steps } from '../../parts/Steps'
import type { Commands } from '../commands'
import type { Ui } from '../model'

type Props = { snapshot: Snapshot; ui: Ui; commands: Commands }

/** The toolbar "Playback": steps on the virtual clock, and a run on the browser's. */
export function Playback({ snapshot, ui, commands }: Props) {
  const { step, last, time, clock } = snapshot
  const stop = <Stop snapshot={snapshot} commands={commands} />
  return (
    <div class="playback" role="toolbar" aria-label="Playback">
      {clock === 'real' ? (
        <div class="playback-buttons">
          <Reset commands={commands} />
          <Run snapshot={snapshot} commands={commands} />
          {stop}
        </div>
      ) : (
        <>
          <Steps atStart={step === 0} atEnd={step >= last} playing={ui.playing} commands={commands}>
            {stop}
          </Steps>
          <Slider snapshot={snapshot} onGo={(to) => commands.act({ kind: 'go', to })} />
          <span class="playback-time">{time}</span>
          <Speed speed={ui.speed} commands={commands} />
        </>
      )}
    </div>
  )
}

type PartProps = Omit<Props, 'ui'>

function Run({ snapshot: { canRun }, commands }: PartProps) {
  return (
    <button
      class="button button-primary playback-play"
      aria-disabled={!canRun}
      title="Run (Space)"
      onClick={() => commands.togglePlay()}
    >
      <Icon name="play" />
      <span>Run</span>
    </button>
  )
}

function Stop({ snapshot: { canStop }, commands }: PartProps) {
  return (
    <button
      class="button"
      aria-disabled={!canStop}
      title="Ask everything in it to stop"
      onClick={() => canStop && commands.act({ kind: 'act', value: 'stop' })}
    >
      <Icon name="stop" />
      <span>Stop</span>
    </button>
  )
}
