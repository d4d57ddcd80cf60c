import { expect, test, type Page } from '@playwright/test'
import { beforeTheWorker, expectStep, open, words } from './page'

/**
 * Runs before the real worker: its second call of `apply` meets an `unreachable` instruction, which is what a panic
 * of Rust ends in. The module is `(module (func (export "f") unreachable))`.
 */
const TRAP = `{
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11]
  const trap = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports.f
  const instantiate = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = async (...sources) => {
    const { instance, module } = await instantiate(...sources)
    let calls = 0
    const lab_apply = (...values) => (++calls > 1 ? trap() : instance.exports.lab_apply(...values))
    return { instance: { exports: { ...instance.exports, lab_apply } }, module }
  }
}
`

/** Makes the worker meet a trap when it is asked for a step, until it is mended. */
async function breakTheWorker(page: Page) {
  let broken = true
  await beforeTheWorker(page, () => (broken ? TRAP : ''))
  return { mend: () => (broken = false) }
}

test('a_trap_shows_one_sentence_and_restarts_where_it_was', async ({ page }) => {
  const worker = await breakTheWorker(page)
  const shown = await open(page, '#/bug/stuck-flag?schedule=random-3&step=11')
  await expectStep(shown.slider, 11)
  const before = await words(shown)

  await shown.forward.click()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('The lab stopped unexpectedly')
  expect(await words(shown)).toEqual(before)

  worker.mend()
  await alert.getByRole('button', { name: 'Restart' }).click()
  await expect(alert).toBeHidden()
  await expectStep(shown.slider, 11)
  expect(await words(shown)).toEqual(before)
  await shown.forward.click()
  await expectStep(shown.slider, 12)
})

test('a_worker_that_does_not_load_says_so_and_can_be_restarted', async ({ page }) => {
  let missing = true
  await page.route('**/worker-*.js', (route) => (missing ? route.abort() : route.continue()))
  await page.goto('./#/bug/stuck-flag?step=3')
  const alert = page.getByRole('alert')
  await expect(alert).toBeVisible()
  missing = false
  await alert.getByRole('button', { name: 'Restart' }).click()
  await expectStep(page.getByRole('slider', { name: 'Step' }), 3)
  await expect(alert).toBeHidden()
})

test('a_browser_without_webassembly_is_told_so', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'))
  await page.goto('./')
  await expect(page.getByRole('alert')).toContainText('WebAssembly')
})
