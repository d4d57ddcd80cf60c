import type { FlowAction as Action, FlowDemoTitle as DemoTitle, FlowFilm as Film, FlowSnapshot as Snapshot } from '../../pkg/flow/flow.js'
import { linkTo, onAddress, writeAddress } from '../address'
import { copy } from '../parts/copy'
import { Playback } from '../parts/playback'
import type { Wish } from '../parts/turns'
import { applyTheme, nextTheme, storedTheme } from '../theme'
import type { Commands } from './commands'
import { Client, type Listener } from './desk/client'
import { initialUi, type Model, type Ui } from './model'

/** The time between two steps at ordinary speed, in milliseconds. */
const PACE = 320

/** The state of the view, and the only place that changes it. */
export class App implements Commands, Listener {
  #model: Model = { catalogue: [], moment: null, ui: initialUi(storedTheme()) }
  readonly #client = new Client(this)
  readonly #playback = new Playback(PACE, () => this.#client.send({ kind: 'step', by: 1 }))

  constructor(private readonly render: (model: Model) => void) {}

  get model(): Model {
    return this.#model
  }

  start(signal: AbortSignal) {
    onAddress((address) => this.act({ kind: 'open', address }), signal)
    if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined') return this.#ui({ lab: 'unsupported' })
    this.#client.start({ kind: 'open', address: location.hash })
  }

  /** Ends what runs; nothing is drawn any more. */
  stop() {
    this.#playback.stop()
    this.#client.stop()
  }

  // What views ask for.

  act(wish: Wish<Action>) {
    this.#pause()
    this.#client.send(wish)
  }

  togglePlay() {
    const { moment, ui } = this.#model
    if (ui.playing) return this.#pause()
    if (moment === null || ui.lab !== 'running') return
    const { snapshot } = moment
    if (snapshot.clock === 'real') {
      if (snapshot.canRun) this.act({ kind: 'run' })
      return
    }
    if (snapshot.step >= snapshot.last) this.#client.send({ kind: 'go', to: 0 })
    this.#ui({ playing: true })
    this.#playback.start(ui.speed)
  }

  setSpeed(speed: number) {
    this.#ui({ speed })
    if (this.#model.ui.playing) this.#playback.start(speed)
  }

  restart() {
    this.#client.start({ kind: 'open', address: this.#model.moment?.snapshot.address ?? location.hash })
  }

  copyLink() {
    const { moment } = this.#model
    if (moment !== null) void copy(linkTo(moment.snapshot.address), (copied) => this.#ui({ copied }))
  }

  nextTheme() {
    const theme = nextTheme(this.#model.ui.theme)
    applyTheme(theme)
    this.#ui({ theme })
  }

  show(change: Partial<Ui>) {
    this.#ui(change)
  }

  // What the worker says.

  ready(catalogue: DemoTitle[]) {
    this.#change({ catalogue })
  }

  shown(action: Action | null, snapshot: Snapshot, film: Film | null) {
    const { moment: before, ui } = this.#model
    const shownFilm = film ?? before?.film
    if (shownFilm === undefined) return this.stopped()
    writeAddress(snapshot.address)
    const isNew = before?.snapshot.demo.id !== snapshot.demo.id
    this.#change({
      moment: { snapshot, film: shownFilm },
      ui: {
        ...ui,
        lab: 'running',
        refusal: null,
        notice: snapshot.notice ?? (action === null || action.kind === 'step' ? ui.notice : null),
        filter: isNew ? snapshot.demo.filter : ui.filter,
      },
    })
    if (this.#model.ui.playing) this.#goOnPlaying(snapshot)
  }

  refused(sentence: string) {
    this.#pause()
    this.#ui({ refusal: sentence })
  }

  stopped() {
    this.#playback.stop()
    this.#ui({ lab: 'stopped', playing: false })
  }

  // How it is done.

  #goOnPlaying({ step, last }: Snapshot) {
    if (step < last) this.#playback.start(this.#model.ui.speed)
    else this.#pause()
  }

  #pause() {
    this.#playback.stop()
    if (this.#model.ui.playing) this.#ui({ playing: false })
  }

  #ui(change: Partial<Ui>) {
    this.#change({ ui: { ...this.#model.ui, ...change } })
  }

  #change(change: Partial<Model>) {
    this.#model = { ...this.#model, ...change }
    this.render(this.#model)
  }
}
