export const SPEEDS = [0.5, 1, 2, 4, 8] as const

/** The only timer that steps: it asks for the next step, and for another one when that was shown. */
export class Playback {
  #timer: ReturnType<typeof setTimeout> | null = null

  /** `pace` is the time between two steps at ordinary speed, in milliseconds. */
  constructor(
    private readonly pace: number,
    private readonly step: () => void,
  ) {}

  start(speed: number) {
    this.stop()
    this.#timer = setTimeout(this.step, this.pace / speed)
  }

  stop() {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
