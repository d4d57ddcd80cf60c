// What the check tried, as far as it was opened: rows by the moment that they follow.
import type { TreeRow } from '../../pkg/flags/flags.js'

export type Tree = {
  readonly shown: boolean
  /** The rows that were asked for, by pane and moment. */
  readonly rows: Readonly<Record<string, readonly TreeRow[]>>
  /** The moments whose rows are shown. */
  readonly open: ReadonlySet<string>
  /** The row that keys act on, in each pane. */
  readonly focus: readonly (string | null)[]
}

/** A row as it is drawn. */
export type Line = {
  readonly id: string
  readonly row: TreeRow
  readonly level: number
  /** Null when nothing follows. */
  readonly open: boolean | null
  readonly parent: string | null
  readonly place: number
  readonly of: number
}

const PANES = [0, 1]
const ROOT = 0

export const NO_TREE: Tree = { shown: false, rows: {}, open: new Set(), focus: [null, null] }

const keyOf = (pane: number, node: number) => `${pane}:${node}`

/** The open moments whose rows are not known yet. */
export function missing({ shown, rows, open }: Tree): { pane: number; node: number }[] {
  if (!shown) return []
  const wanted = [...PANES.map((pane) => keyOf(pane, ROOT)), ...open]
  return wanted
    .filter((key) => rows[key] === undefined)
    .map((key) => key.split(':').map(Number) as [number, number])
    .map(([pane, node]) => ({ pane, node }))
}

/** A row that stands alone is open: there is nothing to choose before what follows it. */
export function withRows(tree: Tree, pane: number, node: number, rows: readonly TreeRow[]): Tree {
  const [first, second] = rows
  const alone = first?.goesOn && second === undefined ? first.node : null
  return {
    ...tree,
    rows: { ...tree.rows, [keyOf(pane, node)]: rows },
    open: alone == null ? tree.open : new Set([...tree.open, keyOf(pane, alone)]),
  }
}

/** The rows of a pane from top to bottom, as far as they are open. */
export function linesOf(tree: Tree, pane: number): readonly Line[] {
  const lines: Line[] = []
  const add = (node: number, level: number, parent: string | null) => {
    const rows = tree.rows[keyOf(pane, node)] ?? []
    rows.forEach((row, index) => {
      const id = row.node == null ? `${keyOf(pane, node)}/${index}` : keyOf(pane, row.node)
      const open = row.goesOn ? tree.open.has(id) : null
      lines.push({ id, row, level, open, parent, place: index + 1, of: rows.length })
      if (open && row.node != null) add(row.node, level + 1, id)
    })
  }
  add(ROOT, 1, null)
  return lines
}

export function opened(tree: Tree, line: Line, open: boolean): Tree {
  const all = new Set(tree.open)
  if (open) all.add(line.id)
  else all.delete(line.id)
  return { ...tree, open: all }
}

export const focused = (tree: Tree, pane: number, id: string): Tree => ({
  ...tree,
  focus: tree.focus.map((other, index) => (index === pane ? id : other)),
})

/** What a key does in a tree, as everywhere; null for a key that means nothing there. */
export function pressed(tree: Tree, pane: number, key: string): Tree | null {
  const lines = linesOf(tree, pane)
  const at = Math.max(0, lines.findIndex(({ id }) => id === tree.focus[pane]))
  const line = lines[at]
  if (line === undefined) return null
  const move = (to: Line | undefined) => (to === undefined ? tree : focused(tree, pane, to.id))
  switch (key) {
    case 'ArrowDown':
      return move(lines[at + 1])
    case 'ArrowUp':
      return move(lines[at - 1])
    case 'Home':
      return move(lines[0])
    case 'End':
      return move(lines.at(-1))
    case 'ArrowRight':
      return line.open === false ? opened(tree, line, true) : line.open ? move(lines[at + 1]) : tree
    case 'ArrowLeft':
      return line.open ? opened(tree, line, false) : move(lines.find(({ id }) => id === line.parent))
    default:
      return null
  }
}
