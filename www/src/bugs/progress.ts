// Which bugs a person has broken and understood, kept in the browser.

export type Progress = { readonly broken: ReadonlySet<string>; readonly understood: ReadonlySet<string> }

const KEY = 'unstuck.progress'

export const NO_PROGRESS: Progress = { broken: new Set(), understood: new Set() }

export function storedProgress(): Progress {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const { broken, understood } = (stored ?? {}) as Record<string, unknown>
    return { broken: wordsOf(broken), understood: wordsOf(understood) }
  } catch {
    return NO_PROGRESS
  }
}

/** Keeps it where there is storage; without, it lasts as long as the page. */
export function storeProgress({ broken, understood }: Progress) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ broken: [...broken], understood: [...understood] }))
  } catch {
    // There is nothing to be done about it, and nothing depends on it.
  }
}

const wordsOf = (list: unknown): ReadonlySet<string> =>
  new Set(Array.isArray(list) ? list.filter((word) => typeof word === 'string') : [])

/** The set with a word, or without it. */
export function marked(words: ReadonlySet<string>, word: string, on: boolean): ReadonlySet<string> {
  const all = new Set(words)
  if (on) all.add(word)
  else all.delete(word)
  return all
}
