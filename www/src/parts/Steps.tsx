import type { ComponentChildren } from 'preact'
import { Icon } from './Icon'
import { SPEEDS } from './playback'
import { Select } from './Select'

/** What steps a run, in any view. */
export type StepCommands = {
  act(action: { kind: 'reset' } | { kind: 'end' } | { kind: 'step'; by: number }): void
  togglePlay(): void
  setSpeed(speed: number): void
}

type Props = {
  atStart: boolean
  atEnd: boolean
  playing: boolean
  commands: Pick<StepCommands, 'act' | 'togglePlay'>
  /** More buttons at the right. */
  children?: ComponentChildren
}

/** The buttons that step a run both ways. */
export function Steps({ atStart, atEnd, playing, commands, children }: Props) {
  const play = playing ? 'Pause' : 'Play'
  return (
    <div class="playback-buttons">
      <Reset commands={commands} />
      <button
        class="button button-icon"
        aria-label="Step back"
        title="Step back (←)"
        aria-disabled={atStart}
        onClick={() => commands.act({ kind: 'step', by: -1 })}
      >
        <Icon name="back" />
      </button>
      <button class="button button-primary playback-play" title={`${play} (Space)`} onClick={() => commands.togglePlay()}>
        <Icon name={playing ? 'pause' : 'play'} />
        <span>{play}</span>
      </button>
      <button
        class="button button-icon"
        aria-label="Step forward"
        title="Step forward (→)"
        aria-disabled={atEnd}
        onClick={() => commands.act({ kind: 'step', by: 1 })}
      >
        <Icon name="forward" />
      </button>
      <button
        class="button button-icon"
        aria-label="Run to end"
        title="Run to end (End)"
        onClick={() => commands.act({ kind: 'end' })}
      >
        <Icon name="end" />
      </button>
      {children}
    </div>
  )
}

export function Reset({ commands }: { commands: Pick<StepCommands, 'act'> }) {
  return (
    <button class="button button-icon" aria-label="Reset" title="Reset" onClick={() => commands.act({ kind: 'reset' })}>
      <Icon name="reset" />
    </button>
  )
}

/** How fast a run plays. */
export function Speed({ speed, commands }: { speed: number; commands: Pick<StepCommands, 'setSpeed'> }) {
  return (
    <Select
      name="Speed"
      value={String(speed)}
      options={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
      onChange={(value) => commands.setSpeed(Number(value))}
    />
  )
}
