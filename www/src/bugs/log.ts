// Which lines of a log are drawn.
import type { LogLine } from '../../pkg/flags/flags.js'

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
export function countUpTo(lines: readonly LogLine[], step: number): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (lines[middle]!.step <= step) low = middle + 1
    else high = middle
  }
  return low
}

/** The rows to draw, from the first to before the end; `up` and `height` count in rows from the last one. */
export function rowsInView(count: number, up: number, height: number): readonly [number, number] {
  const beyond = up === 0 ? BEYOND_NEWEST : BEYOND
  const end = Math.min(count, Math.max(0, count - Math.floor(up)) + beyond)
  return [Math.max(0, count - Math.ceil(up + height) - beyond), end]
}
