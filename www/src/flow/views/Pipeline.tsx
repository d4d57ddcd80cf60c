import type { FlowBlock as Block } from '../../../pkg/flow/flow.js'
import { Mark } from './Mark'
import { Plan } from './Plan'

/** The region "Pipeline": box within box, each filled as far as it is done. */
export function Pipeline({ pipeline }: { pipeline: Block }) {
  return (
    <section class="flow-card pipeline" aria-label="Pipeline">
      <div class="pipeline-scroller" data-scrolls tabIndex={0} role="group" aria-label="Boxes within boxes">
        <ul class="pipeline-all">
          <Box block={pipeline} />
        </ul>
      </div>
    </section>
  )
}

/** A task or a group. */
export function Box({ block, style }: { block: Block; style?: Record<string, string> }) {
  const isGroup = block.blocks.length > 0
  return (
    <li class={`box box-${block.tone} ${isGroup ? 'box-group' : 'box-task'}`} style={style}>
      <div class="box-face">
        <span class="box-fill" style={{ transform: `scaleX(${block.fill})` }} aria-hidden="true" />
        <div class="box-title">
          <Mark tone={block.tone} />
          <b>{block.name}</b>
          {block.kind !== '' && <span class="box-kind">{block.kind}</span>}
          {isGroup && <span class="box-state">{block.state}</span>}
          <span class="box-time">{block.time}</span>
        </div>
        {isGroup ? <Why block={block} /> : <State block={block} />}
        <Policies policies={block.policies} />
      </div>
      {isGroup && (block.join === 'plan' ? <Plan block={block} /> : <Within block={block} />)}
    </li>
  )
}

function State({ block: { state, why } }: { block: Block }) {
  return (
    <p class="box-state" title={why}>
      {state}
      {why !== '' && `: ${why}`}
    </p>
  )
}

/** Of a group the state stands in its title, and below it only what more there is to say. */
function Why({ block: { why } }: { block: Block }) {
  return why === '' ? null : <p class="box-state">{why}</p>
}

/** The fences of a box, the outermost first. */
function Policies({ policies }: { policies: readonly string[] }) {
  if (policies.length === 0) return null
  return (
    <ol class="box-policies" aria-label="Policies, the outermost first">
      {policies.map((policy) => (
        <li key={policy}>{policy}</li>
      ))}
    </ol>
  )
}

function Within({ block: { join, blocks } }: { block: Block }) {
  return (
    <ul class={`box-within box-within-${join}`}>
      {blocks.map((block) => (
        <Box key={block.name} block={block} />
      ))}
    </ul>
  )
}
