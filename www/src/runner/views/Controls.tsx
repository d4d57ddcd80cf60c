import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Controls as ControlsData, Ending, Setting, Work } from '../../../pkg/live/live.js'
import { memo } from '../../parts/memo'
import { Icon } from '../../parts/Icon'
import { Select } from '../../parts/Select'
import type { Commands } from '../commands'
import { COUNTS } from '../model'

const WORKS: readonly (readonly [Work, string, string])[] = [
  ['sleep', 'Sleep', 'Sleeps, between 200 ms and 2 s'],
  ['hash', 'Hash', 'The SHA-256 of two megabytes'],
  ['fail', 'Failing', 'Returns an error after 150 ms, each time'],
  ['stubborn', 'Stubborn', 'Goes on for 3 s, whatever it is told'],
]

type SubmitProps = { count: number; open: boolean; commands: Commands }

/** What is asked most: work. */
export const Submit = memo(function Submit({ count, open, commands }: SubmitProps) {
  return (
    <section class="controls controls-part controls-submit" aria-labelledby="controls-submit">
      <h2 id="controls-submit">Submit</h2>
      <div class="controls-count" role="radiogroup" aria-label="How many">
        {COUNTS.map((number) => (
          <label key={number}>
            <input
              type="radio"
              name="count"
              value={number}
              checked={number === count}
              onChange={() => commands.show({ count: number })}
            />
            <span>{number.toLocaleString('en')}</span>
          </label>
        ))}
      </div>
      <div class="controls-works" role="group" aria-labelledby="controls-submit">
        {WORKS.map(([work, label, what]) => (
          <button
            key={work}
            class="button"
            disabled={!open}
            title={what}
            onClick={() => commands.order({ kind: 'submit', work, count })}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  )
})

type ControlsProps = { controls: ControlsData | null; kept: string; running: boolean; open: boolean; commands: Commands }

/** Everything else that can be asked of the runner. */
export const Controls = memo(function Controls({ controls, kept, running, open, commands }: ControlsProps) {
  return (
    <aside class="controls" aria-label="Controls" data-scrolls>
      <Files open={open} commands={commands} />
      {controls && <Settings controls={controls} open={open} commands={commands} />}
      {controls && <Life controls={controls} open={open} commands={commands} />}
      <section class="controls-part">
        <h2>See also</h2>
        <button
          class="button"
          disabled={!running || !controls?.replayable}
          title="What was submitted, on a virtual clock that can be stepped both ways"
          onClick={() => commands.openReplay()}
        >
          Same run in virtual time
        </button>
        <button class="button" disabled={!running} onClick={() => commands.order({ kind: 'example' })}>
          Run the example
        </button>
      </section>
      <p class="controls-kept">{kept}</p>
    </aside>
  )
})

function Files({ open, commands }: { open: boolean; commands: Commands }) {
  return (
    <section class="controls-part">
      <h2>Files</h2>
      <label class={`controls-files ${open ? '' : 'controls-files-closed'}`}>
        <input
          type="file"
          multiple
          disabled={!open}
          aria-label="Hash files"
          onChange={({ currentTarget }) => {
            commands.hash([...(currentTarget.files ?? [])])
            // The same file may be chosen again.
            currentTarget.value = ''
          }}
        />
        <Icon name="plus" />
        <span>
          <b>Hash files</b> or drop them, or folders, anywhere. Nothing is uploaded.
        </span>
      </label>
    </section>
  )
}

function Settings({ controls, open, commands }: { controls: ControlsData; open: boolean; commands: Commands }) {
  const set = (setting: Setting) => (value: string) => commands.order({ kind: 'set', setting, value })
  return (
    <section class="controls-part">
      <h2>Settings</h2>
      <div class="controls-pair">
        <Count name="Workers" setting="workers" value={controls.workers} open={open} commands={commands} />
        <Count name="Queue size" setting="capacity" value={controls.capacity} open={open} commands={commands} />
      </div>
      <Choice name="When it is full" of={controls.policy} open={open} onChange={set('policy')} />
      <Choice name="Priority" of={controls.priority} open={open} onChange={set('priority')} />
      <Choice name="Time limit" of={controls.timeout} open={open} onChange={set('timeout')} />
      <Choice name="Retries" of={controls.retry} open={open} onChange={set('retry')} />
    </section>
  )
}

type CountProps = { name: string; setting: Setting; value: number; open: boolean; commands: Commands }

/** Drawn again only when its own value changed, or what is being typed would be lost. */
const Count = memo(function Count({ name, setting, value, open, commands }: CountProps) {
  return (
    <label class="controls-setting">
      <span>{name}</span>
      <input
        class="field"
        type="number"
        min="1"
        step="1"
        aria-label={name}
        disabled={!open}
        value={value}
        onChange={({ currentTarget }) => {
          commands.order({ kind: 'set', setting, value: currentTarget.value })
          // What the runner made of it is shown when it has answered.
          currentTarget.value = String(value)
        }}
      />
    </label>
  )
})

type ChoiceProps = { name: string; of: ControlsData['policy']; open: boolean; onChange(value: string): void }

function Choice({ name, of, open, onChange }: ChoiceProps) {
  return (
    <div class="controls-setting">
      <span aria-hidden="true">{name}</span>
      <Select name={name} value={of.value} options={of.options} disabled={!open} onChange={onChange} />
    </div>
  )
}

const ENDINGS: readonly (readonly [Ending, string, string])[] = [
  ['drain', 'Drain', 'What was accepted may run to its end, for at most 10 s'],
  ['cancel', 'Cancel', 'What is in line is cancelled, what runs is asked to stop'],
  ['now', 'Now', 'Everything is dropped'],
]

function Life({ controls, open, commands }: { controls: ControlsData; open: boolean; commands: Commands }) {
  const { paused, over } = controls
  const start = useRef<HTMLButtonElement>(null)
  // Whoever pressed a button that does nothing any more goes on here.
  useLayoutEffect(() => {
    const focused = document.activeElement
    if (focused === document.body || focused?.matches(':disabled')) start.current?.focus({ preventScroll: true })
  }, [over])
  return (
    <section class="controls-part">
      <h2>Life</h2>
      {over ? (
        <button ref={start} class="button button-primary" onClick={() => commands.restart()}>
          Start a new runner
        </button>
      ) : (
        <button
          class="button"
          disabled={!open}
          onClick={() => commands.order({ kind: paused ? 'resume' : 'pause' })}
        >
          <Icon name={paused ? 'play' : 'pause'} />
          {paused ? 'Resume' : 'Pause'}
        </button>
      )}
      <div class="controls-endings" role="group" aria-label="Shut down">
        <span aria-hidden="true">Shut down</span>
        {ENDINGS.map(([how, label, what]) => (
          <button
            key={how}
            class="button"
            disabled={over}
            title={what}
            aria-label={`Shut down: ${label.toLowerCase()}`}
            onClick={() => commands.order({ kind: 'shutdown', how })}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  )
}
