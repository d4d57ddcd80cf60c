// The runner as a developer meets it. Each function is a test, and returns what the test compares.

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** How something fails: the kind and the sentence of a `RunnerError`, at once or later. */
async function failure(work) {
  try {
    await work()
    return 'nothing failed'
  } catch (error) {
    return error.name === 'RunnerError' ? `${error.kind}: ${error.message}` : `not ours: ${error}`
  }
}

const failures = async (...works) => (await Promise.all(works.map(failure))).join('\n')

/** A job that ends when it is told to. */
function held() {
  let release
  const gate = new Promise((resolve) => (release = resolve))
  return { work: () => gate, release: (value) => release(value) }
}

export const bad_options_are_errors_with_a_sentence = (TaskRunner) =>
  failures(
    () => new TaskRunner({ workers: 0 }),
    () => new TaskRunner({ capacity: 0 }),
    () => new TaskRunner({ laneLimit: 0 }),
    () => new TaskRunner({ rateLimit: { limit: 5, interval: 0 } }),
    () => new TaskRunner({ workers: 1.5 }),
    () => new TaskRunner({ workers: -1 }),
    () => new TaskRunner({ workers: '4' }),
    () => new TaskRunner({ timeout: NaN }),
    () => new TaskRunner({ timeout: -1 }),
    () => new TaskRunner({ timeout: Infinity }),
    () => new TaskRunner({ timeout: 1e300 }),
    () => new TaskRunner({ policy: 'maybe' }),
    () => new TaskRunner({ retry: {} }),
    () => new TaskRunner({ retry: { attempts: 0 } }),
    () => new TaskRunner({ worker: 4 }),
    () => new TaskRunner(4),
  )

export async function bad_jobs_are_errors_and_leave_nothing_behind(TaskRunner) {
  const runner = new TaskRunner({ workers: 1 })
  const told = await failures(
    () => runner.submit(null),
    () => runner.submit(undefined),
    () => runner.submit(Promise.resolve(1)),
    () => runner.submit(() => 1, { priority: 256 }),
    () => runner.submit(() => 1, { deadline: NaN }),
    () => runner.submit(() => 1, { id: -1 }),
    () => runner.submit(() => 1, { name: 7 }),
    () => runner.submit(() => 1, 'quickly'),
    () => runner.cancel(7),
    () => runner.cancel(null),
    () => runner.record(0.5),
    () => runner.resize(0),
    () => runner.resize(NaN),
    () => runner.shutdown({ drain: 1, now: true }),
    () => runner.shutdown({ cancel: -1 }),
  )
  const { submitted, queued, records } = runner.stats()
  return `${told}\n${submitted} ${queued} ${records} ${(await (await runner.submit(() => 'still works')).result())}`
}

export async function null_counts_as_left_out(TaskRunner) {
  const runner = new TaskRunner({ workers: null, capacity: null, policy: null, timeout: null, retry: null })
  const handle = await runner.submit(() => null, { name: null, id: null, timeout: null, retry: null })
  const { workers, capacity } = runner.stats()
  return [workers, capacity, handle.id, await handle.result(), handle.progress ?? 'no progress'].join(' ')
}

export async function a_duplicate_id_is_refused_and_the_first_job_goes_on(TaskRunner) {
  const runner = new TaskRunner()
  const first = held()
  const handle = await runner.submit(first.work, { id: 7 })
  const refused = await failure(() => runner.submit(() => 2, { id: 7 }).result())
  first.release(1)
  return `${refused}\n${await handle.result()} ${handle.status} ${runner.stats().refused}`
}

export async function a_submit_after_close_is_refused_and_what_was_accepted_ends(TaskRunner) {
  const runner = new TaskRunner({ workers: 1, capacity: 1 })
  const first = held()
  const accepted = [await runner.submit(first.work)]
  await pause(1)
  accepted.push(await runner.submit(() => 2))
  const blocked = runner.submit(() => 3)
  runner.close()
  const told = await failures(() => blocked.result(), () => runner.submit(() => 4).accepted())
  first.release(1)
  const results = await Promise.all(accepted.map((handle) => handle.result()))
  return `${told}\n${results} ${JSON.stringify(await runner.shutdown())}`
}

