import { useLayoutEffect, useRef } from 'preact/hooks'
import type { FlowClockChoice as ClockChoice, FlowDemoTitle as DemoTitle } from '../../../pkg/flow/flow.js'
import { bringIntoView } from '../../parts/intoView'
import { memo } from '../../parts/memo'

type Props = { demos: readonly DemoTitle[]; current: string | null; clock: ClockChoice }

/** The navigation "Pipelines": a link per demo, by family. */
export const Demos = memo(function Demos({ demos, current, clock }: Props) {
  const families = [...new Set(demos.map((demo) => demo.family))]
  const nav = useRef<HTMLElement>(null)
  useLayoutEffect(() => bringIntoView(nav.current!), [current, demos])
  return (
    <nav ref={nav} class="sidenav" aria-label="Pipelines" data-scrolls>
      {families.map((family) => (
        <section key={family} class="sidenav-family">
          <h2>{family}</h2>
          <ul>
            {demos
              .filter((demo) => demo.family === family)
              .map(({ id, title, sentence }) => (
                <li key={id}>
                  <a href={addressOf(id, clock)} aria-current={id === current ? 'page' : undefined} title={sentence}>
                    {title}
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </nav>
  )
})

/** Whoever watches in real time goes on in real time. */
const addressOf = (id: string, clock: ClockChoice) => `#/flow?demo=${id}${clock === 'real' ? '&clock=real' : ''}`
