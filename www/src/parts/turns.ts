/** An action, or how to decide on one when its turn comes: keys are pressed faster than answers arrive. */
export type Wish<A> = A | (() => A | null)

/** An action that a worker is asked for, and the number by which it answers. */
export type Numbered<A> = { id: number; action: A }

/**
 * Asks a worker for one action at a time; the others wait here.
 *
 * A drag sends dozens of requests a second; only the newest one that waits is worth an answer, so that the picture
 * follows the pointer and never lags behind a queue.
 */
export class Turns<A extends object> {
  #lastId = 0
  #underWay: Numbered<A> | null = null
  #waiting: Wish<A>[] = []

  /** `replaces` tells whether an action makes the one that waits before it pointless. */
  constructor(
    private readonly post: (request: Numbered<A>) => void,
    private readonly replaces: (action: A, before: A) => boolean,
  ) {}

  /** Forgets what was asked. The first action has its turn once the worker is ready, for it would not be heard before. */
  begin(first: A) {
    this.#underWay = { id: 0, action: first }
    this.#waiting = [first]
  }

  /** The worker is ready, and hears what it is asked from now on. */
  ready() {
    this.#underWay = null
    this.next()
  }

  add(wish: Wish<A>) {
    const before = this.#waiting.at(-1)
    if (typeof wish === 'object' && typeof before === 'object' && this.replaces(wish, before)) this.#waiting.pop()
    this.#waiting.push(wish)
    this.next()
  }

  /** The action that an answer is to; none when nobody waits for it. */
  settle(id: number): A | null {
    if (this.#underWay?.id !== id) return null
    const { action } = this.#underWay
    this.#underWay = null
    return action
  }

  /** Asks for the next one, unless one is under way. */
  next(): void {
    if (this.#underWay !== null) return
    const wish = this.#waiting.shift()
    if (wish === undefined) return
    const action = typeof wish === 'function' ? wish() : wish
    if (action === null) return this.next()
    this.#underWay = { id: ++this.#lastId, action }
    this.post(this.#underWay)
  }
}