export async function what_a_function_throws_reaches_every_waiter(TaskRunner) {
  const runner = new TaskRunner({ retry: { attempts: 2 } })
  const thrown = new TypeError('no such thing')
  let calls = 0
  const handle = await runner.submit(async () => {
    calls += 1
    throw thrown
  })
  const caught = await Promise.all([1, 2].map(() => handle.result().catch((error) => error)))
  const { detail, error, attempt } = handle.record()
  return [caught.every((error) => error === thrown), calls, detail, error, attempt].join(', ')
}

export async function a_timeout_aborts_the_signal_and_keeps_the_slot_until_the_promise_settles(TaskRunner) {
  const runner = new TaskRunner({ workers: 1 })
  const stubborn = held()
  let aborted = ''
  const handle = await runner.submit(({ signal }) => {
    signal.onabort = () => (aborted = signal.reason.message)
    return stubborn.work()
  }, { timeout: 20 })
  const next = await runner.submit(() => 'next')
  const told = await failure(() => handle.result())
  await pause(20)
  const before = `${handle.status} ${next.status} ${runner.stats().inFlight}`
  stubborn.release()
  await handle.stopped()
  return `${told}\n${aborted}\n${before}, then ${await next.result()}`
}

export async function cancelling_answers_what_it_did(TaskRunner) {
  const runner = new TaskRunner({ workers: 1 })
  const running = await runner.submit(({ signal }) => new Promise((_, reject) => {
    signal.onabort = () => reject(signal.reason)
  }))
  const waiting = await runner.submit(() => pause(1))
  await pause(1)
  const answers = [running.cancel(), runner.cancel(waiting.id)]
  const told = await failures(() => running.result(), () => waiting.result())
  await running.stopped()
  return `${[...answers, running.cancel()].join(' ')}\n${told}`
}

export async function progress_comes_back_and_a_callback_that_throws_hurts_no_job(TaskRunner) {
  const runner = new TaskRunner()
  const work = async ({ progress }) => {
    for (let step = 1; step <= 3; step += 1) {
      progress(step, 3)
      await pause(2)
    }
    return 'done'
  }
  const seen = []
  const handle = await runner.submit(work)
  await handle.onProgress((done, total) => seen.push(`${done}/${total}`))
  const other = await runner.submit(work)
  const thrown = await other.onProgress(() => { throw new Error('mine') }).catch((error) => error.message)
  return [seen.join(' '), thrown, await other.result(), handle.progress.done].join(', ')
}

export async function a_pause_holds_jobs_back_and_resize_lets_more_run(TaskRunner) {
  const runner = new TaskRunner({ workers: 1 })
  runner.pause()
  const jobs = [held(), held()]
  const handles = await Promise.all(jobs.map(({ work }) => runner.submit(work)))
  await pause(2)
  const paused = handles.map(({ status }) => status)
  runner.resize(2)
  runner.resume()
  await pause(2)
  const resumed = handles.map(({ status }) => status)
  jobs.forEach(({ release }) => release())
  await runner.onIdle()
  return [...paused, ...resumed, ...handles.map(({ status }) => status)].join(' ')
}

export async function shutdown_reports_what_became_of_everything(TaskRunner) {
  const runner = new TaskRunner({ workers: 1, capacity: 1 })
  const stubborn = await runner.submit(() => new Promise(() => {}))
  await pause(1)
  const waiting = await runner.submit(() => pause(1))
  const blocked = runner.submit(() => 3)
  const report = await runner.shutdown({ cancel: 5 })
  return `${JSON.stringify(report)}\n${await failure(() => blocked.result())}\n${stubborn.status} ${waiting.status}`
}
