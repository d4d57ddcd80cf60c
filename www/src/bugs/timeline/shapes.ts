// Lanes as paths: one path for each tone of a lane, so that a long run costs few elements.
import type { Lane, Span, Tone } from '../../../pkg/flags/flags.js'
import { LANE, firstBeyond } from './layout'

/** A stretch of the time axis, in units. */
export type Range = { readonly from: number; readonly to: number }

const BAR = 8

/** The path of each tone that occurs within the range. */
export function lanePaths(
  lane: Pick<Lane, 'spans'>,
  y: number,
  zoom: number,
  range: Range,
): readonly (readonly [Tone, string])[] {
  const paths = new Map<Tone, string>()
  const first = firstBeyond(lane.spans.length, (index) => lane.spans[index]!.to > range.from)
  for (let index = first; index < lane.spans.length; index += 1) {
    const span = lane.spans[index]!
    if (span.from > range.to) break
    paths.set(span.tone, (paths.get(span.tone) ?? '') + spanPath(span, y, zoom))
  }
  return [...paths]
}

function spanPath({ from, to, tone }: Span, y: number, zoom: number): string {
  const start = from * zoom
  const width = (to - from) * zoom
  if (tone !== 'running' && tone !== 'ready') return `M${px(start)} ${px(y + LANE / 2)}h${px(width)}`
  // Half a pixel of air on both sides, so that polls that follow each other can be counted.
  const inset = Math.min(1, width / 4)
  const top = y + (LANE - BAR) / 2
  return `M${px(start + inset)} ${px(top)}h${px(width - 2 * inset)}v${BAR}h${px(2 * inset - width)}z`
}

/** A zig-zag down the middle of a stretch of time that was folded. */
export function zigzag(x: number, from: number, to: number): string {
  let path = `M${px(x)} ${px(from)}`
  for (let y = from, side = 1; y + 5 <= to; y += 5, side = -side) path += `L${px(x + side * 2.5)} ${px(y + 5)}`
  return path
}

/** A bow from the lane that woke to the lane that was woken. */
export function bow(x: number, from: number, to: number): string {
  const start = from + LANE / 2
  const end = to + LANE / 2 + (to > from ? -4 : 4)
  return `M${px(x)} ${px(start)}C${px(x + 9)} ${px(start)} ${px(x + 9)} ${px(end)} ${px(x + 1.5)} ${px(end)}`
}

/** A path's numbers need no more than tenths of a pixel. */
const px = (value: number) => Math.round(value * 10) / 10
