import type { FlowAction as Action } from '../../pkg/flow/flow.js'
import type { Wish } from '../parts/turns'
import type { Ui } from './model'

/** What a view can ask for. Views know nothing of who does it. */
export type Commands = {
  act(wish: Wish<Action>): void
  togglePlay(): void
  setSpeed(speed: number): void
  restart(): void
  copyLink(): void
  nextTheme(): void
  show(change: Partial<Pick<Ui, 'notice' | 'refusal' | 'copied' | 'filter' | 'keysOpen'>>): void
}
