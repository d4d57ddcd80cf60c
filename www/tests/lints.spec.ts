import { expect, test } from '@playwright/test'
import { open } from './page'

test('a lint stands beside the verdict, and leads to its step', async ({ page }) => {
  const { buggy, fixed, slider } = await open(page, '#/bug/never-polled')
  const facts = buggy.region.getByRole('list', { name: 'Facts' })
  await expect(facts.getByRole('listitem')).toHaveText([
    'Lint in step 4: never polled. A future that waits for hash-A was made and dropped before its first poll: await it.',
  ])
  await facts.getByRole('button').click()
  await expect(slider).toHaveValue('4')
  await buggy.region.getByRole('searchbox', { name: /^Filter events/ }).fill('never polled')
  await expect(buggy.events).toContainText('never polled: a future that waits for hash-A')
  await expect(fixed.region.getByRole('list', { name: 'Facts' })).toHaveCount(0)
})
