// The package as its users have it: installed from its tarball, in Node.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { RunnerError, TaskRunner, init } from 'unstuck'

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A job that ends when it is told to. */
function held() {
  let release
  const gate = new Promise((resolve) => (release = resolve))
  return { work: () => gate, release }
}

const failure = (promise) => promise.then(() => assert.fail('it did not fail'), (error) => error)

test('before it is loaded, the package says what to do', () => {
  assert.throws(() => new TaskRunner(), { message: 'unstuck is not loaded yet: `await init()` first' })
})

test('it is loaded once', async () => {
  assert.equal(init(), init())
  await init()
})

test('a handle is a promise, and can be awaited any number of times', async () => {
  const runner = new TaskRunner({ workers: 2 })
  const handle = runner.submit(async ({ id, attempt }) => `job ${id}, attempt ${attempt}`)
  assert.deepEqual([handle.id, handle.status], [1, 'queued'])
  assert.deepEqual(await Promise.all([handle, handle]), ['job 1, attempt 1', 'job 1, attempt 1'])
  assert.equal(await handle.then((text) => text.length), 16)
  assert.equal(handle.status, 'succeeded')
})

test('at most as many jobs run as there are workers', async () => {
  const runner = new TaskRunner({ workers: 3 })
  let running = 0
  let most = 0
  const results = await runner.map([1, 2, 3, 4, 5, 6, 7, 8], async (number) => {
    most = Math.max(most, (running += 1))
    await pause(2)
    running -= 1
    return number * number
  })
  assert.deepEqual([most, ...results], [3, 1, 4, 9, 16, 25, 36, 49, 64])
})

test('when one item of a map fails, the others are cancelled', async () => {
  const runner = new TaskRunner({ workers: 2 })
  const started = []
  const error = await failure(runner.map([1, 2, 3, 4], async (number, { signal }) => {
    started.push(number)
    if (number === 1) throw new Error('the first')
    await new Promise((_, reject) => { signal.onabort = () => reject(signal.reason) })
  }))
  await runner.onIdle()
  const { failed, cancelled } = runner.stats()
  assert.deepEqual([error.message, failed, cancelled, started.includes(4)], ['the first', 1, 3, false])
})

test('a thrown value that is no Error arrives as it was', async () => {
  const runner = new TaskRunner()
  const thrown = { code: 418 }
  assert.equal(await failure(runner.submit(() => { throw thrown })), thrown)
  assert.equal(await failure(runner.submit(() => Promise.reject(undefined))), undefined)
})

test('a job gets a signal that is aborted when its time is up', async () => {
  const runner = new TaskRunner()
  let reason
  const handle = runner.submit(({ signal }) => new Promise((_, reject) => {
    signal.onabort = () => reject((reason = signal.reason))
  }), { timeout: 20 })
  const error = await failure(handle)
  assert.ok(error instanceof RunnerError && reason instanceof RunnerError)
  assert.deepEqual([error.kind, reason.kind], ['timed-out', 'timed-out'])
  assert.equal(error.message, 'the time for the attempt ran out')
})

test('within its grace, a job may still give its result', async () => {
  const runner = new TaskRunner({ timeout: 5, grace: 1_000 })
  const partial = runner.submit(({ signal }) => new Promise((resolve) => { signal.onabort = () => resolve('partial') }))
  assert.equal(await partial, 'partial')
})

test('a deadline covers the wait in line', async () => {
  const runner = new TaskRunner({ workers: 1 })
  const first = held()
  runner.submit(first.work)
  const error = await failure(runner.submit(() => assert.fail('called'), { deadline: 5 }))
  first.release()
  assert.equal(error.kind, 'deadline-passed')
})

test('work that does not listen keeps its slot until it has ended', async () => {
  const runner = new TaskRunner({ workers: 1 })
  const stubborn = held()
  const first = runner.submit(stubborn.work, { timeout: 5 })
  const second = runner.submit(() => 'second')
  assert.equal((await failure(first)).kind, 'timed-out')
  await pause(10)
  assert.deepEqual([second.status, runner.stats().inFlight], ['queued', 1])
  stubborn.release()
  await first.stopped()
  assert.equal(await second, 'second')
})

