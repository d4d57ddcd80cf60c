import { useLayoutEffect, useRef } from 'preact/hooks'
import type { BugTitle } from '../../../pkg/flags/flags.js'
import { bringIntoView } from '../../parts/intoView'
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
