import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { openRunner, set } from './runner'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, width, height] of [
    ['wide', 1440, 900],
    ['narrow', 375, 812],
  ] as const) {
    test(`axe_finds_no_violation_of_the_runner_${colorScheme}_and_${size}`, async ({ page }) => {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { workers, places, count, submit, row, button } = await openRunner(page)
      await set(workers, '1')
      await set(places, '2')
      await submit('Failing').click()
      await expect(row(1)).toContainText('failed')
      await count('10')
      await submit('Stubborn').click()
      await expect(row(2)).toContainText('running')
      const violations = async () => {
        const found = await new AxeBuilder({ page }).analyze()
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      }
      expect(await violations()).toEqual([])
      await button('Same run in virtual time').click()
      await button('Run to end').click()
      await button('Step back').click()
      expect(await violations()).toEqual([])
    })
  }
}

test('nothing_of_the_runner_scrolls_sideways_at_375_pixels', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  const { submit, row, button } = await openRunner(page)
  await submit('Hash').click()
  await expect(row(1)).toContainText('succeeded')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
  await button('Same run in virtual time').click()
  await expect(button('Play')).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
})

test('the_security_policy_allows_all_that_the_runner_does', async ({ page, baseURL }) => {
  const complaints: string[] = []
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(request.url()))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const { files, submit, row, button } = await openRunner(page)
  await files.setInputFiles({ name: 'abc.txt', mimeType: 'text/plain', buffer: Buffer.from('abc') })
  await expect(row(1)).toContainText('succeeded')
  await submit('Sleep').click()
  await button('Same run in virtual time').click()
  await button('Run to end').click()
  await button('Back to the runner').click()
  await expect(page.getByRole('img', { name: /^Latency: p50/ })).toBeVisible()
  expect(complaints).toEqual([])
  const origin = new URL(baseURL!).origin
  expect(addresses.filter((address) => new URL(address).origin !== origin && !address.startsWith('blob:'))).toEqual([])
})

test('everything_is_done_with_the_keyboard', async ({ page }) => {
  const { submit, cancel, row, notice } = await openRunner(page)
  const tabTo = async (target: ReturnType<typeof submit>) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error('the Tab key does not lead there')
  }
  await tabTo(submit('Stubborn'))
  await page.keyboard.press('Enter')
  await expect(row(1)).toContainText('running')
  await tabTo(cancel(1))
  await page.keyboard.press('Enter')
  await expect(row(1)).toContainText('asked to stop')
  await tabTo(notice.getByRole('button', { name: 'Dismiss' }))
  await page.keyboard.press('Enter')
  await expect(notice).toBeEmpty()
})

test('the_keyboard_goes_on_where_a_part_of_the_page_opens_or_goes', async ({ page }) => {
  const { button, submit, row, notice, workers } = await openRunner(page)
  await submit('Sleep').press('Enter')
  await expect(row(1)).toContainText('succeeded')
  await button('Same run in virtual time').press('Enter')
  const region = page.getByRole('region', { name: 'Same run in virtual time' })
  await expect(region).toBeFocused()
  await page.keyboard.press('Space')
  await expect(region.getByRole('button', { name: 'Pause' })).toBeVisible()
  await button('Back to the runner').press('Enter')
  await expect(button('Same run in virtual time')).toBeFocused()
  await set(workers, '0')
  await notice.getByRole('button', { name: 'Dismiss' }).press('Enter')
  await expect(notice).toBeFocused()
  await button('Shut down: now').press('Enter')
  await expect(button('Start a new runner')).toBeFocused()
})

test('what_is_asked_of_an_idle_runner_is_answered_by_one_board', async ({ page }) => {
  await page.addInitScript(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        this.addEventListener('message', ({ data }) => heard.push(data.kind))
      }
    }
  })
  await openRunner(page)
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard.splice(0))
  // Long enough for another one that nothing has changed for.
  const settled = () => page.waitForTimeout(300)
  await settled()
  await heard()
  await page.getByRole('searchbox', { name: 'Filter records' }).fill('no such record')
  await settled()
  expect(await heard()).toEqual(['board'])
})
