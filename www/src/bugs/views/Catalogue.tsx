import type { BugTitle } from '../../../pkg/lab/lab.js'
import type { Commands } from '../commands'
import { memo } from '../../parts/memo'

type Props = { bugs: readonly BugTitle[]; current: string | null; search: string; commands: Commands }

/** The navigation "Bugs": a link per bug, by family. */
export const Catalogue = memo(function Catalogue({ bugs, current, search, commands }: Props) {
  const found = bugs.filter((bug) => matches(bug, search))
  const families = [...new Set(found.map((bug) => bug.family))]
  return (
    <nav class="catalogue" aria-label="Bugs" data-scrolls>
      <input
        class="field catalogue-search"
        type="search"
        placeholder="Find a bug"
        aria-label="Find a bug"
        value={search}
        onInput={(event) => commands.show({ search: event.currentTarget.value })}
      />
      {families.map((family) => (
        <section key={family} class="catalogue-family">
          <h2>{family}</h2>
          <ul>
            {found
              .filter((bug) => bug.family === family)
              .map((bug) => (
                <li key={bug.id}>
                  <a href={`#/bug/${bug.id}`} aria-current={bug.id === current ? 'page' : undefined} title={bug.sentence}>
                    <span class="catalogue-number" aria-hidden="true">
                      {bug.number}
                    </span>
                    {bug.title}
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
      {found.length === 0 && bugs.length > 0 && <p class="catalogue-none">No bug has these words.</p>}
    </nav>
  )
})

/** Every word must occur somewhere in what the catalogue says of the bug. */
function matches({ title, sentence, family, number }: BugTitle, search: string): boolean {
  const text = `${number} ${title} ${sentence} ${family}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
