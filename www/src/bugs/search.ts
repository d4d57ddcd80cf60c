import type { BugTitle } from '../../pkg/flags/flags.js'

/** The bugs in whose words every word of the search occurs. */
export const found = (bugs: readonly BugTitle[], search: string): readonly BugTitle[] =>
  bugs.filter((bug) => matches(bug, search))

/** The families of some bugs, each once. */
export const familiesOf = (bugs: readonly BugTitle[]): readonly string[] => [
  ...new Set(bugs.map((bug) => bug.family)),
]

function matches({ title, sentence, family, origins }: BugTitle, search: string): boolean {
  const seen = origins.map(({ text }) => text).join(' ')
  const text = `${title} ${sentence} ${family} ${seen}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
