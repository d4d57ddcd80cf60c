// What a page does with the package; `browser.test.js` reads what it writes.

import { CircuitBreaker, RunnerError, TaskRunner, init } from 'unstuck'

const lines = []
try {
  await init()
  const runner = new TaskRunner({ workers: 2, retry: { attempts: 2 } })
  lines.push(`a result: ${await runner.submit(async ({ attempt }) => (attempt === 1 ? Promise.reject() : attempt))}`)
  const timedOut = await runner
    .submit(({ signal }) => new Promise((_, reject) => { signal.onabort = () => reject(signal.reason) }), { timeout: 10, retry: { attempts: 1 } })
    .catch((error) => error)
  lines.push(`an error: ${timedOut instanceof RunnerError} ${timedOut.kind}`)
  lines.push(`a map: ${await runner.map([1, 2, 3], (number) => number * number)}`)
  const breaker = new CircuitBreaker({ failures: 1 })
  await breaker.execute(() => Promise.reject()).catch(() => {})
  lines.push(`a circuit: ${breaker.state}`)
  await runner.onIdle()
  lines.push(`a report: ${JSON.stringify(await runner.shutdown())}`)
} catch (error) {
  lines.push(String(error))
}
document.querySelector('pre').textContent = lines.join('\n')
document.body.dataset.done = ''
