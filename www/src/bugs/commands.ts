import type { Action, TreeRow } from '../../pkg/flags/flags.js'
import type { Wish } from '../parts/turns'
import type { LogUi, TimelineUi, Ui } from './model'
import type { Tree } from './tree'

/** What a view can ask for. Views know nothing of who does it. */
export type Commands = {
  act(wish: Wish<Action>): void
  togglePlay(): void
  setSpeed(speed: number): void
  check(): void
  cancelCheck(): void
  /** Shows or hides what the check tried. */
  toggleTree(): void
  showTree(tree: Tree): void
  /** Goes to a moment of another schedule. */
  goTo(moment: Pick<TreeRow, 'schedule' | 'step'>): void
  restart(): void
  /** Marks a bug as understood, or no more. */
  understand(bug: string, on: boolean): void
  forgetProgress(): void
  copyLink(): void
  /** Copies the report as Markdown. */
  copyReport(): void
  printReport(): void
  nextTheme(): void
  show(change: Partial<Pick<Ui, 'notice' | 'refusal' | 'keysOpen' | 'copied' | 'reportCopied' | 'search' | 'enlarged'>>): void
  showLog(pane: number, change: Partial<LogUi>): void
  showTimeline(change: Partial<TimelineUi>): void
}
