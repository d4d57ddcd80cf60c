/** The system's preference, or one that was chosen with the switch. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'unstuck.theme'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

export const nextTheme = (theme: Theme): Theme => NEXT[theme]

export function storedTheme(): Theme {
  try {
    const theme = localStorage.getItem(KEY)
    return theme === 'light' || theme === 'dark' ? theme : 'system'
  } catch {
    return 'system'
  }
}

/** Shows a theme, and keeps it where there is storage. */
export function applyTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // The theme then lasts as long as the page.
  }
}
