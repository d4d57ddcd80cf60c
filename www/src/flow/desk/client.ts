import type { FlowAction as Action, FlowDemoTitle as DemoTitle, FlowFilm as Film, FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'
import { type Wish, Turns } from '../../parts/turns'
import { Link } from '../../parts/worker'
import type { Reply, Request } from './messages'

/** What the page wants to hear of the worker. */
export type Listener = {
  ready(catalogue: DemoTitle[]): void
  /** `action` is null when nobody asked, `film` while the log is the one that was shown before. */
  shown(action: Action | null, snapshot: Snapshot, film: Film | null): void
  refused(sentence: string): void
  stopped(): void
}

/** The page's end of the worker. */
export class Client {
  readonly #link = new Link<Request, Reply>(
    (reply) => this.#receive(reply),
    () => this.#lose(),
  )
  readonly #turns = new Turns<Action>((request) => this.#link.post(request), replaces)

  constructor(private readonly listener: Listener) {}

  /** Starts a worker in place of the current one, if there is one; `first` is what it is asked once it is ready. */
  start(first: Action) {
    this.#link.use(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }))
    this.#turns.begin(first)
  }

  send(wish: Wish<Action>) {
    this.#turns.add(wish)
  }

  /** Ends the worker; what was asked and not answered is forgotten. */
  stop() {
    this.#link.end()
  }

  #receive(reply: Reply) {
    switch (reply.kind) {
      case 'ready':
        this.listener.ready(reply.catalogue)
        return this.#turns.ready()
      case 'shown': {
        const action = reply.id === null ? null : this.#turns.settle(reply.id)
        this.listener.shown(action, reply.snapshot, reply.film === null ? null : (JSON.parse(reply.film) as Film))
        return this.#turns.next()
      }
      case 'refused':
        this.#turns.settle(reply.id)
        this.listener.refused(reply.sentence)
        return this.#turns.next()
      case 'trapped':
        return this.#lose()
    }
  }

  #lose() {
    this.stop()
    this.listener.stopped()
  }
}

/** Whether an action makes the one that waits before it pointless. */
function replaces(action: Action, before: Action): boolean {
  if (action.kind === 'set') return before.kind === 'set' && action.name === before.name
  return action.kind === 'go' && before.kind === 'go'
}
