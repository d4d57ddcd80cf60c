import type { Action, BugReport, CheckProgress, Film, Snapshot, TreeRow } from '../../../pkg/flags/flags.js'
import type { Family } from './families'
import type { Reply, Request } from './messages'

/** What the page wants to hear of the lab. */
export type Listener = {
  /** `film` is null while the run is the one that was shown before. */
  shown(action: Action, snapshot: Snapshot, film: Film | null): void
  refused(sentence: string): void
  checking(progress: CheckProgress): void
  branches(pane: number, node: number, rows: TreeRow[]): void
  reported(report: BugReport, markdown: string): void
  stopped(): void
}

/** An action, or how to decide on one when its turn comes: keys are pressed faster than answers arrive. */
export type Wish = Action | (() => Action | null)

type Sent = { id: number; action: Action }

/**
 * The page's end of the lab: one request is under way at a time, the others wait here.
 *
 * A drag sends dozens of `go` a second; only the newest one that waits is worth an answer, so that the picture
 * follows the pointer and never lags behind a queue.
 */
export class LabClient {
  #worker: Worker | null = null
  #family: Family | null = null
  #lastId = 0
  #underWay: Sent | null = null
  #waiting: Wish[] = []

  constructor(private readonly listener: Listener) {}

  /** The family of bugs that the worker is for; none while there is no worker. */
  get family(): Family | null {
    return this.#worker === null ? null : this.#family
  }

  /** Starts a worker in place of the current one, if there is one; `first` is what it is asked once it is ready. */
  start(family: Family, first: Action) {
    this.#worker?.terminate()
    this.#underWay = null
    this.#waiting = [first]
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: family })
    // What a worker that was replaced still says is not heard.
    worker.onmessage = (event: MessageEvent<Reply>) => this.#worker === worker && this.#receive(event.data)
    worker.onerror = () => this.#worker === worker && this.#lose()
    worker.onmessageerror = () => this.#worker === worker && this.#lose()
    this.#worker = worker
    this.#family = family
    // Nothing is sent before the worker said that it is ready, for it would not be heard.
    this.#underWay = { id: 0, action: first }
  }

  send(wish: Wish) {
    if (isGo(wish) && isGo(this.#waiting.at(-1))) this.#waiting.pop()
    this.#waiting.push(wish)
    this.#next()
  }

  check() {
    this.#post({ kind: 'check' })
  }

  cancelCheck() {
    this.#post({ kind: 'cancelCheck' })
  }

  branches(pane: number, node: number) {
    this.#post({ kind: 'branches', pane, node })
  }

  /** Asks for the report of a bug, with links to the page at an address. */
  report(bug: string, page: string) {
    this.#post({ kind: 'report', bug, page })
  }

  endReport() {
    this.#post({ kind: 'endReport' })
  }

  /** Ends the worker; what was asked and not answered is forgotten. */
  stop() {
    this.#worker?.terminate()
    this.#worker = null
    this.#underWay = null
    this.#waiting = []
  }

  #post(request: Request) {
    this.#worker?.postMessage(request)
  }

  #next(): void {
    if (this.#underWay !== null || this.#worker === null) return
    const wish = this.#waiting.shift()
    if (wish === undefined) return
    const action = typeof wish === 'function' ? wish() : wish
    if (action === null) return this.#next()
    this.#underWay = { id: ++this.#lastId, action }
    this.#post({ kind: 'apply', ...this.#underWay })
  }

  #receive(reply: Reply) {
    switch (reply.kind) {
      case 'ready':
        this.#underWay = null
        return this.#next()
      case 'shown': {
        const action = this.#settle(reply.id)
        if (action === null) return
        const film = reply.film === null ? null : (JSON.parse(reply.film) as Film)
        this.listener.shown(action, reply.snapshot, film)
        return this.#next()
      }
      case 'refused':
        this.#settle(reply.id)
        this.listener.refused(reply.sentence)
        return this.#next()
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

  /** The action that `id` answers, or none when the answer is of a request that nobody waits for. */
  #settle(id: number): Action | null {
    if (this.#underWay?.id !== id) return null
    const { action } = this.#underWay
    this.#underWay = null
    return action
  }

  #lose() {
    this.stop()
    this.listener.stopped()
  }
}

const isGo = (wish: Wish | undefined) => typeof wish === 'object' && wish.kind === 'go'
