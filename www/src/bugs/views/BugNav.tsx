import { useLayoutEffect, useRef } from 'preact/hooks'
import type { BugTitle } from '../../../pkg/flags/flags.js'
import { memo } from '../../parts/memo'
import type { Commands } from '../commands'
import type { Progress } from '../progress'
import { familiesOf, found } from '../search'
import { Search } from './Search'
import { Shape } from './Shape'

type Props = {
  bugs: readonly BugTitle[]
  current: string | null
  search: string
  progress: Progress
  commands: Commands
}

/** Scrolls the list, and nothing around it, to the bug that is shown; it is a column or, on a narrow page, a row. */
function bringIntoView(nav: HTMLElement) {
  const link = nav.querySelector('[aria-current]')?.getBoundingClientRect()
  if (link === undefined) return
  const { left, right, top, bottom } = nav.getBoundingClientRect()
  if (link.right > right || link.left < left) nav.scrollLeft += (link.left + link.right - left - right) / 2
  if (link.bottom > bottom || link.top < top) nav.scrollTop += (link.top + link.bottom - top - bottom) / 2
}

/** The navigation "Bugs" beside a bug: a link per bug, by family. */
export const BugNav = memo(function BugNav({ bugs, current, search, progress, commands }: Props) {
  const shown = found(bugs, search)
  const nav = useRef<HTMLElement>(null)
  useLayoutEffect(() => bringIntoView(nav.current!), [current, bugs])
  return (
    <nav ref={nav} class="sidenav" aria-label="Bugs" data-scrolls>
      <Search search={search} commands={commands} />
      {familiesOf(shown).map((family) => (
        <section key={family} class="sidenav-family">
          <h2>{family}</h2>
          <ul>
            {shown
              .filter((bug) => bug.family === family)
              .map((bug) => (
                <li key={bug.id}>
                  <a href={`#/bug/${bug.id}`} aria-current={bug.id === current ? 'page' : undefined} title={bug.sentence}>
                    <span class="sidenav-number" aria-hidden="true">
                      {bug.number}
                    </span>
                    <span class="sidenav-title">{bug.title}</span>
                    {progress.understood.has(bug.id) && <Shape tone="good" />}
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
      {shown.length === 0 && bugs.length > 0 && <p class="sidenav-none">No bug has these words.</p>}
    </nav>
  )
})
