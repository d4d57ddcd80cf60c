import type { FlowLogLine as LogLine } from '../../pkg/flow/flow.js'

/** The lines up to a step in which every word of the filter occurs, in the name, the time or the text. */
export function shownOf(log: readonly LogLine[], step: number, filter: string): readonly LogLine[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return log.filter((line) => {
    if (line.step > step) return false
    const text = `${line.name} ${line.time} ${line.text}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
