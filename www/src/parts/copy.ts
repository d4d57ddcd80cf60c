/** What came of copying: nothing yet, copied, or shown to be copied by hand. */
export type Copied = 'no' | 'yes' | 'byHand'

/** How long "Copied" stays, in milliseconds. */
const STAYS = 1600

/** Puts a text on the clipboard, and tells what came of it. */
export async function copy(text: string, tell: (copied: Copied) => void) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    return tell('byHand')
  }
  tell('yes')
  setTimeout(() => tell('no'), STAYS)
}
