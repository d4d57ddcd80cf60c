import type { Commands } from '../commands'

/** The field that finds bugs by their words. */
export function Search({ search, commands }: { search: string; commands: Commands }) {
  return (
    <input
      class="field search"
      type="search"
      placeholder="Find a bug"
      aria-label="Find a bug"
      value={search}
      onInput={(event) => commands.show({ search: event.currentTarget.value })}
    />
  )
}
