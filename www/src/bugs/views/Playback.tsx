import type { Film, Snapshot } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import type { Ui } from '../model'
import { Icon } from '../../parts/Icon'
import { Select } from '../../parts/Select'
import { fraction, Slider } from '../../parts/Slider'
import { Speed, Steps } from '../../parts/Steps'

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
  return (
    <div class="playback" role="toolbar" aria-label="Playback">
      <Steps atStart={step === 0} atEnd={step >= last && !openEnded} playing={ui.playing} commands={commands} />
      <Slider snapshot={snapshot} onGo={(to) => commands.act({ kind: 'go', to })}>
        <Marks film={film} last={last} />
      </Slider>
      <span class="playback-time">{time}</span>
      <Speed speed={ui.speed} commands={commands} />
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

/** A tick for each finding, and a mark where the versions part. */
function Marks({ film, last }: Pick<Props, 'film'> & { last: number }) {
  const at = (step: number) => ({ left: `${100 * fraction(step, last)}%` })
  return (
    <div class="slider-marks" aria-hidden="true">
      {film.divergence != null && <span class="slider-fork" style={at(film.divergence)} title="first difference" />}
      {film.findings.map((finding) => (
        <span
          key={`${finding.pane} ${finding.step}`}
          class="slider-finding"
          style={at(finding.step)}
          title={`Step ${finding.step}: ${finding.sentence}`}
        />
      ))}
    </div>
  )
}

/** The next seed of a random scheduler, such as `random-7`. */
function AnotherSeed({ value, commands }: { value: string; commands: Pick<Commands, 'act'> }) {
  const [, name, seed] = /^(random-)(\d+)$/.exec(value) ?? []
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
