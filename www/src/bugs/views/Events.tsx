import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { LogLine } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import { countUpTo, edgesOf, linesInView, matching } from '../log'
import type { LogUi } from '../model'
import { Dot } from './Dot'
import { memo } from '../../parts/memo'

type Props = {
  index: number
  role: string
  log: readonly LogLine[]
  step: number
  view: LogUi
  commands: Commands
}

/** The log "Events" of a pane, up to the selected step. Of a long log only what is in view is drawn. */
export const Events = memo(function Events({ index, role, log, step, view, commands }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => matching(log, view.filter), [log, view.filter])
  const edges = useMemo(() => edgesOf(lines, view.width), [lines, view.width])
  const shown = countUpTo(lines, step)
  // The newest line is in view, as in a terminal: the lines are laid out from the lower edge, so that only a log that
  // was scrolled up has to be moved.
  useLayoutEffect(() => {
    if (view.up !== 0) scroller.current!.scrollTop = 0
  }, [shown, lines])
  useLayoutEffect(() => reportSize(scroller.current!, (size) => commands.showLog(index, size)), [])
  const [first, end] = linesInView(edges, shown, view)
  return (
    <div class={`events events-${index}`}>
      <div class="events-header">
        <h3>
          Events <span class="events-of">{role}</span>
        </h3>
        <input
          class="field events-filter"
          type="search"
          placeholder="Filter"
          aria-label={`Filter events, ${role}`}
          value={view.filter}
          onInput={(event) => commands.showLog(index, { filter: event.currentTarget.value })}
        />
        <span class="events-count">
          {shown} / {lines.length}
        </span>
      </div>
      <div
        ref={scroller}
        class="events-lines"
        role="log"
        aria-label="Events"
        aria-live="off"
        tabIndex={0}
        data-scrolls
        onScroll={({ currentTarget: { scrollTop } }) => commands.showLog(index, { up: Math.max(0, -scrollTop) })}
      >
        <div class="events-all" style={{ height: `${edges[shown]}px` }}>
          <div class="events-some" style={{ transform: `translateY(${edges[first]}px)` }}>
            {lines.slice(first, end).map((line, index) => (
              <Line
                // Rows that leave the view at one end are used again at the other.
                key={(first + index) % (end - first)}
                line={line}
                height={edges[first + index + 1]! - edges[first + index]!}
                now={line.step === step}
                commands={commands}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  )
})

type LineProps = { line: LogLine; height: number; now: boolean; commands: Commands }

const Line = memo(function Line({ line, height, now, commands }: LineProps) {
  const { number, time, tag, text, tone, step } = line
  return (
    <button
      class={`events-line events-line-${tone} ${now ? 'events-line-now' : ''}`}
      style={{ height: `${height}px` }}
      tabIndex={-1}
      aria-current={now ? 'step' : undefined}
      title={`Step ${step}: ${text}`}
      onClick={() => commands.act({ kind: 'go', to: step })}
    >
      <span class="events-number">{number}</span>
      <span class="events-time">{time}</span>
      <span class="events-tag">{tag && <Dot tag={tag} />}</span>
      <span class="events-text">{text}</span>
    </button>
  )
})

/** Tells how tall the log is and how wide its texts may be, now and whenever it changes. */
function reportSize(lines: HTMLElement, tell: (size: { height: number; width: number }) => void) {
  const observer = new ResizeObserver(([entry]) => {
    const { height, width } = entry!.contentRect
    const before = parseFloat(getComputedStyle(lines).getPropertyValue('--before-text'))
    tell({ height, width: width - before })
  })
  observer.observe(lines)
  return () => observer.disconnect()
}
