import type { Action } from '../../pkg/flags/flags.js'
import type { Keyboard } from '../parts/keyboard'
import type { KeyList } from '../parts/Keys'
import type { Commands } from './commands'
import type { ReplayUi, Ui } from './model'

/** The keys and what they do, in the order of the dialog "Keys". */
export const KEYS: KeyList = [
  [['Space'], 'In the same run in virtual time: play or pause'],
  [['←', '→'], 'One step back or forward in it'],
  [['Page Up', 'Page Down'], 'A tenth of it back or forward'],
  [['Home', 'End'], 'Its beginning or its end'],
  [['?'], 'Show or close this list'],
]

/** What the runner does with keys: those of the playback work while the same run in virtual time is open. */
export function keyboardOf(read: () => Ui, commands: Commands): Keyboard {
  return {
    isListOpen: () => read().keysOpen,
    showList: (keysOpen) => commands.show({ keysOpen }),
    press(event) {
      const { replay } = read()
      if (replay === null) return false
      if (event.key === ' ') {
        if (!event.repeat) commands.replay.togglePlay()
        return true
      }
      const action = actionOf(event.key, replay)
      if (action !== null) commands.replay.act(action)
      return action !== null
    },
  }
}

function actionOf(key: string, { still: { step, last } }: ReplayUi): Action | null {
  const tenth = Math.max(1, Math.round(last / 10))
  switch (key) {
    case 'ArrowLeft':
      return { kind: 'step', by: -1 }
    case 'ArrowRight':
      return { kind: 'step', by: 1 }
    case 'PageUp':
      return { kind: 'go', to: Math.max(0, step - tenth) }
    case 'PageDown':
      return { kind: 'go', to: Math.min(last, step + tenth) }
    case 'Home':
      return { kind: 'reset' }
    case 'End':
      return { kind: 'end' }
    default:
      return null
  }
}
