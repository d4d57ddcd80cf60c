import type { LogLine, Pane as PaneData, Verdict as VerdictData } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import type { Ui } from '../model'
import { Events } from './Events'
import { Icon } from '../../parts/Icon'
import { Select } from '../../parts/Select'
import { Shape } from './Shape'
import { Source } from './Source'
import { Cells } from './Cells'
import { Tasks } from './Tasks'

type Props = {
  index: number
  pane: PaneData
  source: string
  log: readonly LogLine[]
  step: number
  ui: Ui
  commands: Commands
}

/** One version of the bug. On a wide page its log stands beside the timeline, and yet is part of its region. */
export function Pane({ index, pane, source, log, step, ui, commands }: Props) {
  const hidden = ui.enlarged !== null && ui.enlarged !== index
  return (
    <section class={`pane pane-${index} ${hidden ? 'pane-hidden' : ''}`} aria-label={pane.role}>
      <div class="pane-card">
        <PaneHeader index={index} pane={pane} enlarged={ui.enlarged === index} commands={commands} />
        <Facts facts={pane.facts} commands={commands} />
        {pane.aside && <p class="pane-aside">{pane.aside}</p>}
        <div class="pane-source">
          <Source name={`Source of ${pane.file}`} text={source} marks={pane.marks} editor={ui.editor} />
        </div>
        <Cells cells={pane.cells} />
        <Tasks tasks={pane.tasks} pass={pane.pass} commands={commands} />
      </div>
      <Events index={index} role={pane.role} log={log} step={step} view={ui.logs[index]!} commands={commands} />
    </section>
  )
}

type HeaderProps = { index: number; pane: PaneData; enlarged: boolean; commands: Commands }

function PaneHeader({ index, pane, enlarged, commands }: HeaderProps) {
  const { value, options } = pane.variant
  return (
    <header class="pane-header">
      <h2>{pane.role}</h2>
      {options.length > 1 && (
        <Select
          name="Variant"
          value={value}
          options={options}
          onChange={(chosen) => commands.act({ kind: 'variant', pane: index, value: chosen })}
        />
      )}
      {options.length <= 1 && (
        <span class="pane-file" title={pane.file}>
          {pane.file}
        </span>
      )}
      <Verdict verdict={pane.verdict} commands={commands} />
      <Enlarge index={index} enlarged={enlarged} commands={commands} />
    </header>
  )
}

function Enlarge({ index, enlarged, commands }: { index: number; enlarged: boolean; commands: Commands }) {
  const change = enlarged ? 'Show both versions' : 'Enlarge the source'
  return (
    <button
      class="button button-icon button-bare pane-enlarge"
      aria-label={change}
      title={change}
      onClick={() => commands.show({ enlarged: enlarged ? null : index })}
    >
      <Icon name={enlarged ? 'restore' : 'enlarge'} />
    </button>
  )
}

function Verdict({ verdict, commands }: { verdict: VerdictData; commands: Commands }) {
  return (
    <div class={`verdict verdict-${verdict.tone}`} role="status" aria-label="Verdict">
      <Shape tone={verdict.tone} />
      <Leading verdict={verdict} commands={commands} />
    </div>
  )
}

/** Lints, and why a check could not be complete. */
function Facts({ facts, commands }: { facts: readonly VerdictData[]; commands: Commands }) {
  if (facts.length === 0) return null
  return (
    <ul class="pane-facts" aria-label="Facts">
      {facts.map((fact) => (
        <li key={fact.text} class={`pane-fact pane-fact-${fact.tone}`}>
          <Shape tone={fact.tone} />
          <Leading verdict={fact} commands={commands} />
        </li>
      ))}
    </ul>
  )
}

/** What is said, which leads to the step that it is about. */
function Leading({ verdict: { text, step, schedule }, commands }: { verdict: VerdictData; commands: Commands }) {
  if (step == null) return <span>{text}</span>
  const go = () =>
    schedule == null ? commands.act({ kind: 'go', to: step }) : commands.goTo({ schedule, step })
  return (
    <button class="verdict-step" title={`Go to step ${step}`} onClick={go}>
      {text}
    </button>
  )
}
