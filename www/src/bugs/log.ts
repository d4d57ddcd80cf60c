// Which lines of a log are drawn, and where. What does not fit into a line goes on below it, so lines differ in height:
// how high each is is known before any of them is drawn.
import type { LogLine } from '../../pkg/flags/flags.js'
import { firstBeyond } from './timeline/layout'

/** The height of a line of the log, and of each line that its words go on in, in pixels; the style sheet has both. */
const ROW = 20
const NEXT_ROW = 15

/** Lines that are drawn beyond each edge, so that a quick scroll meets no gap. */
const BEYOND = 10

/** The same while the newest line is in view: a step draws all of them anew, and nobody scrolls. */
const BEYOND_NEWEST = 2

/** The lines in which every word of the filter occurs, in the task, the time or the text. */
export function matching(log: readonly LogLine[], filter: string): readonly LogLine[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return log
  return log.filter(({ tag, text, time }) => {
    const line = `${tag?.name ?? ''} ${time} ${text}`.toLowerCase()
    return words.every((word) => line.includes(word))
  })
}

/** How many lines belong to a step up to `step`. Lines are in the order of their steps. */
export const countUpTo = (lines: readonly LogLine[], step: number) =>
  firstBeyond(lines.length, (index) => lines[index]!.step > step)

/** The upper edge of each line, and at last the lower edge of the last one, where texts have `width` pixels. */
export function edgesOf(lines: readonly LogLine[], width: number): readonly number[] {
  const widthOf = pen()
  const edges = [0]
  for (const { text } of lines) edges.push(edges.at(-1)! + ROW + NEXT_ROW * (rowsOf(text, width, widthOf) - 1))
  return edges
}

/** The lines to draw of the first `count`, from the first to before the end, when the view is scrolled up by `up`. */
export function linesInView(
  edges: readonly number[],
  count: number,
  { up, height }: { up: number; height: number },
): readonly [number, number] {
  const beyond = up === 0 ? BEYOND_NEWEST : BEYOND
  const below = edges[count]! - up
  const first = firstBeyond(count, (index) => edges[index + 1]! > below - height)
  const end = firstBeyond(count, (index) => edges[index]! >= below)
  return [Math.max(0, first - beyond), Math.min(count, end + beyond)]
}

/** How many rows a text is broken into between its words. A word that is wider than a row is broken itself. */
function rowsOf(text: string, width: number, widthOf: (text: string) => number): number {
  if (width <= 0 || widthOf(text) <= width) return 1
  let rows = 1
  let from = 0
  for (const { index, 0: word } of text.matchAll(/\S+/g)) {
    const end = index + word.length
    if (widthOf(text.slice(from, end)) <= width) continue
    if (index > from) rows += 1
    rows += Math.ceil(widthOf(word) / width) - 1
    from = index
  }
  return rows
}

/** Measures a text in the font of a log. */
function pen(): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')!
  context.font = `12px ${getComputedStyle(document.body).fontFamily}`
  return (text) => context.measureText(text).width
}
