import type { Figure } from '../../../pkg/live/live.js'
import { memo } from '../../parts/memo'

/** Numbers with their names, in a row. */
export const Figures = memo(function Figures({ name, figures }: { name: string; figures: readonly Figure[] }) {
  return (
    <dl class="figures" aria-label={name}>
      {figures.map(({ name, value, tone }) => (
        <div key={name} class={`figure figure-${tone}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
})
