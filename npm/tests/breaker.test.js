// The circuit breaker of the package.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CircuitBreaker, RunnerError, TaskRunner, init } from 'unstuck'

await init()

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const failure = (promise) => promise.then(() => assert.fail('it did not fail'), (error) => error)
const fails = () => Promise.reject(new Error('no route'))

test('a circuit opens after failures in a row, and its own error arrives', async () => {
  const breaker = new CircuitBreaker({ failures: 2, openFor: 60_000 })
  const errors = []
  for (let call = 0; call < 3; call += 1) errors.push(await failure(breaker.execute(fails)))
  const [, second, third] = errors
  assert.ok(third instanceof RunnerError)
  assert.deepEqual([second.message, third.kind, breaker.state], ['no route', 'circuit-open', 'open'])
  assert.ok(third.retryAfter > 59_000 && third.retryAfter <= 60_000)
  const { cause, totalFailed, totalRejected } = breaker.metrics()
  assert.deepEqual([cause, totalFailed, totalRejected], ['2 failures in a row', 2, 1])
})

test('one probe decides when the open time was over', async () => {
  const breaker = new CircuitBreaker({ failures: 1, openFor: 10 })
  await failure(breaker.execute(fails))
  await pause(12)
  const probe = breaker.execute(() => pause(1).then(() => 'works'))
  assert.deepEqual([breaker.state, (await failure(breaker.execute(() => 1))).kind], ['half-open', 'circuit-open'])
  assert.deepEqual([await probe, breaker.state], ['works', 'closed'])
})

test('a listener hears of every change of state, and why', async () => {
  const heard = []
  const onChange = ({ from, to, cause }) => heard.push(`${from} → ${to}: ${cause}`)
  const breaker = new CircuitBreaker({ failures: 1, openFor: 5, onChange })
  await failure(breaker.execute(fails))
  await pause(7)
  await breaker.execute(() => 1)
  await pause(0)
  assert.deepEqual(heard, [
    'closed → open: 1 failure',
    'open → half-open: the open time was over',
    'half-open → closed: 1 probe succeeded',
  ])
})

test('a call that is cancelled, or whose error is the caller’s, says nothing about the other side', async () => {
  const breaker = new CircuitBreaker({ failures: 1, isFailure: ({ status }) => status !== 404 })
  const runner = new TaskRunner()
  await failure(breaker.execute(() => Promise.reject({ status: 404 })))
  const job = runner.submit(({ signal }) => breaker.execute(() => new Promise((_, reject) => {
    signal.onabort = () => reject(signal.reason)
  })))
  await pause(1)
  job.cancel()
  await job.stopped()
  assert.deepEqual([breaker.state, breaker.metrics().totalIgnored], ['closed', 2])
})

test('a call that its caller aborts counts neither way, and one whose time is up is a failure', async () => {
  const breaker = new CircuitBreaker({ failures: 1 })
  const answer = (signal) => breaker.execute(() => new Promise((_, reject) => {
    signal.onabort = () => reject(signal.reason)
  }))
  const caller = new AbortController()
  const aborted = failure(answer(caller.signal))
  caller.abort()
  assert.deepEqual([(await aborted).name, breaker.state, breaker.metrics().totalIgnored], ['AbortError', 'closed', 1])
  const late = failure(answer(AbortSignal.timeout(1)))
  await pause(5) // such a signal keeps no process alive
  assert.deepEqual([(await late).name, breaker.state], ['TimeoutError', 'open'])
})

test('a function that is wrapped keeps its arguments', async () => {
  const breaker = new CircuitBreaker({ lastCalls: 10, failureRate: 0.5 })
  const add = breaker.wrap(async (one, other) => one + other)
  assert.deepEqual([await add(20, 22), breaker.metrics().calls], [42, 1])
})

test('a circuit can be forced, and be reset', async () => {
  const breaker = new CircuitBreaker()
  const states = [breaker.state]
  for (const force of ['forceOpen', 'forceClosed', 'disable', 'reset']) {
    breaker[force]()
    states.push(breaker.state)
  }
  assert.deepEqual(states, ['closed', 'forced-open', 'forced-closed', 'disabled', 'closed'])
})

test('settings that contradict each other are errors with a sentence', () => {
  const told = [
    { failures: 1, lastCalls: 2 }, { failureRate: 50, lastCalls: 10 }, { slowRate: 0.5 }, { maxOpenFor: 5 }, { openFor: 0 },
    { minCalls: 20 },
  ].map((options) => {
    try {
      return new CircuitBreaker(options)
    } catch ({ kind, message }) {
      return `${kind}: ${message}`
    }
  })
  assert.deepEqual(told, [
    'bad-option: a circuit watches failures, lastCalls or lastTime: say one of the three',
    'bad-option: the failure rate must be above 0 and at most 1, not 50',
    'bad-option: slowRate needs slowerThan, which says what is slow',
    'bad-option: maxOpenFor needs growth, a factor by which the open time grows',
    'bad-option: the open time must be longer than no time',
    'bad-option: the minimum of calls needs a window of calls or of time, not failures in a row',
  ])
})
