import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { expectStep, open, parts } from './page'

const SECTIONS = [
  'Context',
  'Symptoms observed',
  'Original request',
  'Refined prompt',
  'Investigation approach',
  'Root cause',
  'Fix applied',
  'Lessons learned',
]

async function openReport(page: Page, address = '#/bug/stuck-flag/report') {
  await page.goto(`./${address}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stuck busy flag')
  return {
    searched: page.getByRole('table', { name: 'Schedules searched' }),
    copy: page.getByRole('button', { name: 'Copy report' }),
    back: page.getByRole('link', { name: 'Back to the bug' }),
  }
}

test('a_report_has_the_sections_of_the_investigation_in_order', async ({ page }) => {
  await openReport(page)
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(SECTIONS)
})

test('a_report_says_what_a_search_of_every_version_came_to', async ({ page }) => {
  const { searched } = await openReport(page)
  await expect(searched.getByRole('row', { name: /^as found/ })).toContainText('165 of 165 schedules')
  await expect(searched.getByRole('row', { name: /^fixed/ })).toContainText('holds')
  await expect(page.getByRole('progressbar')).toHaveCount(0)
})

test('a_report_is_copied_as_markdown', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { searched, copy } = await openReport(page)
  await expect(searched.getByRole('row', { name: /^fixed/ })).toContainText('holds')
  await copy.press('Enter')
  await expect(page.getByRole('status', { name: 'Report' })).toHaveText('Copied')
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(text.match(/^## .*/gm)).toEqual(SECTIONS.map((section) => `## ${section}`))
  expect(text).toContain('| fixed | holds | 120 of 120 schedules, 0 fail | one of each kind was tried |')
  expect(text).toContain(`(${new URL('#/bug/stuck-flag?schedule=replay-', page.url()).href}`)
})

test('a_report_leaves_the_schedule_and_the_step_as_they_were', async ({ page }) => {
  const { slider } = await open(page, '#/bug/stuck-flag?schedule=random-3&step=7')
  await expectStep(slider, 7)
  await page.getByRole('link', { name: 'Report' }).press('Enter')
  await expect(page).toHaveURL(/#\/bug\/stuck-flag\/report\?schedule=random-3&step=7$/)
  await page.getByRole('link', { name: 'Back to the bug' }).press('Enter')
  await expect(page).toHaveURL(/#\/bug\/stuck-flag\?schedule=random-3&step=7$/)
  await expectStep(slider, 7)
  await expect(parts(page).scheduler).toHaveValue('random-3')
})

test('a_step_of_the_story_leads_to_its_moment', async ({ page }) => {
  await openReport(page)
  await page.getByRole('link', { name: 'Open step 8', exact: true }).click()
  await expectStep(parts(page).slider, 8)
  await expect(parts(page).said).toContainText('A was resumed because its wait for the connection was over')
})

test('without_a_clipboard_the_report_stands_selected', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  const { copy } = await openReport(page)
  await copy.click()
  await expect(page.getByRole('textbox', { name: 'The report as Markdown' })).toHaveValue(/^# Stuck busy flag/)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 375]) {
    test(`axe_finds_no_violation_in_a_report_${colorScheme}_${width}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { searched } = await openReport(page)
      await expect(searched.getByRole('row', { name: /^fixed/ })).toContainText('holds')
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    })
  }
}
