import { expect, test, type Page } from '@playwright/test'
import { beforeTheWorker, expectStep, open, words, type Parts } from './page'

/** How many schedules were tried, and that all of them were. */
const CHECKED = /\b([\d,]+) of ([\d,]+) schedules\b/

/** How many schedules are tried in a second. */
const RATE = /[\d,]+ a second/

/** How long the least schedule is that fails. */
const LEAST = /\b(\d+) steps\b/

/** What a slice of a check says: the sentence before the first one has no number. */
const SOME = /\d/

/** Stands for the last report of a check while that is held back. */
const HELD = 'The last report is held back.'

/**
 * Runs before the real worker: a slice of a check is as short as it can be, and each waits until the test lets it
 * run. A report that a check is done is held back on demand, until the worker hears that the check was cancelled.
 */
const SLOW = `{
  const instantiate = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = async (...sources) => {
    const { instance, module } = await instantiate(...sources)
    const lab_checkSlice = (lab) => instance.exports.lab_checkSlice(lab, 0)
    return { instance: { exports: { ...instance.exports, lab_checkSlice } }, module }
  }

  const later = self.setTimeout.bind(self)
  const waiting = []
  let allowed = 0
  const run = () => {
    while (waiting.length > 0 && allowed > 0) {
      allowed -= 1
      later(waiting.shift())
    }
  }
  self.setTimeout = (work) => {
    waiting.push(work)
    run()
  }

  let holding = false
  const held = []
  const post = self.postMessage.bind(self)
  self.postMessage = (reply) => {
    if (!holding || !reply.progress?.done) return post(reply)
    held.push(reply)
    post({ ...reply, progress: { ...reply.progress, done: false, sentence: '${HELD}' } })
  }
  self.addEventListener('message', ({ data }) => data.kind === 'cancelCheck' && held.splice(0).forEach((it) => post(it)))

  const orders = new BroadcastChannel('slices')
  orders.onmessage = ({ data }) => {
    holding ||= data.hold
    allowed += data.slices
    run()
  }
}
`

/** Checks run only as far as the test lets them. */
async function slowChecks(page: Page) {
  await beforeTheWorker(page, () => SLOW)
  const order = (order: { slices: number; hold: boolean }) =>
    page.evaluate((order) => {
      const orders = new BroadcastChannel('slices')
      orders.postMessage(order)
      orders.close()
    }, order)
  return {
    allow: (slices: number) => order({ slices, hold: false }),
    allowAll: () => order({ slices: 1_000_000, hold: false }),
    allowAllButTheLastReport: () => order({ slices: 1_000_000, hold: true }),
  }
}

/** How many schedules a sentence speaks of, beside how many those are in a second. */
const tried = (sentence: string) =>
  [...sentence.replace(RATE, '').matchAll(/\d+/g)].reduce((sum, [digits]) => sum + Number(digits), 0)

/** Checks, and waits until both verdicts say what was found. */
async function check({ check, buggy, fixed }: Parts) {
  await check.click()
  await expect(buggy.verdict).toContainText(CHECKED)
  await expect(fixed.verdict).toContainText(CHECKED)
  await expect(check).toBeVisible()
}

test('a_check_ends_in_a_verdict_for_each_version', async ({ page }) => {
  const shown = await open(page)
  await check(shown)
  await expect(shown.buggy.verdict).toContainText(/schedules fail/)
  await expect(shown.fixed.verdict).toContainText(/\b0 fail/)
  const [, found, all] = CHECKED.exec(await shown.fixed.verdict.innerText()) ?? []
  expect(found).toBe(all)
  await expect(shown.checkSaid).toHaveText(/^Checked, in [\d,]+ runs\.$/)
})

test('the_verdict_of_a_check_leads_to_the_least_schedule_that_fails', async ({ page }) => {
  const shown = await open(page)
  await check(shown)
  const [, steps] = LEAST.exec(await shown.buggy.verdict.innerText()) ?? []
  await shown.scheduler.selectOption({ label: 'First in, first out' })
  await shown.end.click()
  await expect(page).toHaveURL(/bug\/stuck-flag\?step=/)
  await shown.buggy.verdict.getByRole('button').click()
  await expectStep(shown.slider, Number(steps))
  await expect(page).toHaveURL(/schedule=replay-/)
})

test('a_check_opens_the_least_schedule_that_fails_at_the_step_that_breaks', async ({ page }) => {
  const shown = await open(page, '#/bug/stuck-flag?schedule=random-3&step=30')
  await check(shown)
  const [, steps] = LEAST.exec(await shown.buggy.verdict.innerText()) ?? []
  await expectStep(shown.slider, Number(steps))
  await expect(page).toHaveURL(new RegExp(`schedule=replay-.*&step=${steps}$`))
  await expect(shown.said).toContainText('breaks')
})

