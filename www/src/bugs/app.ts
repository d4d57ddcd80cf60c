import type { Action, BugReport, CheckProgress, Snapshot, TreeRow } from '../../pkg/flags/flags.js'
import catalogue from '../../pkg/catalogue.json'
import { linkTo, onAddress, writeAddress } from '../address'
import type { Commands } from './commands'
import { LabClient, type Listener } from './lab/client'
import { endsCheck, type Reel } from './lab/messages'
import type { LabModule } from './lab/modules'
import { initialUi, type LogUi, type Model, placeOf, type TimelineUi, type Ui, withoutReport } from './model'
import { copy } from '../parts/copy'
import { Playback } from '../parts/playback'
import type { Wish } from '../parts/turns'
import { marked, NO_PROGRESS, type Progress, storedProgress, storeProgress } from './progress'
import { share } from './share'
import { following } from './timeline/layout'
import { missing, NO_TREE, type Tree, withRows } from './tree'
import { applyTheme, nextTheme, storedTheme } from '../theme'

/** The time between two steps at ordinary speed, in milliseconds. */
const PACE = 600

/** The state of the page, and the only place that changes it. */
export class App implements Commands, Listener {
  #model: Model = { catalogue, moment: null, ui: initialUi(storedTheme(), storedProgress()) }
  readonly #client = new LabClient(this)
  #wantsReport = false
  readonly #playback = new Playback(PACE, () => this.#playOn())

  constructor(private readonly render: (model: Model) => void) {}

  get model(): Model {
    return this.#model
  }

