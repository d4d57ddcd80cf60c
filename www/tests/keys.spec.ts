import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { expectStep, open } from './page'

test('arrows_step_once_whatever_has_the_focus', async ({ page }) => {
  const { slider, buggy, forward } = await open(page)
  await page.keyboard.press('ArrowRight')
  await expectStep(slider, 1)
  await slider.focus()
  await page.keyboard.press('ArrowRight')
  await expectStep(slider, 2)
  await buggy.events.focus()
  await page.keyboard.press('ArrowRight')
  await expectStep(slider, 3)
  await forward.focus()
  await page.keyboard.press('ArrowLeft')
  await expectStep(slider, 2)
})

test('home_and_end_go_to_the_edges_and_page_keys_a_tenth', async ({ page }) => {
  const { slider } = await open(page)
  const last = Number(await slider.getAttribute('max'))
  await page.keyboard.press('End')
  await expectStep(slider, last)
  await page.keyboard.press('PageUp')
  await expectStep(slider, last - Math.round(last / 10))
  await page.keyboard.press('Home')
  await expectStep(slider, 0)
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await expectStep(slider, 2 * Math.round(last / 10))
})

test('shift_and_arrows_go_from_finding_to_finding', async ({ page }) => {
  const { slider, buggy } = await open(page)
  const [, step] = /Step (\d+)/.exec(await buggy.verdict.innerText()) ?? []
  await page.keyboard.press('Shift+ArrowRight')
  await expectStep(slider, Number(step))
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowLeft')
  await expectStep(slider, Number(step))
})

test('space_plays_and_pauses', async ({ page }) => {
  const { play, pause } = await open(page)
  await page.keyboard.press('Space')
  await expect(pause).toBeVisible()
  await page.keyboard.press('Space')
  await expect(play).toBeVisible()
})

test('space_on_a_button_presses_the_button_only', async ({ page }) => {
  const { slider, forward, play } = await open(page)
  await forward.focus()
  await page.keyboard.press('Space')
  await expectStep(slider, 1)
  await expect(play).toBeVisible()
})

test('keys_do_nothing_while_typing', async ({ page }) => {
  const { slider, play } = await open(page)
  const field = page.getByRole('searchbox', { name: 'Find a bug' })
  await field.focus()
  await page.keyboard.type('1? ')
  for (const key of ['ArrowRight', 'End', 'PageDown', 'Shift+ArrowRight']) await page.keyboard.press(key)
  await expect(field).toHaveValue('1? ')
  await expectStep(slider, 0)
  await expect(play).toBeVisible()
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('the_question_mark_lists_the_keys_and_closes_the_list', async ({ page }) => {
  const { slider } = await open(page)
  const dialog = page.getByRole('dialog', { name: 'Keys' })
  await page.keyboard.press('?')
  await expect(dialog).toContainText('Play or pause')
  await expect(dialog.getByRole('region', { name: 'The timeline' })).toContainText('sleeps')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.keyboard.press('ArrowRight')
  await expectStep(slider, 0)
  await page.keyboard.press('?')
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

for (const [view, first] of [
  ['#/flow', 'Play or pause; in real time, run'],
  ['#/runner', 'In the same run in virtual time: play or pause'],
] as const) {
  test(`the_view_${view.slice(2)}_lists_its_own_keys`, async ({ page }) => {
    await page.goto(`./${view}`)
    const button = page.getByRole('button', { name: 'Keys', exact: true })
    await expect(button).toBeVisible()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await expect(dialog).toContainText(first)
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await page.keyboard.press('?')
    await expect(dialog).toBeHidden()
    await button.click()
    await expect(dialog).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    // In a field it is a character.
    const field = page.getByRole('searchbox').first()
    await field.fill('')
    await field.press('?')
    await expect(field).toHaveValue('?')
    await expect(dialog).toBeHidden()
  })
}

test('a_pipeline_is_stepped_stopped_and_reset_with_keys', async ({ page }) => {
  await page.goto('./#/flow?demo=parallel&step=11')
  const slider = page.getByRole('toolbar', { name: 'Playback' }).getByRole('slider', { name: 'Step', exact: true })
  const said = page.getByRole('status', { name: 'What happened', exact: true })
  await expectStep(slider, 11)
  await page.keyboard.press('ArrowRight')
  await expectStep(slider, 12)
  // While the list is open, its keys do nothing.
  const dialog = page.getByRole('dialog', { name: 'Keys' })
  await page.keyboard.press('?')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('s')
  // The key after the one that closes it counts again, however fast it comes.
  await page.evaluate(() => {
    for (const key of ['Escape', 's']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }))
  })
  await expect(dialog).toBeHidden()
  await expect(said).toContainText('You stop it')
  await expectStep(slider, 13)
  await page.keyboard.press('Home')
  await expectStep(slider, 0)
})
