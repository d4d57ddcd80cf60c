import type { StateCell } from '../../../pkg/flags/flags.js'
import { memo } from '../../parts/memo'

/** The state that the bug is about; what this step changed is outlined. */
export const Cells = memo(function Cells({ cells }: { cells: readonly StateCell[] }) {
  return (
    <dl class="cells" aria-label="State">
      {cells.map(({ name, value, changed, tone }) => (
        <div key={name} class={`cell cell-${tone} ${changed ? 'cell-changed' : ''}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
})
