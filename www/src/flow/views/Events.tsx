import { useLayoutEffect, useRef } from 'preact/hooks'
import type { FlowLogLine as LogLine, FlowSnapshot as Snapshot } from '../../../pkg/flow/flow.js'
import { memo } from '../../parts/memo'
import type { Commands } from '../commands'
import { shownOf } from '../log'
import { Mark } from './Mark'

type Props = { log: readonly LogLine[]; snapshot: Snapshot; filter: string; commands: Commands }

/** The log "Events": what the bus has delivered so far, as far as the filter wants it. */
export function Events({ log, snapshot: { step, clock }, filter, commands }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = shownOf(log, step, filter)
  // The newest line is in view, as in a terminal: the lines are laid out from the lower edge.
  useLayoutEffect(() => {
    scroller.current!.scrollTop = 0
  }, [lines.length])
  return (
    <section class="flow-card bus" aria-label="Event bus">
      <header class="flow-card-header">
        <h2>Events</h2>
        <input
          class="field bus-filter"
          type="search"
          placeholder="Filter"
          aria-label="Filter events"
          value={filter}
          onInput={(event) => commands.show({ filter: event.currentTarget.value })}
        />
        <span class="bus-count">
          {lines.length} of {log.length}
        </span>
      </header>
      <div ref={scroller} class="bus-lines" role="log" aria-label="Events" aria-live="off" tabIndex={0} data-scrolls>
        <div class="bus-all">
          {lines.map((line) => (
            <Line key={line.number} line={line} now={line.step === step} still={clock === 'real'} commands={commands} />
          ))}
        </div>
      </div>
    </section>
  )
}

type LineProps = { line: LogLine; now: boolean; still: boolean; commands: Commands }

const Line = memo(function Line({ line, now, still, commands }: LineProps) {
  const { number, time, name, text, tone, step } = line
  return (
    <button
      class={`bus-line bus-line-${tone} ${now ? 'bus-line-now' : ''}`}
      tabIndex={-1}
      aria-current={now ? 'step' : undefined}
      title={text}
      onClick={() => still || commands.act({ kind: 'go', to: step })}
    >
      <span class="bus-number">{number}</span>
      <span class="bus-time">{time}</span>
      <Mark tone={tone} />
      <span class="bus-name">{name}</span>
      <span class="bus-text">{text}</span>
    </button>
  )
})
