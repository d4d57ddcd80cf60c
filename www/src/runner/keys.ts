import type { Action } from '../../pkg/flags/flags.js'
import { isTyping, isWantedBy } from '../bugs/keys'
import type { Commands } from './commands'
import type { ReplayUi } from './model'

/** The keys of the playback, while the same run in virtual time is open: those of the bugs. */
export function listenForKeys(read: () => ReplayUi | null, commands: Commands['replay'], signal: AbortSignal) {
  const listen = (event: KeyboardEvent) => {
    const replay = read()
    if (replay === null || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || isTyping(target) || isWantedBy(target, event.key)) return
    if (event.key === ' ') {
      if (!event.repeat) commands.togglePlay()
      return event.preventDefault()
    }
    const action = actionOf(event.key, replay)
    if (action === null) return
    commands.act(action)
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
