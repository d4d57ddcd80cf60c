import { expect, test, type Page } from '@playwright/test'
import { expectStep, open } from './page'

const lanes = (page: Page) => page.getByRole('group', { name: /^A lane per task/ })

async function middle(page: Page) {
  const box = (await lanes(page).boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

test('a_click_on_the_timeline_goes_to_the_step_there', async ({ page }) => {
  const { slider } = await open(page)
  const { x, y } = await middle(page)
  await page.mouse.click(x, y)
  await expect(slider).not.toHaveValue('0')
  await page.mouse.click((await lanes(page).boundingBox())!.x + 20, y)
  await expectStep(slider, 0)
})

test('the_playhead_can_be_dragged_across_both_versions', async ({ page }) => {
  const { slider } = await open(page)
  const { x, y } = await middle(page)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 400, y + 60, { steps: 12 })
  await page.mouse.up()
  await expectStep(slider, Number(await slider.getAttribute('max')))
})

test('zooming_keeps_the_place_under_the_pointer', async ({ page }) => {
  const { slider } = await open(page)
  const { x, y } = await middle(page)
  await page.mouse.click(x, y)
  await expect(slider).not.toHaveValue('0')
  const step = Number(await slider.inputValue())
  await page.keyboard.press('ArrowLeft')
  await expectStep(slider, step - 1)
  await page.keyboard.down('Control')
  for (let turn = 0; turn < 3; turn += 1) await page.mouse.wheel(0, -200)
  await page.keyboard.up('Control')
  await page.mouse.click(x, y)
  await expectStep(slider, step)
})

test('the_playhead_stays_in_view_when_the_timeline_is_zoomed', async ({ page }) => {
  const { slider, end } = await open(page)
  for (let turn = 0; turn < 6; turn += 1) await page.getByRole('button', { name: 'Zoom in' }).click()
  const left = () => lanes(page).evaluate((element) => element.scrollLeft)
  expect(await left()).toBe(0)
  await end.click()
  await expectStep(slider, Number(await slider.getAttribute('max')))
  expect(await left()).toBeGreaterThan(0)
})
