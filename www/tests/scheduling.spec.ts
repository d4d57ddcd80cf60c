import { expect, test } from '@playwright/test'
import { expectStep, open } from './page'

test('a_person_runs_a_ready_task_by_its_button', async ({ page }) => {
  const { slider, scheduler, buggy } = await open(page)
  await scheduler.selectOption({ label: 'You schedule' })
  await expectStep(slider, 0)
  const run = buggy.runs.first()
  const name = (await run.innerText()).replace(/^Run (\S+)[\s\S]*$/, '$1')
  await run.click()
  await expectStep(slider, 1)
  const row = buggy.tasks.getByRole('row', { name: new RegExp(`^\\S*\\s*${name} `) })
  await expect(row.getByRole('cell').last()).toHaveText('1')
})

test('digits_run_ready_tasks_as_fast_as_they_are_pressed', async ({ page }) => {
  const { slider, notice } = await open(page, '#/bug/stuck-flag?schedule=you')
  for (let count = 0; count < 6; count += 1) await page.keyboard.press('1')
  await expectStep(slider, 6)
  await expect(notice).toBeEmpty()
})

test('a_blocked_task_says_why_and_has_no_button', async ({ page }) => {
  const { slider, fixed } = await open(page, '#/bug/stuck-flag?schedule=you')
  for (let count = 0; count < 3; count += 1) await page.keyboard.press('1')
  await expectStep(slider, 3)
  const row = fixed.tasks.getByRole('row', { name: /^B / })
  await expect(row).toContainText('held by A')
  await expect(row.getByRole('button')).toHaveCount(0)
})

test('another_seed_is_another_random_schedule', async ({ page }) => {
  const { scheduler } = await open(page, '#/bug/stuck-flag?schedule=random-7')
  await page.getByRole('button', { name: 'Another seed' }).click()
  await expect(scheduler).toHaveValue('random-8')
  await expect(page).toHaveURL(/random-8/)
})

test('a_replay_that_ends_in_a_number_has_no_other_seed', async ({ page }) => {
  await open(page, '#/bug/lost-worker?schedule=replay-client.worker-1')
  await expect(page.getByRole('button', { name: 'Another seed' })).toBeHidden()
})

test('the_half_fix_is_shown_in_the_region_of_the_buggy_version', async ({ page }) => {
  const { buggy } = await open(page)
  const before = await buggy.verdict.innerText()
  await buggy.variant.selectOption({ index: 1 })
  await expect(buggy.verdict).not.toHaveText(before)
  await expect(buggy.verdict).toContainText('Step')
})

test('home_goes_back_and_keeps_what_a_person_chose', async ({ page }) => {
  const { slider } = await open(page, '#/bug/stuck-flag?schedule=you')
  for (const key of ['1', '2', '1']) await page.keyboard.press(key)
  await expectStep(slider, 3)
  await page.keyboard.press('Home')
  await expectStep(slider, 0)
  await expect(slider).toHaveAttribute('max', '3')
})
