/**
 * `next`, with every part that equals its counterpart in `before` replaced by that counterpart.
 *
 * Two snapshots that follow each other have most of their parts in common; sharing them lets a view see by identity
 * that it has nothing to draw.
 */
export function share<T>(before: T, next: T): T {
  return sharePart(before, next) as T
}

function sharePart(before: unknown, next: unknown): unknown {
  if (Object.is(before, next) || !isPart(before) || !isPart(next)) return next
  if (Array.isArray(before) !== Array.isArray(next)) return next
  const keys = Object.keys(next)
  let same = keys.length === Object.keys(before).length
  for (const key of keys) {
    next[key] = sharePart(before[key], next[key])
    same &&= Object.is(before[key], next[key])
  }
  return same ? before : next
}

type Part = Record<string, unknown>

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null
