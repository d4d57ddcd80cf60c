import { Header } from '../../parts/Header'
import { Icon } from '../../parts/Icon'
import { Keys, KeysButton } from '../../parts/Keys'
import type { Commands } from '../commands'
import { KEYS } from '../keys'
import type { Model } from '../model'
import { Controls, Submit } from './Controls'
import { Example } from './Example'
import { Figures } from './Figures'
import { Lanes } from './Lanes'
import { Plots } from './Plots'
import { Queue } from './Queue'
import { Records } from './Records'
import { Replay } from './Replay'
import { Report } from './Report'

type Props = { model: Model; commands: Commands }

/**
 * The whole view, as a function of the model, in the order of a narrow page: what comes of a submission stands right
 * below the buttons. Files and folders may be dropped anywhere on it.
 */
export function Page({ model, commands }: Props) {
  const { ui } = model
  const controls = model.board?.controls ?? null
  const running = ui.desk === 'running'
  const open = running && controls !== null && controls.open
  return (
    <div
      class={`runner ${ui.dragging ? 'runner-dragging' : ''}`}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return
        event.preventDefault()
        if (!ui.dragging) commands.show({ dragging: true })
      }}
      onDragLeave={(event) => event.relatedTarget === null && commands.show({ dragging: false })}
      onDrop={(event) => {
        event.preventDefault()
        if (event.dataTransfer) commands.drop(event.dataTransfer)
      }}
    >
      <Header view="#/runner" theme={ui.theme} onTheme={() => commands.nextTheme()}>
        <KeysButton commands={commands} />
      </Header>
      <Submit count={ui.count} open={open} commands={commands} />
      <main class="runner-stage" data-scrolls>
        {ui.replay === null ? (
          <Live model={model} commands={commands} />
        ) : (
          <Replay replay={ui.replay} commands={commands}>
            <Notices model={model} commands={commands} />
          </Replay>
        )}
      </main>
      <Controls controls={controls} kept={model.board?.kept ?? ''} running={running} open={open} commands={commands} />
      <Keys list={KEYS} open={ui.keysOpen} commands={commands} />
    </div>
  )
}

function Live({ model, commands }: Props) {
  const { board, plots, ui } = model
  return (
    <>
      <Heading model={model} />
      <Notices model={model} commands={commands} />
      <Figures name="Numbers" figures={board?.numbers ?? []} />
      {board?.report && <Report report={board.report} />}
      {board?.example && <Example example={board.example} />}
      <div class="runner-now">
        <Lanes lanes={board?.lanes ?? []} />
        <Queue queue={board?.queue ?? null} />
      </div>
      <Plots plots={plots} theme={ui.theme} />
      <Records table={board?.table ?? null} ui={ui} commands={commands} />
    </>
  )
}

function Heading({ model: { board, ui } }: { model: Model }) {
  const said = ui.desk === 'starting' ? { lead: 'The runner is starting …', rest: '' } : board?.status
  return (
    <header class="runner-heading">
      <h1>Runner</h1>
      <p role="status" aria-label="Runner" aria-live="off">
        <b>{said?.lead}</b> {said?.rest}
      </p>
    </header>
  )
}

function Notices({ model: { board, ui }, commands }: Props) {
  const { refusal } = ui
  const said = refusal === null ? (board?.said ?? null) : { lead: refusal, rest: '', tone: 'bad' }
  const dismiss = ({ currentTarget }: Event) => {
    // The button goes, and the focus stays where it was.
    ;(currentTarget as Element).closest<HTMLElement>('[role=status]')!.focus({ preventScroll: true })
    commands.show({ refusal: null })
    if (refusal === null) commands.order({ kind: 'dismiss' })
  }
  return (
    <>
      <Trouble ui={ui} commands={commands} />
      <div class={said === null ? '' : `notice runner-notice-${said.tone}`} role="status" aria-label="Notice" tabIndex={-1}>
        {said && (
          <>
            <p>
              <b>{said.lead}</b> {said.rest}
            </p>
            <button class="button button-icon button-bare" aria-label="Dismiss" onClick={dismiss}>
              <Icon name="close" />
            </button>
          </>
        )}
      </div>
    </>
  )
}

/** What to do when the desk is not there. */
function Trouble({ ui, commands }: { ui: Model['ui']; commands: Commands }) {
  if (ui.desk === 'unsupported') {
    return (
      <div class="notice notice-bad" role="alert">
        <p>This browser runs no WebAssembly, which the runner is made of; a current version of any browser does.</p>
      </div>
    )
  }
  if (ui.desk !== 'stopped') return null
  return (
    <div class="notice notice-bad" role="alert">
      <p>The runner stopped unexpectedly. A restart reads its records, and marks what had not ended as interrupted.</p>
      <button class="button" onClick={() => commands.restart()}>
        Restart
      </button>
    </div>
  )
}
