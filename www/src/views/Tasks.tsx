import type { RunButton, TaskRow } from '../../pkg/unstuck.js'
import type { Commands } from '../commands'
import { Dot } from './Dot'
import { memo } from './memo'
import { Shape } from './Shape'

type Props = { tasks: readonly TaskRow[]; pass: RunButton | null; commands: Commands }

/** The table "Tasks", and what else can be chosen. */
export const Tasks = memo(function Tasks({ tasks, pass, commands }: Props) {
  return (
    <div class="tasks" data-scrolls tabIndex={0} role="group" aria-label="Tasks and what they wait for">
      <table aria-label="Tasks">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">State</th>
            <th scope="col">Waits for</th>
            <th scope="col" class="tasks-polls">
              Polls
            </th>
          </tr>
        </thead>
        <tbody>
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

const Row = memo(function Row({ task: { tag, tone, state, waits, polls, run }, commands }: { task: TaskRow; commands: Commands }) {
  return (
    <tr class={`tasks-row tasks-row-${tone}`}>
      <th scope="row">
        <Dot tag={tag} />
        {tag.name !== tag.short && <span class="tasks-name">{tag.name}</span>}
      </th>
      <td>
        <span class="tasks-state">
          <Shape tone={tone} />
          {state}
        </span>
      </td>
      <td>
        <span class="tasks-waits">
          {waits}
          {run && <Run run={run} commands={commands} />}
        </span>
      </td>
      <td class="tasks-polls">{polls}</td>
    </tr>
  )
})

function Run({ run: { label, key, choice }, commands }: { run: RunButton; commands: Commands }) {
  return (
    <button class="button tasks-run" onClick={() => commands.act({ kind: 'choose', choice })}>
      {label}
      {key != null && <kbd aria-hidden="true">{key}</kbd>}
    </button>
  )
}
