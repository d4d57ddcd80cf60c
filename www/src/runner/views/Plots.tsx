import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Plot as PlotData } from '../../../pkg/live/live.js'
import { memo } from '../../parts/memo'
import type { Theme } from '../../theme'
import { plotIn } from '../plot'

const TITLES = ['Queue', 'In flight', 'Throughput', 'Latency']

/** The last minute in numbers: each plot says in words what it shows now, in the colours of its lines. */
export const Plots = memo(function Plots({ plots, theme }: { plots: readonly PlotData[]; theme: Theme }) {
  return (
    <section class="plots" aria-label="Plots">
      {TITLES.map((title, index) => (
        <Plot key={`${title} ${theme}`} title={title} plot={plots[index] ?? null} />
      ))}
    </section>
  )
})

const Plot = memo(function Plot({ title, plot }: { title: string; plot: PlotData | null }) {
  const room = useRef<HTMLDivElement>(null)
  const drawn = useRef<ReturnType<typeof plotIn> | null>(null)
  const hasPlot = plot !== null
  const said = plot?.said ?? [{ text: 'nothing yet', colour: undefined }]
  useLayoutEffect(() => {
    if (plot === null) return
    drawn.current = plotIn(room.current!, plot)
    return () => drawn.current?.destroy()
  }, [hasPlot])
  useLayoutEffect(() => {
    if (plot !== null) drawn.current?.show(plot)
  }, [plot])
  return (
    <figure class="runner-card plot">
      <figcaption>
        <h2>{title}</h2>
        <span>
          {said.map(({ text, colour }) => (colour == null ? text : <b class={`task-${colour}`}>{text}</b>))}
        </span>
      </figcaption>
      <div ref={room} class="plot-room" role="img" aria-label={`${title}: ${said.map(({ text }) => text).join('')}`} />
    </figure>
  )
})
