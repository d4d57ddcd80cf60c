import { useLayoutEffect, useRef } from 'preact/hooks'
import type { RunButton, TaskRow } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import type { TasksUi } from '../model'
import { Dot } from './Dot'
import { memo } from '../../parts/memo'
import { Shape } from './Shape'

/** Rows that are drawn beyond each edge of the view. */
const BEYOND = 3

type Props = {
  tasks: readonly TaskRow[]
  pass: RunButton | null
  commands: Pick<Commands, 'act'>
  /** Of a table that may be long only what is in view is drawn. */
  view?: TasksUi
  onView?(view: TasksUi): void
}

/** The table "Tasks", and what else can be chosen. */
export const Tasks = memo(function Tasks({ tasks, pass, commands, view, onView }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const report = () => onView?.(viewOf(scroller.current!))
  useLayoutEffect(() => {
    const observer = new ResizeObserver(report)
    if (onView !== undefined) observer.observe(scroller.current!)
    return () => observer.disconnect()
  }, [])
  const row = view?.row ?? 0
  const [first, end] = inView(tasks.length, view)
  return (
    <div
      ref={scroller}
      class={`tasks ${view === undefined ? '' : 'tasks-long'}`}
      data-scrolls
      tabIndex={0}
      role="group"
      aria-label="Tasks and what they wait for"
      onScroll={onView && report}
    >
      {/* Rows are grids, of which not all may be drawn; so the roles are spelt out. */}
      <table role="table" aria-label="Tasks" aria-rowcount={tasks.length + 1}>
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            <th role="columnheader">Task</th>
            <th role="columnheader">State</th>
            <th role="columnheader">Reason</th>
            <th role="columnheader" class="tasks-polls">
              Polls
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" style={view && { padding: `${first * row}px 0 ${(tasks.length - end) * row}px` }}>
          {tasks.slice(first, end).map((task, index) => (
            <Row key={task.tag.name} task={task} index={first + index + 2} commands={commands} />
          ))}
        </tbody>
      </table>
      {pass && (
        <p class="tasks-pass">
          <Run run={pass} commands={commands} />
        </p>
      )}
    </div>
  )
})

function viewOf(scroller: HTMLElement): TasksUi {
  const row = parseFloat(getComputedStyle(scroller).getPropertyValue('--task-row'))
  return { top: scroller.scrollTop, height: scroller.clientHeight, row }
}

/** The rows to draw, from the first to before the end. */
function inView(count: number, view: TasksUi | undefined): readonly [number, number] {
  if (view === undefined || view.row === 0) return [0, count]
  const end = Math.min(count, Math.ceil((view.top + view.height) / view.row) + BEYOND)
  return [Math.max(0, Math.min(end, Math.floor(view.top / view.row) - BEYOND)), end]
}

type RowProps = { task: TaskRow; index: number; commands: Pick<Commands, 'act'> }

const Row = memo(function Row({ task: { tag, tone, state, waits, polls, run }, index, commands }: RowProps) {
  return (
    <tr role="row" class={`tasks-row tasks-row-${tone}`} aria-rowindex={index}>
      <th role="rowheader">
        <Dot tag={tag} />
        {tag.name !== tag.short && <span class="tasks-name">{tag.name}</span>}
      </th>
      <td role="cell">
        <span class="tasks-state">
          <Shape tone={tone} />
          {state}
        </span>
      </td>
      <td role="cell">
        <span class="tasks-waits">
          {waits}
          {run && <Run run={run} commands={commands} />}
        </span>
      </td>
      <td role="cell" class="tasks-polls">{polls}</td>
    </tr>
  )
})

function Run({ run: { label, key, choice }, commands }: { run: RunButton; commands: Pick<Commands, 'act'> }) {
  return (
    <button class="button tasks-run" onClick={() => commands.act({ kind: 'choose', choice })}>
      {label}
      {key != null && <kbd aria-hidden="true">{key}</kbd>}
    </button>
  )
}
