import type { Action } from '../../pkg/flags/flags.js'
import type { Board, RecordColumn, Film, Order, Query, Still } from '../../pkg/live/live.js'
import type { TasksUi, TimelineUi } from '../bugs/model'
import { following } from '../bugs/timeline/layout'
import { Playback } from '../parts/playback'
import { share } from '../bugs/share'
import { applyTheme, nextTheme, storedTheme } from '../theme'
import type { Commands } from './commands'
import { DeskClient, type Listener } from './desk/client'
import { droppedFiles } from './dropped'
import { initialUi, inView, type Model, type ReplayUi, replayUi, type Ui } from './model'

/** The time between two steps of the playback at ordinary speed, in milliseconds. */
const PACE = 600

/** How often the board is drawn at most while a replay hides most of it, in milliseconds. */
const BEHIND = 250

/** The state of the view, and the only place that changes it. It lives on while another view is shown. */
export class App implements Commands, Listener {
  #model: Model = { board: null, plots: [], ui: initialUi(storedTheme()) }
  readonly #client = new DeskClient(this)
  readonly #playback = new Playback(PACE, () => this.#playOn())
  #render: ((model: Model) => void) | null = null
  #isStarted = false
  #frame = 0
  /** A board is on its way to the screen, and the desk waits to hear that it is there. */
  #toAnswer = false
  /** Somebody waits for what an order changes. */
  #asked = false

  get model(): Model {
    return this.#model
  }

  /** Draws from now on, and starts the desk if there is none. */
  attach(render: (model: Model) => void) {
    this.#render = render
    this.#ui({ theme: storedTheme() })
    if (this.#isStarted) return
    this.#isStarted = true
    if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined') return this.#ui({ desk: 'unsupported' })
    this.#startDesk()
  }

  /** Draws no more; the runner goes on, and nothing is sent that nobody sees. */
  detach() {
    this.#pause()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#render = null
  }

  // What views ask for.

  order(order: Order) {
    this.#asked = true
    this.#client.send({ kind: 'order', order })
  }

  hash(files: readonly File[]) {
    if (files.length > 0) this.#client.send({ kind: 'hash', files: [...files] })
  }

  drop(dropped: DataTransfer) {
    this.#ui({ dragging: false })
    droppedFiles(dropped).then(
      (files) => (files.length > 0 ? this.hash(files) : this.refused('There is no file in what was dropped.')),
      (error: DOMException) => this.refused(`What was dropped cannot be read: ${error.message}`),
    )
  }

  restart() {
    this.#model = { ...this.#model, plots: [] }
    this.#startDesk()
  }

  nextTheme() {
    const theme = nextTheme(this.#model.ui.theme)
    applyTheme(theme)
    this.#ui({ theme })
  }

  show(change: Partial<Ui>) {
    this.#ui(change)
  }

  look(change: Partial<Query>) {
    // What is found is seen from its beginning.
    this.#see({ ...this.#model.ui.query, ...change }, { ...this.#model.ui.table, top: 0 })
  }

  sort(by: RecordColumn) {
    const { query } = this.#model.ui
    this.look({ by, descending: query.by === by ? !query.descending : by === 'id' })
  }

  showTable(table: Ui['table']) {
    this.#see(this.#model.ui.query, table)
  }

  openReplay() {
    this.#client.send({ kind: 'replay' })
  }

  closeReplay() {
    this.#playback.stop()
    this.#ui({ replay: null })
  }

  readonly replay = {
    act: (wish: Action | (() => Action | null)) => {
      this.#pause()
      const action = typeof wish === 'function' ? wish() : wish
      const { replay } = this.#model.ui
      if (replay !== null && action !== null) this.#client.still(stepAfter(action, replay))
    },
    togglePlay: () => {
      const { replay } = this.#model.ui
      if (replay === null) return
      if (replay.playing) return this.#pause()
      if (replay.still.step >= replay.still.last) this.#client.still(0)
      this.#replay({ playing: true })
      this.#playback.start(replay.speed)
    },
    setSpeed: (speed: number) => {
      this.#replay({ speed })
      if (this.#model.ui.replay?.playing) this.#playback.start(speed)
    },
    showTimeline: (change: Partial<TimelineUi>) => {
      const { replay } = this.#model.ui
      if (replay !== null) this.#replay({ timeline: { ...replay.timeline, ...change } })
    },
    showTasks: (tasks: TasksUi) => this.#replay({ tasks }),
  }

  // What the desk says.

  shown(next: Board) {
    const { board, plots, ui } = this.#model
    this.#toAnswer = true
    this.#change({
      board: board === null ? next : share(board, next),
      plots: next.plots ?? plots,
      ui: { ...ui, desk: 'running' },
    })
    // What was asked for does not wait for the next frame.
    if (this.#asked && this.#render !== null) this.#draw()
    this.#asked = false
  }

  refused(sentence: string) {
    this.#ui({ refusal: sentence })
  }

  replayed(film: Film, still: Still) {
    this.#ui({ replay: replayUi(film, still) })
  }

  still(still: Still) {
    const { replay } = this.#model.ui
    if (replay === null) return
    this.#replay({
      still: share(replay.still, still),
      timeline: following(replay.timeline, replay.film, still.step),
    })
    // It is what was asked for, so it does not wait for the next frame, in which there may be more to draw.
    this.#draw()
    if (!replay.playing) return
    if (still.step < still.last) this.#playback.start(replay.speed)
    else this.#pause()
  }

  stopped() {
    this.#playback.stop()
    this.#ui({ desk: 'stopped' })
  }

  // How it is done.

  #startDesk() {
    this.#ui({ desk: 'starting', refusal: null, replay: null })
    const { query, table } = this.#model.ui
    this.#client.start([{ kind: 'order', order: { kind: 'look', query: inView(query, table) } }])
  }

  /** Asks for other rows when those that there are do not do. */
  #see(query: Query, table: Ui['table']) {
    const before = this.#model.ui.query
    const wanted = inView(query, table)
    this.#ui({ query: wanted, table })
    const same = (Object.keys(wanted) as (keyof Query)[]).every((key) => wanted[key] === before[key])
    if (!same) this.order({ kind: 'look', query: wanted })
  }

  #playOn() {
    const { replay } = this.#model.ui
    if (replay !== null) this.#client.still(replay.still.step + 1)
  }

  #pause() {
    this.#playback.stop()
    if (this.#model.ui.replay?.playing) this.#replay({ playing: false })
  }

  #replay(change: Partial<ReplayUi>) {
    const { replay } = this.#model.ui
    if (replay !== null) this.#ui({ replay: { ...replay, ...change } })
  }

  #ui(change: Partial<Ui>) {
    this.#change({ ui: { ...this.#model.ui, ...change } })
  }

  /** However much changes, it is drawn once per frame. */
  #change(change: Partial<Model>) {
    this.#model = { ...this.#model, ...change }
    if (this.#frame !== 0 || this.#render === null) return
    this.#frame = requestAnimationFrame(() => this.#draw())
  }

  #draw() {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#render?.(this.#model)
    if (!this.#toAnswer) return
    this.#toAnswer = false
    const answer = () => this.#client.send({ kind: 'painted' })
    if (this.#model.ui.replay === null) answer()
    else setTimeout(answer, BEHIND)
  }
}

/** The step that an action of the playback leads to. */
function stepAfter(action: Action, { still: { step, last } }: ReplayUi): number {
  switch (action.kind) {
    case 'step':
      return Math.min(last, Math.max(0, step + action.by))
    case 'go':
      return action.to
    case 'end':
      return last
    case 'reset':
      return 0
    default:
      return step
  }
}
