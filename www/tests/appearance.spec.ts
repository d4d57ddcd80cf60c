import { expect, test, type Page } from '@playwright/test'
import { open } from './page'

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

test('the_theme_follows_the_system_and_can_be_switched', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open(page)
  const light = await background(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await background(page)
  expect(dark).not.toBe(light)

  const theme = page.getByRole('button', { name: /^Theme/ })
  await theme.click()
  await expect(theme).toHaveAccessibleName('Theme: light')
  expect(await background(page)).toBe(light)
  await page.reload()
  await expect(theme).toHaveAccessibleName('Theme: light')
  expect(await background(page)).toBe(light)

  await theme.click()
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await background(page)).toBe(dark)
  await theme.click()
  expect(await background(page)).toBe(light)
})

test('nothing_scrolls_sideways_at_375_pixels', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  const { end } = await open(page)
  await end.click()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
})

test('a_long_sentence_in_the_heading_is_not_cut_at_1024_pixels', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  await open(page, '#/bug/lost-worker')
  const sentence = page.getByText('Each cancelled task takes its worker with it')
  const { y, height } = (await sentence.boundingBox())!
  const header = (await page.getByRole('banner').boundingBox())!
  const { y: below } = (await page.getByRole('heading', { name: 'Buggy', exact: true }).boundingBox())!
  expect(y).toBeGreaterThan(header.y + header.height)
  expect(y + height).toBeLessThan(below)
})

test('the_controls_stay_in_view_on_a_phone', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  const { play, said } = await open(page)
  await expect(play).toBeInViewport()
  await page.mouse.wheel(0, 600)
  await expect(play).toBeInViewport()
  await expect(said).toBeInViewport()
})

for (const width of [1440, 375]) {
  test(`no_line_of_the_source_is_cut_at_${width}_pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 })
    const { buggy, fixed } = await open(page, '#/bug/dropped-claim?step=9')
    for (const { region } of [buggy, fixed]) {
      const source = region.getByRole('textbox', { name: /^Source of/ })
      await expect(source).toBeVisible()
      const hidden = await source.evaluate(({ parentElement: view }) => view!.scrollWidth - view!.clientWidth)
      expect(hidden).toBe(0)
    }
  })
}

for (const width of [1440, 1024, 375]) {
  test(`no_line_of_a_log_is_cut_at_${width}_pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 })
    const { buggy } = await open(page, '#/bug/half-open-stampede?step=17')
    const broken = buggy.events.getByRole('button').last()
    await expect(broken).toContainText(/breaks “one probe at a time”$/)
    // It needs more than one row, whatever the width.
    expect((await broken.boundingBox())!.height).toBeGreaterThan(20)
    const hidden = await buggy.events
      .getByRole('button')
      .evaluateAll((lines) => lines.map((line) => Math.max(line.scrollHeight - line.clientHeight, line.scrollWidth - line.clientWidth)))
    expect(Math.max(...hidden)).toBe(0)
  })
}

test('the_decisive_line_is_in_view_far_down_a_source_with_broken_lines', async ({ page }) => {
  const { buggy } = await open(page, '#/bug/whose-timeout?schedule=replay-main.worker-2.worker-3.worker-1.~.worker-1')
  await page.keyboard.press('Shift+ArrowRight')
  const source = buggy.region.getByRole('textbox', { name: /^Source of/ })
  await expect(source.getByText('worker-1 gives up on its query')).toBeInViewport()
})

test('a_source_that_comes_into_the_window_shows_the_current_line', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 900 })
  const { fixed } = await open(page, '#/bug/retries')
  await page.keyboard.press('Shift+ArrowRight')
  const source = fixed.region.getByRole('textbox', { name: /^Source of/ })
  await source.evaluate((text) => text.scrollIntoView())
  await expect(source.getByText('wait for the next try')).toBeInViewport()
})

test('a_long_sentence_leaves_a_phone_its_page', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  const { said, toolbar } = await open(page, '#/bug/stuck-flag?step=14')
  await expect(said).toContainText('the busy flag tells the truth')
  const { y: top } = (await said.boundingBox())!
  const { y, height } = (await toolbar.boundingBox())!
  expect(y + height - top).toBeLessThan(190)
})

test('one_version_can_have_the_stage_to_itself', async ({ page }) => {
  const { buggy, fixed, play, check, checkSaid } = await open(page)
  await check.click()
  await expect(checkSaid).toContainText('Checked')
  await buggy.region.getByRole('button', { name: 'Enlarge the source' }).click()
  await expect(fixed.tasks).toBeHidden()
  await expect(play).toBeInViewport({ ratio: 1 })
  await buggy.region.getByRole('button', { name: 'Show both versions' }).click()
  await expect(fixed.tasks).toBeVisible()
})

test('a_word_of_the_source_can_be_copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { buggy } = await open(page)
  const source = buggy.region.getByRole('textbox', { name: /^Source of/ })
  await source.getByText('Worker', { exact: true }).first().dblclick()
  await page.keyboard.press('ControlOrMeta+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Worker')
})

test('the_buttons_stay_where_they_are_while_sentences_differ_in_length', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  const { forward, slider, play } = await open(page, '#/bug/stranding-shutdown')
  const { y } = (await play.boundingBox())!
  const last = Number(await slider.getAttribute('max'))
  for (let step = 1; step <= last; step += 1) {
    await forward.click()
    await expect(slider).toHaveValue(String(step))
    expect((await play.boundingBox())!.y, `step ${step}`).toBe(y)
  }
})

test('the_views_of_the_header_stay_where_they_are', async ({ page }) => {
  await open(page)
  const views = page.getByRole('navigation', { name: 'Views' }).getByRole('link')
  const places = () => views.evaluateAll((links) => links.map((link) => link.getBoundingClientRect().x))
  const before = await places()
  await views.getByText('Flow').click()
  await expect(views.getByText('Flow')).toHaveAttribute('aria-current', 'page')
  expect(await places()).toEqual(before)
})

test('nothing_in_a_report_scrolls_sideways_on_a_phone', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  await page.goto('./#/bug/stuck-flag/report')
  await expect(page.getByRole('heading', { name: 'Lessons learned' })).toBeVisible()
  const wide = page.locator('main *').filter({ visible: true })
  expect(await wide.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.className))).toEqual([])
})

test('a_log_draws_no_more_than_what_is_in_view', async ({ page }) => {
  const { end, fixed } = await open(page)
  await end.click()
  await expect(fixed.events.getByRole('button').last()).toHaveText(/returns/)
  expect(await fixed.events.getByRole('button').count()).toBeLessThan(20)
  // What was scrolled past is there again.
  await fixed.events.evaluate((log) => (log.scrollTop = -log.scrollHeight))
  await expect(fixed.events.getByRole('button').first()).toHaveText(/spawned/)
})