  start(signal: AbortSignal) {
    onAddress((address) => this.#open(address), signal)
    if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined') return this.#ui({ lab: 'unsupported' })
    this.#open(location.hash)
    import('./source/editor').then(
      (editor) => this.#ui({ editor }),
      // Plain text was there before the editor, and stays when the editor cannot be loaded.
      () => undefined,
    )
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
    const { step, last, openEnded } = moment.snapshot
    if (step >= last && !openEnded) this.#client.send({ kind: 'go', to: 0 })
    this.#ui({ playing: true })
    this.#playback.start(ui.speed)
  }

  setSpeed(speed: number) {
    this.#ui({ speed })
    if (this.#model.ui.playing) this.#playback.start(speed)
  }

  check() {
    this.#ui({ check: { done: false, sentence: 'Checking …', executions: 0, opened: null }, tree: NO_TREE })
    this.#client.check()
  }

  cancelCheck() {
    if (this.#model.ui.check === null) return
    this.#ui({ check: null })
    this.#client.cancelCheck()
  }

  toggleTree() {
    const { tree } = this.#model.ui
    this.showTree({ ...tree, shown: !tree.shown })
  }

  showTree(tree: Tree) {
    this.#ui({ tree })
    for (const { pane, node } of missing(tree)) this.#client.branches(pane, node)
  }

  goTo({ schedule, step }: Pick<TreeRow, 'schedule' | 'step'>) {
    if (schedule == null) return
    this.act({ kind: 'schedule', value: schedule })
    this.act({ kind: 'go', to: step })
  }

  restart() {
    this.#wantsReport = this.#model.ui.place === 'report'
    this.#startLab(this.#model.moment?.snapshot.address ?? location.hash)
  }

  copyLink() {
    const { moment } = this.#model
    if (moment !== null) void copy(linkTo(moment.snapshot.address), (copied) => this.#ui({ copied }))
  }

  copyReport() {
    const { reported } = this.#model.ui
    if (reported !== null) void copy(reported.markdown, (reportCopied) => this.#ui({ reportCopied }))
  }

  printReport() {
    window.print()
  }

  nextTheme() {
    const theme = nextTheme(this.#model.ui.theme)
    applyTheme(theme)
    this.#ui({ theme })
  }

  understand(bug: string, on: boolean) {
    const { progress } = this.#model.ui
    this.#keep({ ...progress, understood: marked(progress.understood, bug, on) })
  }

  forgetProgress() {
    this.#keep(NO_PROGRESS)
  }

  show(change: Partial<Ui>) {
    this.#ui(change)
  }

  showLog(pane: number, change: Partial<LogUi>) {
    this.#ui({ logs: this.#model.ui.logs.map((log, index) => (index === pane ? { ...log, ...change } : log)) })
  }

  showTimeline(change: Partial<TimelineUi>) {
    this.#ui({ timeline: { ...this.#model.ui.timeline, ...change } })
  }

  // What the lab says.

  shown(action: Action, snapshot: Snapshot, film: Reel | null) {
    const before = this.#model.moment
    const shownFilm = film ?? before?.film
    if (shownFilm === undefined) return this.stopped()
    if (this.#model.ui.place === 'bug') writeAddress(snapshot.address)
    this.#change({
      moment: { snapshot: before === null ? snapshot : share(before.snapshot, snapshot), film: shownFilm },
      ui: {
        ...this.#model.ui,
        lab: 'running',
        timeline: following(this.#model.ui.timeline, shownFilm, snapshot.step),
        refusal: null,
        check: endsCheck(action) ? null : this.#model.ui.check,
        tree: endsCheck(action) ? NO_TREE : this.#model.ui.tree,
        notice: noticeAfter(action, snapshot, this.#model.ui.notice),
        // Nothing moved: there is nothing left to play.
        playing: this.#model.ui.playing && (action.kind !== 'step' || snapshot.step !== before?.snapshot.step),
      },
    })
    if (this.#wantsReport) {
      this.#wantsReport = false
      this.#client.report(shownFilm.bug.id, linkTo('#').slice(0, -1))
    }
    if (snapshot.brokenByPerson) this.#markBroken(shownFilm.bug.id)
    if (this.#model.ui.playing) this.#goOnPlaying(snapshot)
  }

  refused(sentence: string) {
    this.#pause()
    this.#ui({ refusal: sentence })
  }

  checking(progress: CheckProgress) {
    // It was cancelled when this was on its way.
    if (this.#model.ui.check === null) return
    this.#ui({ check: progress })
    // What the check found is opened, and what played before does not go on there, nor a step that was under way.
    const { done, opened } = progress
    if (done) this.act(opened == null ? { kind: 'step', by: 0 } : { kind: 'go', to: opened })
  }

  reported(report: BugReport, markdown: string) {
    if (this.#model.ui.place === 'report') this.#ui({ reported: { report, markdown } })
  }

  branches(pane: number, node: number, rows: TreeRow[]) {
    this.showTree(withRows(this.#model.ui.tree, pane, node, rows))
  }

  stopped() {
    this.#playback.stop()
    this.#ui({ lab: 'stopped', playing: false, check: null, tree: NO_TREE })
  }

  // How it is done.

  #open(address: string) {
    const place = placeOf(address)
    this.#ui({ place, reported: null })
    this.#client.endReport()
    // The lab tells the report of a bug once it shows that bug.
    this.#wantsReport = place === 'report'
    const moment = withoutReport(address)
    if (place === 'catalogue') this.#pause()
    else if (this.#client.module === moduleAt(moment)) this.act({ kind: 'open', address: moment })
    else this.#startLab(moment)
  }

  #markBroken(bug: string) {
    const { progress } = this.#model.ui
    if (!progress.broken.has(bug)) this.#keep({ ...progress, broken: marked(progress.broken, bug, true) })
  }

  #keep(progress: Progress) {
    storeProgress(progress)
    this.#ui({ progress })
  }

  #startLab(address: string) {
    this.#pause()
    this.#ui({ lab: this.#model.moment === null ? 'starting' : 'running', check: null, tree: NO_TREE })
    this.#client.start(moduleAt(address), { kind: 'open', address })
  }

  #playOn() {
    this.#client.send({ kind: 'step', by: 1 })
  }

  #goOnPlaying({ step, last, openEnded }: Snapshot) {
    if (step < last || openEnded) this.#playback.start(this.#model.ui.speed)
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

/** The module that has the bug at an address, or that says that there is none. */
function moduleAt(address: string): LabModule {
  const id = /^#?\/?bug\/([^/?]*)/.exec(address)?.[1]
  const { module } = catalogue.find((bug) => bug.id === id) ?? catalogue[0]!
  return module as LabModule
}

/** What an address got wrong stays until it is dismissed or another address is opened. */
function noticeAfter(action: Action, snapshot: Snapshot, before: string | null): string | null {
  return action.kind === 'open' ? (snapshot.notice ?? null) : before
}
