import { expect, test, type Page } from '@playwright/test'
import { openRunner, runner, set } from './runner'

test('records_survive_a_reload_and_what_had_not_ended_is_interrupted', async ({ page }) => {
  const { workers, submit, row } = await openRunner(page)
  await set(workers, '1')
  await submit('Failing').click()
  await expect(row(1)).toContainText('failed')
  await submit('Stubborn').click()
  await submit('Sleep').click()
  await expect(row(3)).toContainText('in line')

  await page.reload()
  const after = runner(page)
  await expect(after.notice).toContainText('2 jobs had not ended when the page was left.')
  await expect(after.row(1)).toContainText('the service said no')
  await expect(after.row(2)).toContainText('interrupted')
  await expect(after.row(3)).toContainText('interrupted')
  // None of them runs again, and numbers go on.
  await expect(after.status).toHaveText('Nothing to do, so it sleeps.')
  await after.submit('Failing').click()
  await expect(after.row(4)).toContainText('failed')

  await page.reload()
  await expect(after.row(4)).toContainText('failed')
  await expect(after.notice).toBeEmpty()
})

test('a_second_page_does_not_touch_the_records_of_the_first', async ({ page, context }) => {
  const first = await openRunner(page)
  await first.submit('Failing').click()
  await expect(first.row(1)).toContainText('failed')
  const other = await openRunner(await context.newPage())
  await expect(other.found).toHaveText('0 records')
  await other.submit('Hash').click()
  await expect(other.row(1)).toContainText('succeeded')
  await page.reload()
  await expect(first.row(1)).toContainText('failed')
})

/**
 * Runs before the real worker: the fifth order meets an `unreachable` instruction, which is what a panic of Rust ends in.
 * The module is `(module (func (export "f") unreachable))`.
 */
const TRAP = `{
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11]
  const trap = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports.f
  const instantiate = WebAssembly.instantiateStreaming
  let orders = 0
  WebAssembly.instantiateStreaming = async (...sources) => {
    const { instance, module } = await instantiate(...sources)
    const { livedesk_order } = instance.exports
    const broken = (...values) => (++orders > 4 ? trap() : livedesk_order(...values))
    return { instance: { exports: { ...instance.exports, livedesk_order: broken } }, module }
  }
}
`

/** Lets the worker meet a trap at its fifth order, until it is mended. */
async function breakTheWorker(page: Page) {
  let broken = true
  await page.route('**/desk-worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (broken ? TRAP : '') + (await response.text()) })
  })
  return { mend: () => (broken = false) }
}

test('a_trap_shows_one_sentence_and_a_restart_reads_the_records', async ({ page }) => {
  const worker = await breakTheWorker(page)
  const { submit, row } = await openRunner(page)
  const alert = page.getByRole('alert')
  while (!(await alert.isVisible())) {
    await submit('Failing').click({ timeout: 2_000 }).catch(() => {})
    await page.waitForTimeout(300)
  }
  await expect(alert).toContainText('The runner stopped unexpectedly.')
  worker.mend()
  await alert.getByRole('button', { name: 'Restart' }).click()
  await expect(alert).toBeHidden()
  await expect(row(1)).toContainText('failed')
  await submit('Hash').click()
  await expect(page.getByRole('row').filter({ hasText: 'succeeded' })).toHaveCount(1)
})

test('a_worker_that_does_not_load_says_so_and_can_be_restarted', async ({ page }) => {
  let missing = true
  await page.route('**/desk-worker-*.js', (route) => (missing ? route.abort() : route.continue()))
  await page.goto('./#/runner')
  const alert = page.getByRole('alert')
  await expect(alert).toBeVisible()
  missing = false
  await alert.getByRole('button', { name: 'Restart' }).click()
  await expect(runner(page).submit('Sleep')).toBeEnabled()
})
