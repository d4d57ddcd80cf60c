import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { expectStep, open } from './page'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, width, height] of [
    ['wide', 1440, 900],
    ['narrow', 375, 812],
  ] as const) {
    test(`axe_finds_no_violation_${colorScheme}_and_${size}`, async ({ page }) => {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { slider } = await open(page, '#/bug/stuck-flag?schedule=you')
      for (let count = 0; count < 4; count += 1) await page.keyboard.press('1')
      await expectStep(slider, 4)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    })
  }
}

test('no_request_leaves_the_origin', async ({ page, baseURL }) => {
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(request.url()))
  const { end } = await open(page)
  await end.click()
  await expect(page.getByRole('textbox', { name: /^Source of/ }).first()).toBeVisible()
  const origin = new URL(baseURL!).origin
  expect(addresses.filter((address) => new URL(address).origin !== origin)).toEqual([])
})

test('the_security_policy_allows_all_that_the_page_does', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const { end, reset } = await open(page)
  await expect(page.getByRole('textbox', { name: /^Source of/ }).first()).toBeVisible()
  await end.click()
  await reset.click()
  expect(complaints).toEqual([])
})
