import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { open, parts } from './page'

async function openCatalogue(page: Page) {
  await page.goto('./')
  const bugs = page.getByRole('navigation', { name: 'Bugs', exact: true })
  await expect(bugs.getByRole('link', { name: 'Stuck busy flag' })).toBeVisible()
  return {
    bugs,
    search: page.getByRole('searchbox', { name: 'Find a bug' }),
    progress: page.getByRole('status', { name: 'Progress' }),
    card: (title: string) => bugs.getByRole('listitem').filter({ has: page.getByRole('link', { name: title }) }),
  }
}

test('the_page_opens_on_the_catalogue_with_every_bug_in_its_family', async ({ page }) => {
  const { bugs, card } = await openCatalogue(page)
  await expect(bugs.getByRole('heading', { name: 'Flags and state' })).toBeVisible()
  await expect(card('Stuck busy flag')).toContainText('the worker refuses everything after it')
  await expect(card('Stuck busy flag')).toContainText('Seen in Bruce-Moe/build-demo-2025')
})

test('a_bug_is_opened_from_the_catalogue_and_the_brand_leads_back', async ({ page }) => {
  const { bugs } = await openCatalogue(page)
  await bugs.getByRole('link', { name: 'Stuck busy flag' }).click()
  await expect(parts(page).slider).toBeVisible()
  await expect(page).toHaveURL(/#\/bug\/stuck-flag/)
  await page.getByRole('link', { name: 'unstuck', exact: true }).click()
  await expect(page.getByRole('status', { name: 'Progress' })).toBeVisible()
  await expect(page).toHaveURL(/#\/$/)
})

test('the_catalogue_says_where_to_begin', async ({ page }) => {
  await openCatalogue(page)
  await page.getByRole('link', { name: 'Start with the first bug' }).click()
  await expect(page.getByRole('heading', { name: 'Stuck busy flag', level: 1 })).toBeVisible()
})

test('a_search_finds_bugs_by_any_of_their_words', async ({ page }) => {
  const { bugs, search } = await openCatalogue(page)
  await search.fill('half-open')
  await expect(bugs.getByRole('heading', { level: 3 })).toHaveText([/Half-open stampede/])
  await search.fill('no such bug')
  await expect(bugs.getByText('No bug has these words.')).toBeVisible()
})

test('an_origin_in_public_is_a_link_to_it', async ({ page }) => {
  const { card } = await openCatalogue(page)
  const link = card('Half-open stampede').getByRole('link', { name: 'App-vNext/Polly#216' })
  await expect(link).toHaveAttribute('href', 'https://github.com/App-vNext/Polly/issues/216')
})

test('a_bug_that_was_broken_by_keyboard_alone_is_marked_until_one_starts_over', async ({ page }) => {
  const { progress } = await openCatalogue(page)
  await expect(progress).toHaveText(/^You have broken 0 of \d+ and understood 0$/)

  // To the bug, and to the list of schedulers, with the keyboard alone.
  await page.getByRole('link', { name: 'Stuck busy flag' }).focus()
  await page.keyboard.press('Enter')
  const { buggy, scheduler } = parts(page)
  await expect(scheduler).toBeVisible()
  await scheduler.focus()
  await page.keyboard.press('y') // You schedule
  await expect(scheduler).toHaveValue('you')
  for (let step = 0; step < 60; step += 1) {
    if (/You broke/.test(await buggy.verdict.innerText())) break
    await page.keyboard.press('1')
    await page.waitForTimeout(30)
  }
  await expect(buggy.verdict).toHaveText(/You broke it in \d+ steps; the least schedule takes 14/)

  const { card, progress: now } = await openCatalogue(page)
  await expect(card('Stuck busy flag')).toContainText('broken')
  await expect(now).toContainText(/^You have broken 1 of \d+ /)
  await page.getByRole('button', { name: 'Start over' }).press('Enter')
  await expect(now).toHaveText(/^You have broken 0 of \d+ and understood 0$/)
  await expect(card('Stuck busy flag')).not.toContainText('broken')
})

test('a_bug_is_understood_when_its_reader_says_so', async ({ page }) => {
  await open(page)
  const understood = page.getByRole('button', { name: 'Understood' })
  await understood.click()
  await expect(understood).toHaveAttribute('aria-pressed', 'true')
  const { card } = await openCatalogue(page)
  await expect(card('Stuck busy flag')).toContainText('understood')
})

test('a_schedule_that_nobody_chose_breaks_nothing_in_the_catalogue', async ({ page }) => {
  const { end } = await open(page)
  await end.click()
  const { progress } = await openCatalogue(page)
  await expect(progress).toHaveText(/^You have broken 0 of /)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 375]) {
    test(`axe_finds_no_violation_in_the_catalogue_${colorScheme}_${width}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.addInitScript(() =>
        localStorage.setItem('unstuck.progress', '{"broken":["stuck-flag"],"understood":["stuck-flag"]}'),
      )
      await openCatalogue(page)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    })
  }
}
