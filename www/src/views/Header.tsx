import type { Commands } from '../commands'
import type { Ui } from '../model'
import type { Theme } from '../theme'
import { CopyLink } from './CopyLink'
import { Icon } from './Icon'

const THEME_NAMES: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' }

/** The bar at the top: the brand, and what belongs to the whole page. */
export function Header({ ui, link, commands }: { ui: Ui; link: string | null; commands: Commands }) {
  const theme = `Theme: ${THEME_NAMES[ui.theme]}`
  return (
    <header class="header">
      <a class="header-brand" href="./">
        <Mark />
        unstuck
      </a>
      <p class="header-motto">Step through async bugs until they cannot happen.</p>
      <CopyLink copied={ui.copied} link={link} commands={commands} />
      <button class="button button-icon" aria-label={theme} title={theme} onClick={() => commands.nextTheme()}>
        <Icon name={ui.theme} />
      </button>
      <button class="button button-icon" aria-label="Keys" title="Keys" onClick={() => commands.show({ keysOpen: true })}>
        <span aria-hidden="true">?</span>
      </button>
    </header>
  )
}

function Mark() {
  return (
    <svg class="header-mark" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <rect x="1" y="1" width="20" height="20" rx="6" />
      <path d="M6 7v4a5 5 0 0 0 10 0V6" />
      <path d="m13 8.2 3-2.8 3 2.8" />
    </svg>
  )
}
