import { linkTo } from '../../address'
import { CopyLink } from '../../parts/CopyLink'
import { Header } from '../../parts/Header'
import { Keys, KeysButton } from '../../parts/Keys'
import { Notice, Trouble } from '../../parts/Notices'
import type { Commands } from '../commands'
import { KEYS } from '../keys'
import type { Model, Moment } from '../model'
import { Circuit } from './Circuit'
import { Demos } from './Demos'
import { Events } from './Events'
import { Heading } from './Heading'
import { Pipeline } from './Pipeline'
import { Playback } from './Playback'
import { Said } from './Said'
import { Settings } from './Settings'

/** The whole view, as a function of the model. */
export function Page({ model, commands }: { model: Model; commands: Commands }) {
  const { catalogue, moment, ui } = model
  const hasCircuit = moment?.snapshot.circuit != null
  return (
    <div class="page">
      <Header view="#/flow" theme={ui.theme} onTheme={() => commands.nextTheme()}>
        <CopyLink copied={ui.copied} link={moment && linkTo(moment.snapshot.address)} commands={commands} />
        <KeysButton commands={commands} />
      </Header>
      <Demos demos={catalogue} current={moment?.snapshot.demo.id ?? null} clock={moment?.snapshot.clock ?? 'virtual'} />
      <main class={`flow ${hasCircuit ? '' : 'flow-plain'}`} data-scrolls>
        <Heading snapshot={moment?.snapshot ?? null} commands={commands} />
        <div class="flow-notices">
          <Trouble lab={ui.lab} commands={commands} />
          <Notice text={ui.refusal ?? ui.notice} commands={commands} />
        </div>
        {moment === null ? <Waiting /> : <Stage moment={moment} model={model} commands={commands} />}
      </main>
      <Keys list={KEYS} open={ui.keysOpen} commands={commands} />
    </div>
  )
}

function Stage({ moment: { snapshot, film }, model: { ui }, commands }: { moment: Moment; model: Model; commands: Commands }) {
  return (
    <>
      <Pipeline pipeline={snapshot.pipeline} />
      {snapshot.circuit && <Circuit circuit={snapshot.circuit} commands={commands} />}
      <div class="dock flow-dock">
        <Said snapshot={snapshot} />
        <Playback snapshot={snapshot} ui={ui} commands={commands} />
      </div>
      <Settings snapshot={snapshot} commands={commands} />
      <Events log={film.log} snapshot={snapshot} filter={ui.filter} commands={commands} />
    </>
  )
}

/** Cards where everything will be, so that nothing moves when they are there. */
function Waiting() {
  return (
    <>
      <div class="flow-card pipeline" />
      <div class="dock flow-dock" />
      <div class="flow-card settings" />
      <div class="flow-card bus" />
    </>
  )
}
