import { Icon } from './Icon'
import type { Copied } from './copy'

type Commands = { copyLink(): void; show(change: { copied: 'no' }): void }
type Props = { copied: Copied; link: string | null; commands: Commands }

/** The button "Copy link", and what became of it. */
export function CopyLink({ copied, link, commands }: Props) {
  return (
    <div class="copy">
      <button class="button" disabled={link === null} onClick={() => commands.copyLink()}>
        Copy link
      </button>
      <span class={`copy-said ${copied === 'yes' ? 'copy-said-shown' : ''}`} role="status" aria-label="Link">
        {copied === 'yes' ? 'Copied' : ''}
      </span>
      {copied === 'byHand' && (
        <div class="copy-by-hand">
          <input class="field" aria-label="Link to this moment" readOnly value={link ?? ''} ref={select} />
          <button
            class="button button-icon"
            aria-label="Close the link"
            onClick={() => commands.show({ copied: 'no' })}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  )
}

/** The clipboard is out of reach, so the link stands selected for the person to copy. */
function select(input: HTMLInputElement | null) {
  input?.select()
}
