import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './Icon'

/** Keys and what they do, in the order in which they are listed. */
export type KeyList = readonly (readonly [keys: readonly string[], what: string])[]

type Commands = { show(change: { keysOpen: boolean }): void }

/** The button that opens the list of the keys. */
export function KeysButton({ commands }: { commands: Commands }) {
  return (
    <button
      class="button button-icon"
      aria-label="Keys"
      title="Keys"
      onClick={() => commands.show({ keysOpen: true })}
    >
      <span aria-hidden="true">?</span>
    </button>
  )
}

type Props = { list: KeyList; open: boolean; commands: Commands; children?: ComponentChildren }

/** The dialog that lists the keys of a view, and below them what else there is to know. */
export function Keys({ list, open, commands, children }: Props) {
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
        {list.map(([keys, what]) => (
          <div key={what} class="keys-row">
            <dt>
              {keys.map((key) => (key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="keys-note">Keys do nothing while you type in a field.</p>
      {children}
    </dialog>
  )
}
