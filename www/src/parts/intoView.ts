/** Scrolls the list, and nothing around it, to the link of what is shown; it is a column or, on a narrow page, a row. */
export function bringIntoView(nav: HTMLElement) {
  const link = nav.querySelector('[aria-current]')?.getBoundingClientRect()
  if (link === undefined) return
  const { left, right, top, bottom } = nav.getBoundingClientRect()
  if (link.right > right || link.left < left) nav.scrollLeft += (link.left + link.right - left - right) / 2
  if (link.bottom > bottom || link.top < top) nav.scrollTop += (link.top + link.bottom - top - bottom) / 2
}
