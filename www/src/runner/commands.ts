import type { RecordColumn, Order, Query } from '../../pkg/live/live.js'
import type { Commands as LabCommands } from '../bugs/commands'
import type { TasksUi } from '../bugs/model'
import type { Ui } from './model'

/** What a view can ask for. Views know nothing of who does it. */
export type Commands = {
  order(order: Order): void
  hash(files: readonly File[]): void
  drop(dropped: DataTransfer): void
  restart(): void
  nextTheme(): void
  show(change: Partial<Pick<Ui, 'refusal' | 'count' | 'dragging' | 'keysOpen'>>): void
  look(change: Partial<Pick<Query, 'filter' | 'show'>>): void
  sort(by: RecordColumn): void
  showTable(table: Ui['table']): void
  openReplay(): void
  closeReplay(): void
  /** The playback of the same run in virtual time. */
  readonly replay: Pick<LabCommands, 'act' | 'togglePlay' | 'setSpeed' | 'showTimeline'> & {
    showTasks(tasks: TasksUi): void
  }
}