test('cancelling says what it did', async () => {
  const runner = new TaskRunner({ workers: 1, capacity: 1 })
  const listening = ({ signal }) => new Promise((_, reject) => {
    signal.onabort = () => reject(signal.reason)
  })
  const running = runner.submit(listening)
  await pause(1)
  const queued = runner.submit(() => 2)
  const waiting = runner.submit(() => 3)
  assert.deepEqual([running, queued, waiting].map(({ status }) => status), ['running', 'queued', 'waiting'])
  assert.deepEqual([waiting, queued, running].map((handle) => handle.cancel()),
    ['removed-from-queue', 'removed-from-queue', 'requested'])
  const errors = await Promise.all([running, queued, waiting].map(failure))
  assert.deepEqual(errors.map(({ kind }) => kind), ['cancelled', 'cancelled', 'cancelled'])
  await running.stopped()
  assert.equal(running.cancel(), 'already-finished')
})

test('a signal from outside cancels a job', async () => {
  const runner = new TaskRunner()
  const controller = new AbortController()
  const handle = runner.submit(({ signal }) => new Promise((_, reject) => {
    signal.onabort = () => reject(signal.reason)
  }), { signal: controller.signal })
  await pause(1)
  controller.abort()
  assert.equal((await failure(handle)).kind, 'cancelled')
  assert.throws(() => runner.submit(() => 1, { signal: AbortSignal.abort('too late') }), (why) => why === 'too late')
})

test('a failed attempt is tried again after a delay that doubles', async () => {
  const runner = new TaskRunner()
  const times = []
  const work = ({ attempt }) => {
    times.push(performance.now())
    if (attempt < 4) throw new Error(`attempt ${attempt}`)
    return attempt
  }
  assert.equal(await runner.submit(work, { retry: { attempts: 5, delay: 10, maxDelay: 15 } }), 4)
  const delays = times.slice(1).map((time, before) => time - times[before])
  assert.ok(delays.every((delay, index) => delay >= [10, 15, 15][index]), String(delays))
})

test('shouldRetry says which errors are worth another attempt', async () => {
  const runner = new TaskRunner({ retry: { attempts: 5, jitter: true, shouldRetry: ({ status }) => status >= 500 } })
  let calls = 0
  const work = () => { throw { status: (calls += 1) < 3 ? 503 : 404 } }
  assert.deepEqual([await failure(runner.submit(work)), calls], [{ status: 404 }, 3])
})

test('an attempt that ran out of time and listened is tried again', async () => {
  const runner = new TaskRunner({ workers: 1, timeout: 20, retry: { attempts: 3 } })
  const work = ({ attempt, signal }) => attempt === 3 ? 'third' : new Promise((_, reject) => {
    signal.onabort = () => reject(signal.reason)
  })
  assert.equal(await runner.submit(work), 'third')
  assert.equal(runner.stats().retries, 2)
})

test('an attempt that does not listen is not tried again, since it still runs', async () => {
  const runner = new TaskRunner({ workers: 2, timeout: 5, retry: { attempts: 3 } })
  const deaf = held()
  let calls = 0
  const handle = runner.submit(() => {
    calls += 1
    return deaf.work()
  })
  assert.equal((await failure(handle)).kind, 'timed-out')
  await pause(20)
  assert.deepEqual([calls, runner.stats().inFlight], [1, 1])
  deaf.release()
})

test('higher priorities go first, and can be changed in line', async () => {
  const runner = new TaskRunner({ workers: 1 })
  const order = []
  runner.pause()
  const submit = (name, priority) => runner.submit(() => order.push(name), { priority })
  const [low] = [submit('low', 1), submit('high', 200), submit('middle', undefined), submit('late', 200)]
  assert.equal(low.setPriority(255), true)
  runner.resume()
  await runner.onIdle()
  assert.deepEqual(order, ['low', 'high', 'late', 'middle'])
})

