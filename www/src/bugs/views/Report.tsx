import type { ComponentChildren } from 'preact'
import type { BugReport, DifferenceLine, Searched, Told } from '../../../pkg/flags/flags.js'
import type { Copied } from '../../parts/copy'
import type { Commands } from '../commands'
import type { Reported } from '../model'
import { Cells } from './Cells'
import { Shape } from './Shape'
import { Words } from './Words'

type Props = { reported: Reported | null; refusal: string | null; copied: Copied; back: string; commands: Commands }

/** The report of a bug: what a person wrote of it, and what a machine found out. */
export function Report({ reported, refusal, copied, back, commands }: Props) {
  return (
    <article class="report">
      <div class="report-tools">
        <a class="report-back" href={back}>
          ← Back to the bug
        </a>
        <span class="report-copied" role="status" aria-label="Report">
          {copied === 'yes' ? 'Copied' : ''}
        </span>
        <button class="button" disabled={reported === null} onClick={() => commands.printReport()}>
          Print
        </button>
        <button class="button button-primary" disabled={reported === null} onClick={() => commands.copyReport()}>
          Copy report
        </button>
      </div>
      {copied === 'byHand' && reported !== null && (
        <textarea class="report-by-hand" aria-label="The report as Markdown" readOnly rows={12} ref={select}>
          {reported.markdown}
        </textarea>
      )}
      {reported !== null ? (
        <Sections report={reported.report} />
      ) : (
        <p class="report-waiting" role="status" aria-label="Notice">
          {refusal ?? 'Writing the report …'}
        </p>
      )}
    </article>
  )
}

function Sections({ report }: { report: BugReport }) {
  return (
    <>
      <Title report={report} />
      <Section title="Context">
        <Words text={report.context} />
      </Section>
      <Section title="Symptoms observed">
        <Lines lines={report.symptoms} />
        <Breaks report={report} />
      </Section>
      <Section title="Original request">
        <blockquote>
          <Words text={report.request} />
        </blockquote>
      </Section>
      <Section title="Refined prompt">
        <Words text={report.refined} />
      </Section>
      <Section title="Investigation approach">
        <ol>
          {report.approach.map((step) => (
            <li key={step}>
              <Words text={step} />
            </li>
          ))}
        </ol>
        <Searches searched={report.searched} done={report.done} />
      </Section>
      <Section title="Root cause">
        <Words text={report.rootCause} />
        <Story report={report} />
        <Decisive report={report} />
        <Waits waits={report.waits} />
      </Section>
      <Section title="Fix applied">
        <Words text={report.fix} />
        <Difference files={report.files} lines={report.difference} />
      </Section>
      <Section title="Lessons learned">
        <Lines lines={report.lessons} />
      </Section>
    </>
  )
}

function Title({ report: { bug, address } }: { report: BugReport }) {
  return (
    <header class="report-title">
      <p class="report-kind">
        Report · {bug.family}
      </p>
      <h1>{bug.title}</h1>
      <p class="report-sentence">{bug.sentence}</p>
      <p class="report-origin">
        Seen in{' '}
        {bug.origins.map(({ text, link }, index) => (
          <span key={text}>
            {index > 0 && ', '}
            {link == null ? text : <a href={link}>{text}</a>}
          </span>
        ))}
        . <a href={address}>Open it at the step that breaks</a>
      </p>
    </header>
  )
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="report-section">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

const Lines = ({ lines }: { lines: readonly string[] }) => (
  <ul class="report-lines">
    {lines.map((line) => (
      <li key={line}>
        <Words text={line} />
      </li>
    ))}
  </ul>
)

/** What should hold and does not, with the values that were seen. */
function Breaks({ report: { breaks } }: { report: BugReport }) {
  return (
    <div class="report-breaks">
      <p>
        <Shape tone="bad" />
        <span>
          Step {breaks.step} breaks <b>“{breaks.invariant}”</b>: {breaks.sentence}.
        </span>
      </p>
      <Cells cells={breaks.cells} />
    </div>
  )
}

function Searches({ searched, done }: { searched: readonly Searched[]; done: boolean }) {
  return (
    <div class="report-table" tabIndex={0} role="group" aria-label="Schedules searched">
      {/* On a narrow page a row is a paragraph; so the roles are spelt out. */}
      <table role="table" aria-label="Schedules searched">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader">Version</th>
            <th role="columnheader">Verdict</th>
            <th role="columnheader">Searched</th>
            <th role="columnheader">Extent</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {searched.map(({ version, outcome, schedules, extent, tone }) => (
            <tr role="row" key={version}>
              <th role="rowheader">{version}</th>
              <td role="cell" class={`report-${tone}`}>
                {outcome}
              </td>
              <td role="cell">{schedules}</td>
              <td role="cell">{extent}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!done && <progress aria-label="Searching every version" />}
    </div>
  )
}

/** The least failing schedule, a sentence per step; each leads to its moment. */
function Story({ report: { story, breaks } }: { report: BugReport }) {
  return (
    <>
      <h3>The shortest schedule that breaks it takes {breaks.step} steps</h3>
      <ol class="report-story">
        {story.map((told) => (
          <Step key={told.step} told={told} />
        ))}
      </ol>
    </>
  )
}

const Step = ({ told: { step, text, tone, address } }: { told: Told }) => (
  <li class={`report-step report-step-${tone}`}>
    <a href={address} aria-label={`Open step ${step}`}>
      {step}
    </a>
    <span>{text}</span>
  </li>
)

function Decisive({ report: { decisive } }: { report: BugReport }) {
  return (
    <>
      <h3>Step {decisive.step} decides</h3>
      <p>
        {decisive.sentence}
        {decisive.place != null && (
          <>
            {' '}
            Its task goes on from <code>{decisive.place}</code>
            {decisive.line == null ? '.' : ':'}
          </>
        )}
      </p>
      {decisive.line != null && (
        <pre class="report-code" tabIndex={0} aria-label="The decisive line">
          {decisive.line}
        </pre>
      )}
    </>
  )
}

function Waits({ waits }: { waits: readonly string[] }) {
  if (waits.length === 0) return null
  return (
    <>
      <h3>Who waits for whom, for ever</h3>
      <Lines lines={waits} />
    </>
  )
}

const SIGNS = { kept: ' ', removed: '−', added: '+', skipped: '…' }

function Difference({ files, lines }: { files: readonly string[]; lines: readonly DifferenceLine[] }) {
  return (
    <>
      <h3>
        From <code>{files[0]}</code> to <code>{files[1]}</code>
      </h3>
      <pre class="report-code report-difference" tabIndex={0} aria-label="The difference of the sources">
        {lines.map(({ fate, text }, place) => (
          <span key={place} class={`report-line-${fate}`}>
            {`${SIGNS[fate]} ${text}\n`}
          </span>
        ))}
      </pre>
    </>
  )
}

/** The clipboard is out of reach, so the text stands selected for the person to copy. */
function select(text: HTMLTextAreaElement | null) {
  text?.select()
}
