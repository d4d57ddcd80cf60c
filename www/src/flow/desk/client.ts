import type { FlowAction as Action, FlowDemoTitle as DemoTitle, FlowFilm as Film, FlowSnapshot as Snapshot } from '../../../pkg/live/live.js'
import type { Wish } from '../commands'
import type { Reply, Request } from './messages'

/** What the page wants to hear of the worker. */
export type Listener = {
  ready(catalogue: DemoTitle[]): void
  /** `action` is null when nobody asked, `film` while the log is the one that was shown before. */
  shown(action: Action | null, snapshot: Snapshot, film: Film | null): void
  refused(sentence: string): void
  stopped(): void
}

/**
 * The page's end of the worker: one request is under way at a time, the others wait here.
 *
 * A drag sends dozens of requests a second; only the newest one that waits is worth an answer, so that the picture
 * follows the pointer and never lags behind a queue.
 */
export class Client {
  #worker: Worker | null = null
  #lastId = 0
  #underWay: Request | null = null
  #waiting: Wish[] = []

  constructor(private readonly listener: Listener) {}

  /** Starts a worker in place of the current one, if there is one; `first` is what it is asked once it is ready. */
  start(first: Action) {
    this.stop()
    this.#waiting = [first]
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    // What a worker that was replaced still says is not heard.
    worker.onmessage = (event: MessageEvent<Reply>) => this.#worker === worker && this.#receive(event.data)
    worker.onerror = () => this.#worker === worker && this.#lose()
    worker.onmessageerror = () => this.#worker === worker && this.#lose()
    this.#worker = worker
    // Nothing is sent before the worker said that it is ready, for it would not be heard.
    this.#underWay = { id: 0, action: first }
  }

  send(wish: Wish) {
    if (replaces(wish, this.#waiting.at(-1))) this.#waiting.pop()
    this.#waiting.push(wish)
    this.#next()
  }

  /** Ends the worker; what was asked and not answered is forgotten. */
  stop() {
    this.#worker?.terminate()
    this.#worker = null
    this.#underWay = null
    this.#waiting = []
  }

  #next(): void {
    if (this.#underWay !== null || this.#worker === null) return
    const wish = this.#waiting.shift()
    if (wish === undefined) return
    const action = typeof wish === 'function' ? wish() : wish
    if (action === null) return this.#next()
    this.#underWay = { id: ++this.#lastId, action }
    this.#worker.postMessage(this.#underWay)
  }

  #receive(reply: Reply) {
    switch (reply.kind) {
      case 'ready':
        this.listener.ready(reply.catalogue)
        this.#underWay = null
        return this.#next()
      case 'shown': {
        const action = reply.id === null ? null : this.#settle(reply.id)
        this.listener.shown(action, reply.snapshot, reply.film === null ? null : (JSON.parse(reply.film) as Film))
        return this.#next()
      }
      case 'refused':
        this.#settle(reply.id)
        this.listener.refused(reply.sentence)
        return this.#next()
      case 'trapped':
        return this.#lose()
    }
  }

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

/** Whether a wish makes the one that waits before it pointless. */
function replaces(wish: Wish, before: Wish | undefined): boolean {
  if (typeof wish === 'function' || typeof before !== 'object') return false
  if (wish.kind === 'go') return before.kind === 'go'
  return wish.kind === 'set' && before.kind === 'set' && wish.name === before.name
}
