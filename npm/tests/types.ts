// What the compiler knows of the package. It is checked, and never run.

import { CircuitBreaker, RunnerError, TaskRunner, init, type RunnerErrorKind, type TaskHandle } from 'unstuck'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function is<_T extends true>(): void {}

await init()
await init(new URL('https://example.org/unstuck.wasm'))

const runner = new TaskRunner({ workers: 2, capacity: Infinity, policy: 'reject', retry: { attempts: 3, jitter: true } })

const handle = runner.submit(async ({ signal, progress, attempt }) => {
  signal.throwIfAborted()
  progress(attempt, 3)
  return 42
})
is<Same<typeof handle, TaskHandle<number>>>()
const answer: number = await handle
const plain: Promise<number> = handle
const lengths = await runner.map(['a', 'bc'], (text, { signal }, index) => (signal.aborted ? index : text.length))
is<Same<typeof lengths, number[]>>()

const breaker = new CircuitBreaker({ lastCalls: 20, failureRate: 0.5 })
const load = breaker.wrap(async (id: number) => ({ id }))
is<Same<ReturnType<typeof load>, Promise<{ id: number }>>>()

try {
  await runner.submit(() => load(answer), { timeout: 1_000, lane: 'orders' })
} catch (error) {
  if (error instanceof RunnerError) {
    const kind: RunnerErrorKind = error.kind
    if (error.kind === 'circuit-open') console.log(kind, error.retryAfter)
  }
}

for await (const event of runner.events()) {
  if (event.type === 'moved') console.log(event.id, event.from, event.to)
  // @ts-expect-error: only a resized runner tells its workers.
  console.log(event.workers)
}

// @ts-expect-error: a job is a function.
runner.submit(plain)
// @ts-expect-error: there is no such option.
runner.submit(() => 1, { prio: 2 })
// @ts-expect-error: nor such a policy.
new TaskRunner({ policy: 'maybe' })
// @ts-expect-error: these errors are made by the package.
new RunnerError('full')

await using scoped = new TaskRunner()
await scoped.submit(() => 1)
