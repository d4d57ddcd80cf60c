import { expect, test } from '@playwright/test'
import { expectStep, open, words } from './page'

test('the_page_opens_the_first_bug_before_its_first_step', async ({ page }) => {
  const shown = await open(page)
  await expectStep(shown.slider, 0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stuck busy flag')
  const link = page.getByRole('navigation', { name: 'Bugs' }).getByRole('link', { name: 'Stuck busy flag' })
  await expect(link).toHaveAttribute('aria-current', 'page')
})

test('before_the_first_step_it_says_what_is_played', async ({ page }) => {
  const { said, forward, back } = await open(page)
  await expect(said).toContainText('A to E are submitted together, and F once they have ended.')
  await forward.click()
  await expect(said).not.toContainText('A to E')
  await back.click()
  await expect(said).toContainText('A to E are submitted together')
})

test('each_version_has_its_tasks_its_events_and_a_verdict', async ({ page }) => {
  const { buggy, fixed } = await open(page)
  for (const { tasks, events, verdict } of [buggy, fixed]) {
    await expect(tasks).toBeVisible()
    await expect(events).toBeVisible()
    await expect(verdict).not.toBeEmpty()
  }
})

test('stepping_back_restores_what_was_shown', async ({ page }) => {
  const shown = await open(page)
  for (let step = 1; step <= 4; step += 1) {
    await shown.forward.click()
    await expectStep(shown.slider, step)
  }
  const before = await words(shown)
  await shown.forward.click()
  await expectStep(shown.slider, 5)
  expect(await words(shown)).not.toEqual(before)
  await shown.back.click()
  await expectStep(shown.slider, 4)
  expect(await words(shown)).toEqual(before)
})

test('stepping_back_before_the_beginning_stays_there', async ({ page }) => {
  const shown = await open(page)
  const before = await words(shown)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowRight')
  await expectStep(shown.slider, 1)
  await page.keyboard.press('ArrowLeft')
  await expectStep(shown.slider, 0)
  expect(await words(shown)).toEqual(before)
})

test('run_to_end_goes_to_the_last_step_and_reset_to_the_first', async ({ page }) => {
  const { slider, end, reset } = await open(page)
  const last = Number(await slider.getAttribute('max'))
  expect(last).toBeGreaterThan(10)
  await end.click()
  await expectStep(slider, last)
  await reset.click()
  await expectStep(slider, 0)
})

test('the_end_of_the_run_shows_f_refused_by_the_buggy_and_served_by_the_fixed_version', async ({ page }) => {
  const { buggy, fixed, end } = await open(page)
  await end.click()
  await expect(buggy.tasks.getByRole('row', { name: /^F / })).toContainText('dropped')
  await expect(fixed.tasks.getByRole('row', { name: /^F / })).toContainText('done')
})

test('events_are_shown_up_to_the_selected_step', async ({ page }) => {
  const { buggy, slider, forward } = await open(page)
  const lines = buggy.events.getByRole('button')
  const before = await lines.count()
  await forward.click()
  await expectStep(slider, 1)
  expect(await lines.count()).toBeGreaterThan(before)
})

test('a_click_on_an_event_goes_to_its_step', async ({ page }) => {
  const { buggy, slider, end } = await open(page)
  await end.click()
  await expect(slider).not.toHaveValue('0')
  // The newest one, which is in view: to scroll draws others.
  const event = buggy.events.getByRole('button').last()
  const [, step] = /^Step (\d+):/.exec((await event.getAttribute('title'))!)!
  await event.click()
  await expectStep(slider, Number(step))
  expect(Number(step)).toBeLessThan(Number(await slider.getAttribute('max')))
})

test('the_verdict_leads_to_the_step_that_it_is_about', async ({ page }) => {
  const { buggy, slider } = await open(page)
  await buggy.verdict.getByRole('button').click()
  const [, step] = /Step (\d+)/.exec(await buggy.verdict.innerText()) ?? []
  await expectStep(slider, Number(step))
})

test('play_steps_on_until_pause', async ({ page }) => {
  const { slider, play, pause } = await open(page)
  await play.click()
  await expect(slider).not.toHaveValue('0')
  await pause.click()
  await expect(play).toBeVisible()
})

test('dragging_the_slider_goes_to_the_step_under_the_pointer', async ({ page }) => {
  const { slider } = await open(page)
  const box = (await slider.boundingBox())!
  await page.mouse.move(box.x + 9, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 20 })
  await page.mouse.up()
  await expectStep(slider, Number(await slider.getAttribute('max')))
})
