/** The example of the README. */
export async function example(TaskRunner) {
  const runner = new TaskRunner({ workers: 2, capacity: 100, timeout: 1_000 })

  const greeting = await runner.submit(async ({ signal, progress }) => {
    for (let step = 1; step <= 3; step += 1) {
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 10))
      progress(step, 3)
    }
    return 'hello'
  })
  const hash = await runner.hash('abc')
  const nap = await runner.sleep(60_000)

  const answer = nap.cancel() // 'requested', or 'removed-from-queue' before it has begun
  const why = await nap.result().catch((error) => error.code)
  const results = await Promise.all([greeting.result(), hash.result()])
  const { succeeded, cancelled } = runner.stats()
  const report = await runner.shutdown({ drain: 1_000 })
  return { answer, why, results, succeeded, cancelled, report }
}
