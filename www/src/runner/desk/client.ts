import type { Board, Film, Still } from '../../../pkg/live/live.js'
import { Link } from '../../parts/worker'
import type { Reply, Request } from './messages'

/** What the page wants to hear of the desk. */
export type Listener = {
  shown(board: Board): void
  refused(sentence: string): void
  replayed(film: Film, still: Still): void
  still(still: Still): void
  stopped(): void
}

/** The page's end of the desk. */
export class DeskClient {
  readonly #link = new Link<Request, Reply>(
    (reply) => this.#receive(reply),
    () => this.#lose(),
  )
  #ready = false
  #waiting: Request[] = []
  /** A step is under way; of those asked for meanwhile only the last is worth an answer. */
  #stepping = false
  #nextStep: number | null = null

  constructor(private readonly listener: Listener) {}

  /** Starts a worker in place of the current one, if there is one. */
  start(first: readonly Request[]) {
    this.stop()
    this.#link.use(new Worker(new URL('./desk-worker.ts', import.meta.url), { type: 'module' }))
    this.#waiting = [...first]
  }

  send(request: Request) {
    // Nothing is sent before the worker has sent a board, for it would not be heard.
    if (this.#ready) this.#link.post(request)
    else this.#waiting.push(request)
  }

  still(step: number) {
    if (this.#stepping) {
      this.#nextStep = step
      return
    }
    this.#stepping = true
    this.send({ kind: 'still', step })
  }

  /** Ends the worker, and the runner with it. */
  stop() {
    this.#link.end()
    this.#ready = false
    this.#stepping = false
    this.#nextStep = null
    this.#waiting = []
  }

  #receive(reply: Reply) {
    switch (reply.kind) {
      case 'board':
        this.#open()
        return this.listener.shown(reply.board)
      case 'refused':
        return this.listener.refused(reply.sentence)
      case 'replayed':
        return this.listener.replayed(reply.film, reply.still)
      case 'still':
        this.#stepping = false
        this.listener.still(reply.still)
        if (this.#nextStep !== null) this.still(this.#nextStep)
        this.#nextStep = null
        return
      case 'trapped':
        return this.#lose()
    }
  }

  #open() {
    if (this.#ready) return
    this.#ready = true
    this.#waiting.forEach((request) => this.send(request))
    this.#waiting = []
  }

  #lose() {
    this.stop()
    this.listener.stopped()
  }
}
