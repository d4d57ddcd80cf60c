import type { Action } from '../../pkg/flags/flags.js'
import type { Keyboard } from '../parts/keyboard'
import type { KeyList } from '../parts/Keys'
import type { Commands } from './commands'
import type { Model } from './model'

/** The keys and what they do, in the order of the dialog "Keys". */
export const KEYS: KeyList = [
  [['Space'], 'Play or pause'],
  [['←', '→'], 'One step back or forward'],
  [['Shift ←', 'Shift →'], 'The previous or next finding'],
  [['Page Up', 'Page Down'], 'A tenth of the run back or forward'],
  [['Home', 'End'], 'The beginning or the end'],
  [['1', '…', '9'], 'Run the ready task with that number, while you schedule'],
  [['?'], 'Show or close this list'],
]

/** What the lab does with keys. */
export function keyboardOf(read: () => Model, commands: Commands): Keyboard {
  return {
    isListOpen: () => read().ui.keysOpen,
    showList: (keysOpen) => commands.show({ keysOpen }),
    isMeant: isIdleList,
    press(event) {
      const { place, lab } = read().ui
      if (place !== 'bug' || lab !== 'running') return false
      if (event.key === ' ') {
        if (!event.repeat) commands.togglePlay()
        return true
      }
      const isKnown = STEPPING.has(event.key) || /^[1-9]$/.test(event.key)
      if (isKnown) commands.act(() => actionOf(event, read()))
      return isKnown
    },
  }
}

const STEPPING = new Set(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'])

/** What a key means at the moment when its turn comes. */
function actionOf(event: KeyboardEvent, { moment }: Model): Action | null {
  if (moment === null) return null
  const { step, last, panes } = moment.snapshot
  const tenth = Math.max(1, Math.round(last / 10))
  switch (event.key) {
    case 'ArrowLeft':
      return event.shiftKey ? { kind: 'finding', by: -1 } : { kind: 'step', by: -1 }
    case 'ArrowRight':
      return event.shiftKey ? { kind: 'finding', by: 1 } : { kind: 'step', by: 1 }
    case 'PageUp':
      return { kind: 'go', to: Math.max(0, step - tenth) }
    case 'PageDown':
      return { kind: 'go', to: Math.min(last, step + tenth) }
    case 'Home':
      return { kind: 'go', to: 0 }
    case 'End':
      return { kind: 'end' }
  }
  const buttons = panes.flatMap((pane) => [...pane.tasks.map((task) => task.run), pane.pass])
  const button = buttons.find((run) => run?.key != null && String(run.key) === event.key)
  return button ? { kind: 'choose', choice: button.choice } : null
}

/** Whether it is a list in which a digit chooses nothing: who has just chosen to schedule goes on with digits. */
function isIdleList(target: Element, key: string): boolean {
  if (!(target instanceof HTMLSelectElement) || !/^[1-9]$/.test(key)) return false
  return [...target.options].every(({ label }) => !label.startsWith(key))
}
