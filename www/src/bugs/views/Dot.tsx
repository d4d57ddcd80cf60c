import type { TaskTag } from '../../../pkg/flags/flags.js'

/** A task's marker: its letters on its colour. */
export function Dot({ tag }: { tag: TaskTag }) {
  return (
    <span class={`dot task-${tag.colour}`} title={tag.name}>
      {tag.short}
    </span>
  )
}
