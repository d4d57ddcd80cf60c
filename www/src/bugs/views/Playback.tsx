import type { Film, Snapshot } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import type { Ui } from '../model'
import { Icon } from '../../parts/Icon'
import { SPEEDS } from '../../parts/playback'
import { Select } from '../../parts/Select'
import { Slider } from './Slider'

type Props = {
  /** Without a scheduler where there is no choice of one. */
  snapshot: Pick<Snapshot, 'step' | 'last' | 'openEnded' | 'time' | 'said'> & Partial<Pick<Snapshot, 'scheduler'>>
  film: Pick<Film, 'divergence' | 'findings'>
  ui: Pick<Ui, 'playing' | 'speed'>
  commands: Pick<Commands, 'act' | 'togglePlay' | 'setSpeed'>
}

/** The toolbar "Playback". */
export function Playback({ snapshot, film, ui, commands }: Props) {
  const { step, last, openEnded, scheduler, time } = snapshot
  const { act } = bound(commands)
  const atStart = step === 0
  const atEnd = step >= last && !openEnded
  return (
    <div class="playback" role="toolbar" aria-label="Playback">
      <div class="playback-buttons">
        <button class="button button-icon" aria-label="Reset" title="Reset" onClick={act({ kind: 'reset' })}>
          <Icon name="reset" />
        </button>
        <button
          class="button button-icon"
          aria-label="Step back"
          title="Step back (←)"
          aria-disabled={atStart}
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
          aria-disabled={atEnd}
          onClick={act({ kind: 'step', by: 1 })}
        >
          <Icon name="forward" />
        </button>
        <button class="button button-icon" aria-label="Run to end" title="Run to end (End)" onClick={act({ kind: 'end' })}>
          <Icon name="end" />
        </button>
      </div>
      <Slider snapshot={snapshot} film={film} commands={commands} />
      <span class="playback-time">{time}</span>
      <Select
        name="Speed"
        value={String(ui.speed)}
        options={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
        onChange={(value) => commands.setSpeed(Number(value))}
      />
      {scheduler && (
        <span class="playback-scheduler">
          <Select
            name="Scheduler"
            value={scheduler.value}
            options={scheduler.options}
            onChange={(value) => commands.act({ kind: 'schedule', value })}
          />
          <AnotherSeed value={scheduler.value} commands={commands} />
        </span>
      )}
    </div>
  )
}

/** The next seed of a scheduler whose value ends in one, such as `random-7`. */
function AnotherSeed({ value, commands }: { value: string; commands: Pick<Commands, 'act'> }) {
  const [, name, seed] = /^(.+-)(\d+)$/.exec(value) ?? []
  if (name === undefined) return null
  return (
    <button
      class="button button-icon"
      aria-label="Another seed"
      title="Another seed"
      onClick={() => commands.act({ kind: 'schedule', value: `${name}${Number(seed) + 1}` })}
    >
      <Icon name="dice" />
    </button>
  )
}

const bound = (commands: Pick<Commands, 'act'>) => ({
  act: (action: Parameters<Commands['act']>[0]) => () => commands.act(action),
})
