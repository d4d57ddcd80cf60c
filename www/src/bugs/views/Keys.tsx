import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Commands } from '../commands'
import { KEYS } from '../keys'
import { Icon } from '../../parts/Icon'

/** The dialog that lists the keys. */
export function Keys({ open, commands }: { open: boolean; commands: Commands }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    if (open) dialog.current!.showModal()
    else dialog.current!.close()
  }, [open])
  return (
    <dialog ref={dialog} class="keys" aria-label="Keys" onClose={() => commands.show({ keysOpen: false })}>
      <div class="keys-header">
        <h2>Keys</h2>
        <button
          class="button button-icon button-bare"
          aria-label="Close"
          onClick={() => commands.show({ keysOpen: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={what} class="keys-row">
            <dt>
              {keys.map((key) => (key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="keys-note">Keys do nothing while you type in a field.</p>
    </dialog>
  )
}