test('a lane has a limit of its own', async () => {
  const runner = new TaskRunner({ workers: 4, laneLimit: 1 })
  const jobs = [held(), held(), held()]
  const handles = jobs.map(({ work }, index) => runner.submit(work, { lane: ['a.example', 'a.example', 'b.example'][index] }))
  await pause(2)
  assert.deepEqual(handles.map(({ status }) => status), ['running', 'queued', 'running'])
  jobs.forEach(({ release }) => release())
  await Promise.all(handles)
})

test('of one key, one job is under way, which another may join', async () => {
  const runner = new TaskRunner()
  const only = held()
  const first = runner.submit(only.work, { key: 'config' })
  const joined = runner.submit(() => assert.fail('called'), { key: 'config', ifDuplicate: 'join' })
  const refused = runner.submit(() => assert.fail('called'), { key: 'config' })
  assert.equal((await failure(refused)).kind, 'duplicate-key')
  only.release('once')
  assert.deepEqual([await first, await joined, joined.id, refused.status], ['once', 'once', 1, 'refused'])
})

test('a rate limit spreads the starts', async () => {
  const runner = new TaskRunner({ rateLimit: { limit: 10, interval: 200, burst: 2 } })
  const starts = await runner.map([1, 2, 3, 4], () => performance.now())
  const since = starts.map((start) => start - starts[0])
  // Two at once, and then one per 20 ms; what a busy machine adds makes up for nothing.
  assert.ok(since[2] >= 19 && since[3] >= 39, String(since))
})

test('a full queue does what its policy says', async () => {
  const outcomes = {}
  for (const policy of ['wait', 'reject', 'drop-oldest', 5]) {
    const runner = new TaskRunner({ workers: 1, capacity: 1, policy })
    const first = held()
    const handles = [runner.submit(first.work)]
    await pause(1)
    handles.push(runner.submit(() => 2), runner.submit(() => 3))
    await pause(10)
    first.release(1)
    const results = await Promise.allSettled(handles)
    outcomes[policy] = results.map(({ value, reason }) => value ?? reason.kind)
  }
  assert.deepEqual(outcomes, {
    wait: [1, 2, 3],
    reject: [1, 2, 'full'],
    'drop-oldest': [1, 'evicted', 3],
    5: [1, 2, 'no-place-in-time'],
  })
})

test('whoever waits for a place goes no faster than the queue', async () => {
  const runner = new TaskRunner({ workers: 1, capacity: 2 })
  let most = 0
  for (let number = 0; number < 20; number += 1) {
    await runner.submit(() => pause(1)).accepted()
    most = Math.max(most, runner.stats().queued)
  }
  await runner.onIdle()
  assert.deepEqual([most, runner.stats().succeeded], [2, 20])
})

test('a job may submit to its own runner', async () => {
  const runner = new TaskRunner({ workers: 1 })
  const seen = []
  const visit = (depth) => runner.submit(() => {
    seen.push(depth)
    if (depth < 3) void visit(depth + 1)
  })
  void visit(1)
  await runner.onIdle()
  assert.deepEqual(seen, [1, 2, 3])
})

test('events are pulled in their order, and end with the runner', async () => {
  const runner = new TaskRunner()
  const events = runner.events()
  await runner.submit(() => 'done')
  runner.pause()
  runner.resume()
  runner.resize(2)
  await runner.shutdown()
  const told = []
  for await (const { number, type, from, to, workers } of events) told.push([number, type, from, to, workers])
  assert.deepEqual(told.map((parts) => parts.filter((part) => part !== undefined).join(' ')), [
    '0 moved  queued', '1 moved queued running', '2 moved running succeeded',
    '3 paused', '4 resumed', '5 resized 2', '6 closed',
  ])
})

