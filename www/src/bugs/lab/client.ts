import type { Action, BugReport, CheckProgress, Snapshot, TreeRow } from '../../../pkg/flags/flags.js'
import { type Wish, Turns } from '../../parts/turns'
import { Link } from '../../parts/worker'
import type { Reel, Reply, Request } from './messages'
import type { LabModule } from './modules'

/** What the page wants to hear of the lab. */
export type Listener = {
  /** `film` is null while the run is the one that was shown before. */
  shown(action: Action, snapshot: Snapshot, film: Reel | null): void
  refused(sentence: string): void
  checking(progress: CheckProgress): void
  branches(pane: number, node: number, rows: TreeRow[]): void
  reported(report: BugReport, markdown: string): void
  stopped(): void
}

/** The page's end of the lab. */
export class LabClient {
  #module: LabModule | null = null
  readonly #link = new Link<Request, Reply>(
    (reply) => this.#receive(reply),
    () => this.#lose(),
  )
  readonly #turns = new Turns<Action>(
    (request) => this.#link.post({ kind: 'apply', ...request }),
    (action, before) => action.kind === 'go' && before.kind === 'go',
  )

  constructor(private readonly listener: Listener) {}

  /** The module that the worker is for; none while there is no worker. */
  get module(): LabModule | null {
    return this.#link.isUp ? this.#module : null
  }

  /** Starts a worker in place of the current one, if there is one; `first` is what it is asked once it is ready. */
  start(module: LabModule, first: Action) {
    this.#link.use(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: module }))
    this.#turns.begin(first)
    this.#module = module
  }

  send(wish: Wish<Action>) {
    this.#turns.add(wish)
  }

  check() {
    this.#link.post({ kind: 'check' })
  }

  cancelCheck() {
    this.#link.post({ kind: 'cancelCheck' })
  }

  branches(pane: number, node: number) {
    this.#link.post({ kind: 'branches', pane, node })
  }

  /** Asks for the report of a bug, with links to the page at an address. */
  report(bug: string, page: string) {
    this.#link.post({ kind: 'report', bug, page })
  }

  endReport() {
    this.#link.post({ kind: 'endReport' })
  }

  /** Ends the worker; what was asked and not answered is forgotten. */
  stop() {
    this.#link.end()
  }

  #receive(reply: Reply) {
    switch (reply.kind) {
      case 'ready':
        return this.#turns.ready()
      case 'shown': {
        const action = this.#turns.settle(reply.id)
        if (action === null) return
        const film = reply.film === null ? null : (JSON.parse(reply.film) as Reel)
        this.listener.shown(action, reply.snapshot, film)
        return this.#turns.next()
      }
      case 'refused':
        this.#turns.settle(reply.id)
        this.listener.refused(reply.sentence)
        return this.#turns.next()
      case 'checking':
        return this.listener.checking(reply.progress)
      case 'branches':
        return this.listener.branches(reply.pane, reply.node, reply.rows)
      case 'report':
        return this.listener.reported(reply.report, reply.markdown)
      case 'trapped':
        return this.#lose()
    }
  }

  #lose() {
    this.stop()
    this.listener.stopped()
  }
}
