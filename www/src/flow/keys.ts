import type { FlowAction as Action } from '../../pkg/flow/flow.js'
import type { Keyboard } from '../parts/keyboard'
import type { KeyList } from '../parts/Keys'
import type { Commands } from './commands'
import type { Model } from './model'

/** The keys and what they do, in the order of the dialog "Keys". */
export const KEYS: KeyList = [
  [['Space'], 'Play or pause; in real time, run'],
  [['←', '→'], 'One step back or forward'],
  [['Page Up', 'Page Down'], 'A tenth of the run back or forward'],
  [['Home', 'End'], 'The beginning or the end; in real time, Home resets'],
  [['s'], 'Ask everything in it to stop'],
  [['?'], 'Show or close this list'],
]

/** What the pipelines do with keys. */
export function keyboardOf(read: () => Model, commands: Commands): Keyboard {
  return {
    isListOpen: () => read().ui.keysOpen,
    showList: (keysOpen) => commands.show({ keysOpen }),
    press(event, target) {
      // The sliders of the settings keep their arrows.
      if (read().ui.lab !== 'running' || target instanceof HTMLInputElement) return false
      if (event.key === ' ') {
        if (!event.repeat) commands.togglePlay()
        return true
      }
      const isKnown = ACTING.has(event.key)
      if (isKnown) commands.act(() => actionOf(event.key, read()))
      return isKnown
    },
  }
}

const ACTING = new Set(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 's'])

/** What a key means at the moment when its turn comes. */
function actionOf(key: string, { moment }: Model): Action | null {
  if (moment === null) return null
  const { step, last, clock, canStop } = moment.snapshot
  if (key === 's') return canStop ? { kind: 'act', value: 'stop' } : null
  if (clock === 'real') return key === 'Home' ? { kind: 'reset' } : null
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
      return { kind: 'go', to: 0 }
    default:
      return { kind: 'end' }
  }
}
