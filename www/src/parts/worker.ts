/**
 * The page's end of a worker that may be lost: a trap ends its instance, and then another one is started.
 *
 * What a worker that was replaced still says is not heard.
 */
export class Link<Request, Reply> {
  #worker: Worker | null = null

  constructor(
    private readonly receive: (reply: Reply) => void,
    private readonly lose: () => void,
  ) {}

  get isUp(): boolean {
    return this.#worker !== null
  }

  /** Takes a worker in place of the current one, if there is one. */
  use(worker: Worker) {
    this.end()
    worker.onmessage = (event: MessageEvent<Reply>) => this.#worker === worker && this.receive(event.data)
    worker.onerror = () => this.#worker === worker && this.lose()
    worker.onmessageerror = () => this.#worker === worker && this.lose()
    this.#worker = worker
  }

  post(request: Request) {
    this.#worker?.postMessage(request)
  }

  end() {
    this.#worker?.terminate()
    this.#worker = null
  }
}
