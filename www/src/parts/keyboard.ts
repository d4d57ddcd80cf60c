/** What a view does with keys: who listens to the keyboard of the whole page asks it. */
export type Keyboard = {
  isListOpen(): boolean
  showList(isOpen: boolean): void
  /** Whether the key did something. */
  press(event: KeyboardEvent, target: Element): boolean
  /** Whether somebody who types in this element means the view all the same. */
  isMeant?(target: Element, key: string): boolean
}

/**
 * Listens for keys on the whole page, until it is told to stop. Keys do nothing while somebody types, nor while the list
 * of them is open. Escape closes the list here already: the event `close` of a dialog comes later than the next key can.
 */
export function listenForKeys(keyboard: Keyboard, signal: AbortSignal) {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    const target = event.composedPath()[0]
    if (!(target instanceof Element)) return
    if (isTyping(target) && keyboard.isMeant?.(target, event.key) !== true) return
    const isOpen = keyboard.isListOpen()
    if (event.key === '?' || (isOpen && event.key === 'Escape')) {
      keyboard.showList(!isOpen)
    } else if (isOpen || isWantedBy(target, event.key) || !keyboard.press(event, target)) {
      return
    }
    event.preventDefault()
  }
  addEventListener('keydown', listen, { signal })
}

function isTyping(target: Element): boolean {
  return (
    (target instanceof HTMLInputElement && target.type !== 'range') ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
}

/** Whether the element with the focus needs the key for itself: a button its space bar, a long log its Page Down. The
 *  stage scrolls too, but cannot have the focus: what stands on it leaves these keys to the view. */
function isWantedBy(target: Element, key: string): boolean {
  if (key === ' ') return target.closest('button, a, summary') !== null
  if (!['PageUp', 'PageDown', 'Home', 'End'].includes(key)) return false
  const scroller = target.closest('[data-scrolls][tabindex], .cm-scroller')
  return scroller !== null && scroller.scrollHeight > scroller.clientHeight
}
