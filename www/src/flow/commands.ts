import type { FlowAction as Action } from '../../pkg/live/live.js'
import type { Ui } from './model'

/** An action, or how to decide on one when its turn comes: keys are pressed faster than answers arrive. */
export type Wish = Action | (() => Action | null)

/** What a view can ask for. Views know nothing of who does it. */
export type Commands = {
  act(wish: Wish): void
  togglePlay(): void
  setSpeed(speed: number): void
  restart(): void
  copyLink(): void
  nextTheme(): void
  show(change: Partial<Pick<Ui, 'notice' | 'refusal' | 'copied' | 'filter'>>): void
}
