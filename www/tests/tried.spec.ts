import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { expectStep, open } from './page'

/** Checks every schedule, and opens the tree of what was tried. */
async function openTree(page: Page) {
  const parts = await open(page, '#/bug/stuck-flag')
  await parts.check.click()
  const shown = page.getByRole('button', { name: 'What was tried', exact: true })
  await shown.click()
  const buggy = page.getByRole('tree', { name: 'Tried, Buggy' })
  await expect(buggy.getByRole('treeitem').first()).toBeVisible()
  return { ...parts, shown, tried: { buggy, fixed: page.getByRole('tree', { name: 'Tried, Fixed' }) } }
}

test('a_decision_says_how_many_schedules_go_on_there_and_how_many_of_them_fail', async ({ page }) => {
  const { tried } = await openTree(page)
  await expect(tried.buggy.getByRole('treeitem').first()).toHaveText(/165 of 165 fail/)
  await expect(tried.fixed.getByRole('treeitem').first()).toHaveText(/0 of 120 fail/)
})

test('a_click_on_a_node_goes_there', async ({ page }) => {
  const { tried, slider, scheduler } = await openTree(page)
  const first = tried.buggy.getByRole('treeitem').first()
  const steps = (await first.innerText()).split('·').length
  await first.click()
  await expectStep(slider, steps)
  await expect(scheduler).toHaveValue(/^replay-/)
  await expect(tried.buggy).toBeVisible()
})

test('the_tree_is_walked_with_the_arrow_keys', async ({ page }) => {
  const { tried, slider } = await openTree(page)
  const items = tried.buggy.getByRole('treeitem')
  await items.first().focus()
  // It stands alone, so it is open from the beginning.
  await expect(items.first()).toHaveAttribute('aria-expanded', 'true')
  await expect(items.nth(1)).toHaveAttribute('aria-level', '2')
  await page.keyboard.press('ArrowRight')
  await expect(items.nth(1)).toBeFocused()
  const before = await slider.inputValue()
  await page.keyboard.press('Enter')
  await expect(slider).not.toHaveValue(before)
  await expect(items.nth(1)).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(items.first()).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(items).toHaveCount(1)
})

test('another_version_forgets_the_tree', async ({ page }) => {
  const { buggy, shown, tried } = await openTree(page)
  await buggy.variant.selectOption('half-fix')
  await expect(shown).toBeHidden()
  await expect(tried.buggy).toBeHidden()
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 375]) {
    test(`axe_finds_no_violation_in_the_tree_${colorScheme}_${width}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await openTree(page)
      const { violations } = await new AxeBuilder({ page }).include('.tried').include('.check').analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    })
  }
}