test('the_link_to_what_a_check_opened_reproduces_it', async ({ page, context }) => {
  const shown = await open(page)
  await check(shown)
  await expect(page).toHaveURL(/schedule=replay-/)
  const [step, said, ...tables] = await words(shown)
  const scheduler = await shown.scheduler.inputValue()

  const again = await open(await context.newPage(), new URL(page.url()).hash)
  await expectStep(again.slider, Number(step))
  await expect(again.scheduler).toHaveValue(scheduler)
  expect(await again.said.innerText()).toBe(said)
  expect(await again.buggy.tasks.innerText()).toBe(tables[0])
  expect(await again.buggy.events.innerText()).toBe(tables[1])
  await expect(again.buggy.verdict).toContainText(`Step ${step} breaks`)
})

test('a_check_says_how_many_schedules_it_tries_in_a_second', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page)
  await shown.check.click()
  await slices.allow(20)
  await expect(shown.checkSaid).toContainText(RATE)
  await shown.cancel.click()
  await slices.allowAll()
})

test('a_check_that_is_cancelled_leaves_no_verdict', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page, '#/bug/stuck-flag?schedule=random-3&step=4')
  const before = await words(shown)
  await shown.check.click()
  await slices.allow(2)
  await expect(shown.checkSaid).toContainText(SOME)

  await shown.cancel.click()
  await expect(shown.checkSaid).toBeEmpty()
  await expect(shown.check).toBeVisible()
  await slices.allowAll()
  await shown.forward.click()
  await expectStep(shown.slider, 5)
  await shown.back.click()
  await expectStep(shown.slider, 4)
  expect(await words(shown)).toEqual(before)
  await expect(shown.checkSaid).toBeEmpty()
})

test('a_check_can_be_repeated_after_it_was_cancelled', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page)
  await shown.check.click()
  await slices.allow(2)
  await expect(shown.checkSaid).toContainText(SOME)
  await shown.cancel.click()
  await slices.allowAll()
  await check(shown)
})

test('a_check_that_ends_while_it_is_cancelled_leaves_no_trace', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page, '#/bug/stuck-flag?schedule=random-3&step=4')
  const before = await words(shown)
  await shown.check.click()
  await slices.allowAllButTheLastReport()
  await expect(shown.checkSaid).toHaveText(HELD)
  await shown.cancel.click()
  await expect(shown.checkSaid).toBeEmpty()
  await shown.forward.click()
  await expectStep(shown.slider, 5)
  await shown.back.click()
  await expectStep(shown.slider, 4)
  expect(await words(shown)).toEqual(before)
  await expect(page).toHaveURL(/schedule=random-3&step=4$/)
})

test('stepping_and_a_check_do_not_disturb_each_other', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page)
  await shown.check.click()
  await slices.allow(2)
  await expect(shown.checkSaid).toContainText(SOME)
  const before = await shown.checkSaid.innerText()

  await shown.forward.click()
  await expectStep(shown.slider, 1)
  await expect(shown.buggy.verdict).not.toContainText(CHECKED)
  await expect(shown.cancel).toBeVisible()
  await slices.allow(1)
  await expect(shown.checkSaid).not.toHaveText(before)
  expect(tried(await shown.checkSaid.innerText())).toBeGreaterThan(tried(before))
  await expectStep(shown.slider, 1)

  await slices.allowAll()
  await expect(shown.buggy.verdict).toContainText(CHECKED)
  await expect(shown.fixed.verdict).toContainText(CHECKED)
})

test('playing_ends_where_a_check_opens_what_it_found', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page)
  await shown.check.click()
  await shown.play.click()
  await expect(shown.slider).not.toHaveValue('0')
  await slices.allowAll()
  await expect(shown.buggy.verdict).toContainText(LEAST)
  const [, steps] = LEAST.exec(await shown.buggy.verdict.innerText()) ?? []
  await expect(shown.play).toBeVisible()
  await expectStep(shown.slider, Number(steps))
})

test('another_version_ends_a_check', async ({ page }) => {
  const slices = await slowChecks(page)
  const shown = await open(page)
  await shown.check.click()
  await slices.allow(2)
  await expect(shown.checkSaid).toContainText(SOME)
  await shown.buggy.variant.selectOption({ index: 1 })
  await expect(shown.checkSaid).toBeEmpty()
  await expect(shown.check).toBeVisible()
  await slices.allowAll()
  await shown.forward.click()
  await expectStep(shown.slider, 1)
  await expect(shown.buggy.verdict).not.toContainText(CHECKED)
  await expect(shown.fixed.verdict).not.toContainText(CHECKED)
})

for (const width of [1440, 1024, 375]) {
  test(`a_long_verdict_fits_its_header_at_${width}_pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 })
    const shown = await open(page)
    await check(shown)
    for (const { region, verdict } of [shown.buggy, shown.fixed]) {
      const text = (await verdict.boundingBox())!
      const enlarge = (await region.getByRole('button', { name: 'Enlarge the source' }).boundingBox())!
      const beside = text.x + text.width <= enlarge.x
      const below = text.y >= enlarge.y + enlarge.height
      expect(beside || below).toBe(true)
      expect(text.height).toBeLessThan(45)
      expect(text.x + text.width).toBeLessThanOrEqual(width)
    }
  })
}