test('progress comes back, and what its listener throws hurts no job', async () => {
  const runner = new TaskRunner()
  const work = async ({ progress }) => {
    for (const step of [1, 2]) {
      progress(step, 2)
      await pause(1)
    }
    return 'done'
  }
  const handle = runner.submit(work)
  const seen = []
  await handle.onProgress((done, total) => seen.push(`${done}/${total}`))
  const other = runner.submit(work)
  const error = await failure(other.onProgress(() => { throw new Error('mine') }))
  assert.deepEqual([seen, handle.progress, error.message, await other], [['1/2', '2/2'], { done: 2, total: 2 }, 'mine', 'done'])
})

test('a failure that nobody waits for is in the record, and no unhandled rejection', async () => {
  const runner = new TaskRunner()
  const handle = runner.submit(async function fetchOrders() { throw new Error('no route') })
  await runner.onIdle()
  await pause(1)
  const { name, status, detail, error } = runner.record(handle.id)
  assert.deepEqual([name, status, detail, error], ['fetchOrders', 'failed', 'failed: an error', 'no route'])
})

test('a shutdown settles everybody, and reports', async () => {
  const runner = new TaskRunner({ workers: 1, capacity: 1 })
  const stubborn = runner.submit(() => new Promise(() => {}))
  await pause(1)
  const queued = runner.submit(() => 2)
  const waiting = runner.submit(() => 3)
  const report = await runner.shutdown({ cancel: 5 })
  assert.deepEqual(report, { finished: 0, cancelled: [2], rejected: 1, abandoned: [1] })
  const errors = await Promise.all([stubborn, queued, waiting, runner.submit(() => 4)].map(failure))
  assert.deepEqual(errors.map(({ kind }) => kind), ['cancelled', 'cancelled', 'closed', 'closed'])
})

test('what makes no sense is an error with a sentence, at once', async () => {
  const runner = new TaskRunner()
  const told = [
    () => new TaskRunner({ workers: 0 }),
    () => new TaskRunner({ worker: 4 }),
    () => new TaskRunner({ retry: { attempts: 3, jitter: 'full' } }),
    () => new TaskRunner({ rateLimit: { limit: 0, interval: 1 } }),
    () => new TaskRunner({ rateLimit: { limit: 5, interval: 0 } }),
    () => runner.submit(Promise.resolve()),
    () => runner.submit(() => 1, { timeout: NaN }),
    () => runner.submit(() => 1, 'quickly'),
    () => runner.cancel(7),
  ].map((misuse) => {
    try {
      return misuse()
    } catch (error) {
      return `${error.name} ${error.kind}: ${error.message}`
    }
  })
  assert.deepEqual(told, [
    'RunnerError no-workers: a runner needs at least one worker',
    'RunnerError bad-option: there is no option “worker”; these are known: workers, capacity, policy, timeout, grace, retry, rateLimit, laneLimit, retention',
    'RunnerError bad-option: jitter must be true, false, or a whole number as its seed',
    'RunnerError bad-option: limit must be at least 1',
    'RunnerError no-rate-interval: a rate limit needs a span of time, of at least a nanosecond for each start',
    'RunnerError not-a-function: a job is a function; it is called once for every attempt',
    'RunnerError bad-option: timeout must be a number of milliseconds from 0 up, not NaN',
    'RunnerError bad-option: options must be an object',
    'RunnerError unknown-job: the runner knows no job #7',
  ])
  assert.equal(runner.stats().submitted, 0)
})

test('a process ends by itself when its runners are idle', async () => {
  const program = `
    import { TaskRunner, init } from 'unstuck'
    await init()
    const runner = new TaskRunner({ workers: 1, timeout: 60_000, rateLimit: { limit: 1, interval: 60_000, burst: 9 } })
    const events = runner.events()
    void events.next()
    console.log(await runner.submit(() => new Promise((resolve) => setTimeout(resolve, 5, 'done')), { deadline: 60_000 }))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { timeout: 10_000 })
  assert.equal(stdout, 'done\n')
})
