import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ExampleView } from '../../../pkg/live/live.js'

/** What the seed's example prints: the program of `examples/task_runner.rs`, in this page. */
export function Example({ example: { running, lines } }: { example: ExampleView }) {
  const end = useRef<HTMLPreElement>(null)
  useLayoutEffect(() => end.current?.scrollTo({ top: 0 }), [running])
  return (
    <section class="runner-card example" aria-labelledby="example-title">
      <header class="runner-card-header">
        <h2 id="example-title">The example</h2>
        <span class="runner-card-aside" role="status" aria-label="Example">
          {running ? '5 workers, a queue of 10, 10 sleeps and 10 hashes: running …' : 'examples/task_runner.rs has ended'}
        </span>
      </header>
      <pre ref={end} tabIndex={0} role="log" aria-label="Output of the example" aria-live="off" data-scrolls>
        {lines.join('\n')}
      </pre>
    </section>
  )
}
