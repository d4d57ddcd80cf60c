import type { RunButton, TaskRow } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import { Dot } from './Dot'
import { memo } from '../../parts/memo'
import { Shape } from './Shape'

/** A table with more rows is drawn only where it is in view. */
const LONG = 60

type Props = { tasks: readonly TaskRow[]; pass: RunButton | null; commands: Pick<Commands, 'act'> }

/** The table "Tasks", and what else can be chosen. */
export const Tasks = memo(function Tasks({ tasks, pass, commands }: Props) {
  return (
    <div class={`tasks ${tasks.length > LONG ? 'tasks-long' : ''}`} data-scrolls tabIndex={0} role="group" aria-label="Tasks and what they wait for">
      {/* Rows are grids, which a browser may skip while they are out of view; so the roles are spelt out. */}
      <table role="table" aria-label="Tasks">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader">Task</th>
            <th role="columnheader">State</th>
            <th role="columnheader">For what, or why</th>
            <th role="columnheader" class="tasks-polls">
              Polls
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {tasks.map((task) => (
            <Row key={task.tag.name} task={task} commands={commands} />
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

const Row = memo(function Row({ task: { tag, tone, state, waits, polls, run }, commands }: { task: TaskRow; commands: Pick<Commands, 'act'> }) {
  return (
    <tr role="row" class={`tasks-row tasks-row-${tone}`}>
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
