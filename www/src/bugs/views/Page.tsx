import { useMemo } from 'preact/hooks'
import type { Film, LogLine } from '../../../pkg/flags/flags.js'
import { linkTo } from '../../address'
import type { Commands } from '../commands'
import { KEYS } from '../keys'
import { type Model, type Moment, withReport } from '../model'
import { BugNav } from './BugNav'
import { Catalogue } from './Catalogue'
import { CopyLink } from '../../parts/CopyLink'
import { Header } from '../../parts/Header'
import { Keys, KeysButton } from '../../parts/Keys'
import { Notice, Trouble } from '../../parts/Notices'
import { Heading } from './Heading'
import { Legend } from './Legend'
import { Pane } from './Pane'
import { Playback } from './Playback'
import { Report } from './Report'
import { Said } from './Said'
import { Timeline } from './Timeline'
import { TriedTrees } from './TriedTrees'

/** The whole page, as a function of the model. */
export function Page({ model, commands }: { model: Model; commands: Commands }) {
  const { moment, ui } = model
  const isBug = ui.place === 'bug'
  return (
    <div class={`page ${isBug ? '' : 'page-catalogue'}`}>
      <Header view="#/" theme={ui.theme} onTheme={() => commands.nextTheme()}>
        {isBug && (
          <CopyLink copied={ui.copied} link={moment && linkTo(moment.snapshot.address)} commands={commands} />
        )}
        <KeysButton commands={commands} />
      </Header>
      <Shown model={model} commands={commands} />
      <Keys list={KEYS} open={ui.keysOpen} commands={commands}>
        {isBug && <Legend />}
      </Keys>
    </div>
  )
}

function Shown({ model, commands }: { model: Model; commands: Commands }) {
  const { catalogue, moment, ui } = model
  switch (ui.place) {
    case 'bug':
      return <Bug model={model} commands={commands} />
    case 'report':
      return (
        <main class="report-scroller" data-scrolls>
          <Trouble lab={ui.lab} commands={commands} />
          <Notice text={ui.notice} commands={commands} />
          <Report
            reported={ui.reported}
            refusal={ui.refusal}
            copied={ui.reportCopied}
            back={moment?.snapshot.address ?? '#/'}
            commands={commands}
          />
        </main>
      )
    case 'catalogue':
      return (
        <main class="catalogue-scroller" data-scrolls>
          <Trouble lab={ui.lab} commands={commands} />
          <Catalogue bugs={catalogue} search={ui.search} progress={ui.progress} commands={commands} />
        </main>
      )
  }
}

function Bug({ model, commands }: { model: Model; commands: Commands }) {
  const { catalogue, moment, ui } = model
  const bug = moment?.film.bug ?? null
  return (
    <>
      <BugNav
        bugs={catalogue}
        current={bug?.id ?? null}
        search={ui.search}
        progress={ui.progress}
        commands={commands}
      />
      <main class={`stage ${ui.enlarged === null ? '' : 'stage-enlarged'}`} data-scrolls>
        <Heading
          bug={bug}
          check={ui.check}
          treeShown={ui.tree.shown}
          understood={bug !== null && ui.progress.understood.has(bug.id)}
          ready={ui.lab === 'running'}
          report={moment && withReport(moment.snapshot.address)}
          commands={commands}
        />
        <div class="stage-notices">
          <Trouble lab={ui.lab} commands={commands} />
          <Notice text={ui.refusal ?? ui.notice} commands={commands} />
        </div>
        {ui.tree.shown && <TriedTrees tree={ui.tree} commands={commands} />}
        {moment === null ? <Waiting /> : <Stage moment={moment} model={model} commands={commands} />}
      </main>
    </>
  )
}

function Stage({ moment, model: { ui }, commands }: { moment: Moment; model: Model; commands: Commands }) {
  const { snapshot, film } = moment
  const logs = useMemo(() => logsByPane(film, snapshot.panes.length), [film])
  return (
    <>
      {snapshot.panes.map((pane, index) => (
        <Pane
          key={pane.role}
          index={index}
          pane={pane}
          source={film.sources[index] ?? ''}
          log={logs[index] ?? []}
          step={snapshot.step}
          ui={ui}
          commands={commands}
        />
      ))}
      <div class="dock">
        <Said snapshot={snapshot} />
        <Playback snapshot={snapshot} film={film} ui={ui} commands={commands} />
      </div>
      <Timeline
        moment={moment}
        name="A lane per task, the buggy version above the fixed one"
        view={ui.timeline}
        commands={commands}
      />
    </>
  )
}

/** Cards where everything will be, so that nothing moves when they are there. */
function Waiting() {
  return (
    <>
      <div class="pane-card pane-card-0" />
      <div class="pane-card pane-card-1" />
      <div class="dock" />
      <div class="timeline" />
    </>
  )
}

const logsByPane = ({ log }: Film, panes: number): readonly (readonly LogLine[])[] =>
  Array.from({ length: panes }, (_, index) => log.filter((line) => line.pane === index))
