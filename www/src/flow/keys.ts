import type { FlowAction as Action } from '../../pkg/flow/flow.js'
import { isTyping } from '../bugs/keys'
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

/** Listens for keys on the whole page, until it is told to stop. */
export function listenForKeys(read: () => Model, commands: Commands, signal: AbortSignal) {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || isTyping(target)) return
    if (event.key === '?') {
      commands.show({ keysOpen: !read().ui.keysOpen })
      return event.preventDefault()
    }
    const { keysOpen, lab } = read().ui
    if (keysOpen || lab !== 'running' || isWantedBy(target, event.key)) return
    if (event.key === ' ') {
      if (!event.repeat) commands.togglePlay()
    } else if (ACTING.has(event.key)) {
      commands.act(() => actionOf(event.key, read()))
    } else {
      return
    }
    event.preventDefault()
  }
  addEventListener('keydown', listen, { signal })
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

/** Whether the element with the focus needs the key for itself: a field its letters, a button its space bar, a long
 *  log its Page Down. */
function isWantedBy(target: Element, key: string): boolean {
  if (target.closest('input, select, textarea') !== null) return true
  if (key === ' ') return target.closest('button, a, summary') !== null
  if (!['PageUp', 'PageDown', 'Home', 'End'].includes(key)) return false
  return target.matches('[data-scrolls]') && target.scrollHeight > target.clientHeight
}
