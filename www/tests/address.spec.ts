import { expect, test } from '@playwright/test'
import { expectStep, open, parts, words } from './page'

test('the_address_restores_step_and_schedule', async ({ page }) => {
  const shown = await open(page, '#/bug/stuck-flag?schedule=random-3')
  for (let step = 1; step <= 7; step += 1) {
    await page.keyboard.press('ArrowRight')
    await expectStep(shown.slider, step)
  }
  const before = await words(shown)
  await expect(page).toHaveURL(/step=7/)
  await page.reload()
  await expectStep(shown.slider, 7)
  await expect(shown.scheduler).toHaveValue('random-3')
  expect(await words(shown)).toEqual(before)
})

test('the_address_restores_what_a_person_chose', async ({ page }) => {
  const shown = await open(page, '#/bug/stuck-flag?schedule=you')
  for (const key of ['1', '2', '1']) await page.keyboard.press(key)
  await expectStep(shown.slider, 3)
  const before = await words(shown)
  await expect(page).toHaveURL(/step=3/)
  await page.reload()
  await expectStep(shown.slider, 3)
  expect(await words(shown)).toEqual(before)
})

test('stepping_leaves_no_trace_in_the_history', async ({ page }) => {
  const { slider } = await open(page, '#/bug/stuck-flag?step=2')
  const length = await page.evaluate(() => history.length)
  for (let count = 0; count < 5; count += 1) await page.keyboard.press('ArrowRight')
  await expectStep(slider, 7)
  await expect(page).toHaveURL(/step=7/)
  expect(await page.evaluate(() => history.length)).toBe(length)
})

test('an_address_that_is_typed_is_opened', async ({ page }) => {
  const { slider } = await open(page)
  await page.evaluate(() => (location.hash = '#/bug/stuck-flag?step=9'))
  await expectStep(slider, 9)
})

test('a_broken_address_opens_the_default_and_says_so', async ({ page }) => {
  const { slider, notice } = await open(page, '#/bug/no-such-bug?step=4')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stuck busy flag')
  await expect(slider).toBeVisible()
  await expect(notice).toContainText('no-such-bug')
  await notice.getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice).toBeEmpty()
})

test('text_from_the_address_is_shown_as_text', async ({ page }) => {
  const { notice } = await open(page, `#/bug/${encodeURIComponent('<img src=x onerror=alert(1)>')}`)
  await expect(notice).toContainText('<img src=x')
  await expect(page.getByRole('img')).toHaveCount(0)
})

for (const [what, address] of [
  ['a_schedule_that_does_not_parse', '#/bug/stuck-flag?schedule=%F0%9F%90%9F'],
  ['a_choice_that_is_not_ready', '#/bug/stuck-flag?schedule=you:F&step=1'],
  ['a_million_steps', '#/bug/stuck-flag?step=1000000'],
  ['two_megabytes_of_text', `#/bug/stuck-flag?schedule=${'A'.repeat(2_000_000)}`],
] as const) {
  test(`${what}_breaks_nothing_and_is_mentioned`, async ({ page }) => {
    await page.goto('./')
    // An address of two megabytes is too long to be typed, and not too long to be followed.
    await page.evaluate((hash) => (location.hash = hash), address)
    const { slider, notice } = parts(page)
    await expect(notice).not.toBeEmpty({ timeout: 20_000 })
    expect((await notice.innerText()).length).toBeLessThan(400)
    await page.keyboard.press('Home')
    await expectStep(slider, 0)
  })
}

test('the_link_is_copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { copy, slider } = await open(page, '#/bug/stuck-flag?step=5')
  await expectStep(slider, 5)
  await copy.click()
  await expect(page.getByRole('status', { name: 'Link' })).toHaveText('Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
})

test('without_a_clipboard_the_link_stands_selected', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  const { copy } = await open(page, '#/bug/stuck-flag?step=5')
  await copy.click()
  await expect(page.getByRole('textbox', { name: 'Link to this moment' })).toHaveValue(page.url())
  expect(await page.evaluate(() => getSelection()?.toString() ?? '')).toBe(page.url())
})
