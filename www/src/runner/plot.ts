// Plots by uPlot, which draws on a canvas and takes its colours from the style sheet.
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Plot } from '../../pkg/live/live.js'

/** The height of a plot, in pixels. */
const HEIGHT = 92

/** How far back the axis goes, in seconds. */
const BACK = 60

export function plotIn(room: HTMLElement, plot: Plot) {
  const colours = colourReader(room)
  const options: uPlot.Options = {
    width: room.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 18, 0, 0],
    scales: {
      x: { time: false, range: (_, __, newest) => [Math.max(0, newest - BACK), Math.max(BACK, newest)] },
      y: { range: (_, __, largest) => [0, Math.max(plot.unit === 'ms' ? 100 : 4, largest * 1.1)] },
    },
    axes: [
      axis(colours, { size: 20, space: 60, values: (_, times) => times.map((time) => `${Math.round(time)} s`) }),
      axis(colours, { size: plot.unit === 'ms' ? 58 : 44, space: 26, values: (_, values) => values.map(plot.unit === 'ms' ? time : short) }),
    ],
    series: [{}, ...plot.lines.map((line) => seriesOf(line, colours))],
  }
  const chart = new uPlot(options, dataOf(plot), room)
  const observer = new ResizeObserver(() => chart.setSize({ width: room.clientWidth, height: HEIGHT }))
  observer.observe(room)
  // The system may change its theme while the page is open.
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const recolour = () => {
    chart.series.slice(1).forEach((line, index) => (line.stroke = () => colours(`--task-${plot.lines[index]!.colour}`)))
    chart.redraw(false, true)
  }
  scheme.addEventListener('change', recolour)
  return {
    show: (next: Plot) => chart.setData(dataOf(next)),
    destroy: () => {
      observer.disconnect()
      scheme.removeEventListener('change', recolour)
      chart.destroy()
    },
  }
}

const seriesOf = ({ name, colour }: Plot['lines'][number], colours: (name: string) => string): uPlot.Series => ({
  label: name,
  stroke: colours(`--task-${colour}`),
  width: 1.5,
  points: { show: false },
})

const dataOf = ({ times, lines }: Plot): uPlot.AlignedData => [times, ...lines.map(({ values }) => values)]

function axis(colours: (name: string) => string, rest: Partial<uPlot.Axis>): uPlot.Axis {
  return {
    stroke: () => colours('--ink-3'),
    font: '10.5px system-ui, sans-serif',
    gap: 4,
    grid: { stroke: () => colours('--line'), width: 1 },
    ticks: { show: false },
    ...rest,
  } as uPlot.Axis
}

/** A canvas knows no custom properties, and no `light-dark()`: an element resolves them for it. */
function colourReader(room: HTMLElement) {
  return (name: string) => {
    room.style.color = `var(${name})`
    const colour = getComputedStyle(room).color
    room.style.color = ''
    return colour
  }
}

/** Milliseconds, in seconds from one second on. */
const time = (value: number) => (value >= 1_000 ? `${value / 1_000} s` : `${value} ms`)

/** `12000` as `12k`. */
const short = (value: number) => (value >= 10_000 ? `${value / 1_000}k` : String(value))
