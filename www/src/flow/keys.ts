import type { FlowAction as Action } from '../../pkg/live/live.js'
import type { Commands } from './commands'
import type { Model } from './model'

/** Listens for keys on the whole page, until it is told to stop: space plays, arrows step, Home and End jump. */
export function listenForKeys(read: () => Model, commands: Commands, signal: AbortSignal) {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || read().ui.lab !== 'running' || isWantedBy(target, event.key)) return
    if (event.key === ' ') {
      if (!event.repeat) commands.togglePlay()
    } else if (STEPPING.has(event.key)) {
      commands.act(() => actionOf(event.key, read()))
    } else {
      return
    }
    event.preventDefault()
  }
  addEventListener('keydown', listen, { signal })
}

const STEPPING = new Set(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'])

/** What a key means at the moment when its turn comes. */
function actionOf(key: string, { moment }: Model): Action | null {
  if (moment === null || moment.snapshot.clock === 'real') return null
  const { step, last } = moment.snapshot
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
