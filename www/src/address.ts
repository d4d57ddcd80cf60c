/** Browsers refuse more than about a hundred changes of the address in half a minute; a drag would make more. */
const PAUSE = 150

/** A change of the address takes longer than a view: what it is the address of is painted first. */
const SOON = 30

let pending: string | null = null
let waiting = false

/** Writes the address of what is shown, without a step in the browser's history. */
export function writeAddress(address: string) {
  pending = address
  if (!waiting) flushAfter(SOON)
}

/** Hears of addresses that came from outside, a link, the history, an edit, until it is told to stop. */
export function onAddress(open: (address: string) => void, signal: AbortSignal) {
  const hear = ({ newURL }: HashChangeEvent) => {
    pending = null
    // Not `location.hash`, which an answer may have replaced since.
    open(new URL(newURL).hash)
  }
  addEventListener('hashchange', hear, { signal })
}

/** The whole link to an address such as `#/bug/stuck-flag?step=17`. */
export const linkTo = (address: string) => new URL(address, location.href).href

function flushAfter(milliseconds: number) {
  waiting = true
  setTimeout(() => {
    waiting = false
    if (pending !== null) flush(pending)
  }, milliseconds)
}

function flush(address: string) {
  if (address !== location.hash) history.replaceState(null, '', address)
  pending = null
  flushAfter(PAUSE)
}
