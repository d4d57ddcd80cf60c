import type { Action } from '../../pkg/flags/flags.js'
import { isTyping, isWantedBy } from '../bugs/keys'
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

/** Listens for keys on the whole page: those of the playback work while the same run in virtual time is open. */
export function listenForKeys(read: () => Ui, commands: Commands, signal: AbortSignal) {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || isTyping(target)) return
    const { keysOpen, replay } = read()
    if (event.key === '?') {
      commands.show({ keysOpen: !keysOpen })
      return event.preventDefault()
    }
    if (keysOpen || replay === null || isWantedBy(target, event.key)) return
    if (event.key === ' ') {
      if (!event.repeat) commands.replay.togglePlay()
      return event.preventDefault()
    }
    const action = actionOf(event.key, replay)
    if (action === null) return
    commands.replay.act(action)
    event.preventDefault()
  }
  addEventListener('keydown', listen, { signal })
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
