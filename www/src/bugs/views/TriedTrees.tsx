import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Commands } from '../commands'
import { focused, type Line, linesOf, opened, pressed, type Tree } from '../tree'
import { Shape } from './Shape'

type Props = { tree: Tree; commands: Commands }

/** What the check tried in each version: decisions, and what came of them. A row leads to its moment. */
export function TriedTrees({ tree, commands }: Props) {
  return (
    <section class="tried" aria-label="What was tried">
      <p class="tried-what">
        Each row is a decision: who runs next, and how many of the schedules that go on from there fail. A row leads to
        its moment.
      </p>
      <TriedTree name="Buggy" pane={0} tree={tree} commands={commands} />
      <TriedTree name="Fixed" pane={1} tree={tree} commands={commands} />
    </section>
  )
}

function TriedTree({ name, pane, tree, commands }: Props & { name: string; pane: number }) {
  const list = useRef<HTMLDivElement>(null)
  const lines = linesOf(tree, pane)
  const focus = lines.find(({ id }) => id === tree.focus[pane])?.id ?? lines[0]?.id
  // The row that keys act on has the focus for as long as the tree has it.
  useLayoutEffect(() => {
    if (list.current!.contains(document.activeElement)) {
      list.current!.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
    }
  }, [focus])
  const press = (event: KeyboardEvent) => {
    const line = lines.find(({ id }) => id === focus)
    if ((event.key === 'Enter' || event.key === ' ') && line !== undefined) commands.goTo(line.row)
    else {
      const next = pressed(tree, pane, event.key)
      if (next === null || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
      commands.showTree(next)
    }
    event.preventDefault()
  }
  return (
    <div class="tried-version">
      <h2>{name}</h2>
      <div ref={list} class="tried-rows" role="tree" aria-label={`Tried, ${name}`} data-scrolls onKeyDown={press}>
        {lines.map((line) => (
          <Row
            key={line.id}
            line={line}
            tabIndex={line.id === focus ? 0 : -1}
            onGo={() => {
              commands.showTree(focused(tree, pane, line.id))
              commands.goTo(line.row)
            }}
            onToggle={() => commands.showTree(opened(focused(tree, pane, line.id), line, !line.open))}
          />
        ))}
      </div>
    </div>
  )
}

type RowProps = { line: Line; tabIndex: number; onGo(): void; onToggle(): void }

function Row({ line: { row, level, open, place, of }, tabIndex, onGo, onToggle }: RowProps) {
  return (
    <div
      class={`tried-row tried-${row.tone}`}
      style={{ '--level': level - 1 }}
      role="treeitem"
      aria-level={level}
      aria-posinset={place}
      aria-setsize={of}
      aria-expanded={open ?? undefined}
      tabIndex={tabIndex}
      onClick={onGo}
    >
      <span
        class={`tried-toggle ${open === null ? '' : open ? 'tried-toggle-open' : 'tried-toggle-shut'}`}
        aria-hidden="true"
        onClick={(event) => {
          if (open === null) return
          event.stopPropagation()
          onToggle()
        }}
      />
      <span class="tried-label">{row.label}</span>
      {row.tone !== 'quiet' && <Shape tone={row.tone} />}
      <span class="tried-detail">{row.detail}</span>
    </div>
  )
}
