import type { ComponentChildren } from 'preact'
import type { Theme } from '../theme'
import { VIEWS } from '../views'
import { Icon } from './Icon'

const THEME_NAMES: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' }

type Props = {
  /** The address of the view that is shown. */
  view: string
  theme: Theme
  /** What belongs to the view alone. */
  children?: ComponentChildren
  onTheme(): void
}

/** The bar at the top: the brand, the views, and what belongs to the whole page. */
export function Header({ view, theme, children, onTheme }: Props) {
  const themeName = `Theme: ${THEME_NAMES[theme]}`
  return (
    <header class="header">
      <a class="header-brand" href="#/" aria-label="unstuck">
        <Mark />
        <span>unstuck</span>
      </a>
      {VIEWS.length > 1 && (
        <nav class="header-views" aria-label="Views">
          {VIEWS.map(({ title, address }) => (
            <a key={address} href={address} data-title={title} aria-current={address === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      )}
      <p class="header-motto">Step through async bugs until they cannot happen.</p>
      {children}
      <button class="button button-icon" aria-label={themeName} title={themeName} onClick={onTheme}>
        <Icon name={theme} />
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
