import { useLayoutEffect, useRef } from 'preact/hooks'
import type { RecordColumn, RecordRow, Show, TableView } from '../../../pkg/live/live.js'
import { Shape } from '../../bugs/views/Shape'
import { Icon } from '../../parts/Icon'
import { memo } from '../../parts/memo'
import { Select } from '../../parts/Select'
import type { Commands } from '../commands'
import type { Ui } from '../model'

const SHOWN: readonly { value: Show; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'waiting', label: 'In line' },
  { value: 'running', label: 'Running' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'interrupted', label: 'Interrupted' },
]

type Props = { table: TableView | null; ui: Ui; commands: Commands }

/** The table of records. Rust finds, sorts and cuts it; only what is in view is here. */
export function Records({ table, ui, commands }: Props) {
  const { query } = ui
  return (
    <section class="runner-card records" aria-labelledby="records-title">
      <header class="runner-card-header">
        <h2 id="records-title">Records</h2>
        <span class="runner-card-aside" role="status" aria-label="Records found" aria-live="off">
          {table?.label}
        </span>
        <input
          class="field records-filter"
          type="search"
          placeholder="Filter"
          aria-label="Filter records"
          value={query.filter}
          onInput={({ currentTarget }) => commands.look({ filter: currentTarget.value })}
        />
        <Select
          name="Show"
          value={query.show}
          options={SHOWN as never}
          onChange={(value) => commands.look({ show: value as Show })}
        />
      </header>
      <Table table={table} row={ui.table.row} by={query.by} descending={query.descending} commands={commands} />
    </section>
  )
}

const COLUMNS: readonly (readonly [RecordColumn | null, string, string])[] = [
  ['id', '#', 'id'],
  ['name', 'Name', 'name'],
  ['status', 'Status', 'status'],
  ['waited', 'Waited', 'waited'],
  ['ran', 'Ran', 'ran'],
  [null, 'Result', 'result'],
  [null, 'Cancel', 'cancel'],
]

type TableProps = { table: TableView | null; row: number; by: RecordColumn; descending: boolean; commands: Commands }

const Table = memo(function Table({ table, row, by, descending, commands }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const report = () => {
    const { scrollTop, clientHeight } = scroller.current!
    // A row has two lines where there is little room, as the style sheet says.
    const row = parseFloat(getComputedStyle(scroller.current!).getPropertyValue('--record'))
    commands.showTable({ top: scrollTop, height: clientHeight, row })
  }
  useLayoutEffect(() => {
    const observer = new ResizeObserver(report)
    observer.observe(scroller.current!)
    return () => observer.disconnect()
  }, [])
  // What is found anew is seen from its beginning.
  useLayoutEffect(() => {
    scroller.current!.scrollTop = 0
  }, [by, descending])
  const { first, rows, matching } = table ?? { first: 0, rows: [], matching: 0 }
  return (
    <div
      ref={scroller}
      class="records-scroller"
      tabIndex={0}
      role="group"
      aria-label="The table of records"
      data-scrolls
      onScroll={report}
    >
      {/* Rows are grids that are laid out by hand; so the roles are spelt out. */}
      <div role="table" aria-label="Records" aria-rowcount={matching + 1}>
        <div role="rowgroup" class="records-head">
          <div role="row" class="record" aria-rowindex={1}>
            {COLUMNS.map(([column, label, name]) => (
              <Head key={name} column={column} label={label} name={name} by={by} descending={descending} commands={commands} />
            ))}
          </div>
        </div>
        <div role="rowgroup" class="records-all" style={{ height: `${matching * row}px` }}>
          <div role="presentation" class="records-some" style={{ transform: `translateY(${first * row}px)` }}>
            {rows.map((record, index) => (
              // Rows that leave the view at one end are used again at the other.
              <Row key={(first + index) % Math.max(1, rows.length)} row={record} index={first + index + 2} commands={commands} />
            ))}
          </div>
        </div>
      </div>
      {table?.empty && <p class="records-empty">{table.empty}</p>}
    </div>
  )
})

type HeadProps = {
  column: RecordColumn | null
  label: string
  name: string
  by: RecordColumn
  descending: boolean
  commands: Commands
}

function Head({ column, label, name, by, descending, commands }: HeadProps) {
  if (column === null) {
    return (
      <span role="columnheader" class={`record-${name}`}>
        {label}
      </span>
    )
  }
  const sorted = column !== by ? 'none' : descending ? 'descending' : 'ascending'
  return (
    <span role="columnheader" class={`record-${name}`} aria-sort={sorted}>
      <button onClick={() => commands.sort(column)}>
        {label}
        <span class="records-arrow" aria-hidden="true">
          {sorted === 'none' ? '' : descending ? '↓' : '↑'}
        </span>
      </button>
    </span>
  )
}

const Row = memo(function Row({ row, index, commands }: { row: RecordRow; index: number; commands: Commands }) {
  const { id, name, job, tone, status, waited, ran, progress, result, answer, cancel, lives } = row
  return (
    <div role="row" class={`record record-is-${tone}`} aria-rowindex={index}>
      <span role="cell" class="record-id">
        {id}
      </span>
      <span role="rowheader" class="record-name" title={name}>
        {name}
      </span>
      <span role="cell" class="record-status">
        <Shape tone={tone} />
        {status}
      </span>
      <span role="cell" class="record-waited">
        {waited}
      </span>
      <span role="cell" class="record-ran">
        {ran}
      </span>
      <span role="cell" class={`record-result record-of-${job}`} title={result}>
        {progress == null ? result : <Bar name={`Progress of job ${id}`} percent={progress} />}
      </span>
      <span role="cell" class="record-cancel">
        <span class="record-answer">{answer}</span>
        <button
          class={`button button-icon button-bare ${lives ? '' : 'record-over'}`}
          aria-label={cancel}
          title={cancel}
          onClick={() => commands.order({ kind: 'cancel', id })}
        >
          <Icon name="close" />
        </button>
      </span>
    </div>
  )
})

function Bar({ name, percent }: { name: string; percent: number }) {
  const whole = Math.floor(percent)
  return (
    <span class="record-progress">
      <progress max="100" value={percent} aria-label={name} />
      <span>{whole} %</span>
    </span>
  )
}
