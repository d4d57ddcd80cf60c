import type { FlowCircuitPicture as CircuitPicture, FlowCircuitPlace as CircuitPlace } from '../../../pkg/flow/flow.js'

/** The state diagram; what it says stands as a sentence below it, too. */
export function Diagram({ circuit }: { circuit: CircuitPicture }) {
  const { place, state, countdown, opens, waits, closes, reopens } = circuit
  return (
    <svg class="diagram" viewBox="0 0 400 186" aria-hidden="true">
      <defs>
        <marker id="circuit-head" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="7" markerHeight="7" orient="auto">
          <path class="diagram-head" d="M0.5 0.5 5 3 0.5 5.5" />
        </marker>
      </defs>
      <Way d="M116 30H283" label={opens} x={200} y={22} on={place === 'closed'} />
      <Way d="M366 52C366 110 330 148 263 150" label={waits} x={326} y={112} anchor="end" on={place === 'open'} />
      <Way d="M236 130C250 100 270 72 300 53" label={reopens} x={246} y={98} anchor="end" on={place === 'halfOpen'} />
      <Way d="M142 150C70 148 34 110 34 53" label={closes} x={58} y={98} anchor="start" on={place === 'halfOpen'} />
      <State x={10} y={10} name="closed" here={place === 'closed'} tone="good" />
      <State x={286} y={10} name="open" here={place === 'open'} tone="bad" />
      <State x={145} y={132} name="half-open" here={place === 'halfOpen'} tone="warn" />
      <ByHand place={place} state={state} />
      {countdown && (
        <g class="diagram-countdown">
          <rect x="296" y="40" width="86" height="4" rx="2" />
          <rect class="diagram-left" x="296" y="40" width={86 * countdown.part} height="4" rx="2" />
          <text x="339" y="66" text-anchor="middle">
            {countdown.label}
          </text>
        </g>
      )}
    </svg>
  )
}

type StateProps = { x: number; y: number; name: string; here: boolean; tone: 'good' | 'bad' | 'warn' }

function State({ x, y, name, here, tone }: StateProps) {
  return (
    <g class={`diagram-state ${here ? `diagram-here diagram-${tone}` : ''}`} transform={`translate(${x} ${y})`}>
      <rect width="106" height="40" rx="8" />
      {here && <circle cx="15" cy="18" r="4" />}
      <text x={here ? 58 : 53} y="22" text-anchor="middle">
        {name}
      </text>
    </g>
  )
}

/** Where it is when a person said so. */
function ByHand({ place, state }: { place: CircuitPlace; state: string }) {
  const here = place === 'byHand'
  return (
    <g class={`diagram-state diagram-by-hand ${here ? 'diagram-here' : ''}`} transform="translate(147 46)">
      <rect width="106" height="28" rx="8" />
      <text x="53" y="18.5" text-anchor="middle">
        {here ? state : 'by hand'}
      </text>
    </g>
  )
}

type WayProps = { d: string; label: string; x: number; y: number; anchor?: string; on: boolean }

/** An arrow and when it is taken; strong where the circuit could take it next. */
function Way({ d, label, x, y, anchor = 'middle', on }: WayProps) {
  return (
    <g class={on ? 'diagram-way diagram-way-on' : 'diagram-way'}>
      <path d={d} marker-end="url(#circuit-head)" />
      <text x={x} y={y} text-anchor={anchor}>
        {label}
      </text>
    </g>
  )
}
