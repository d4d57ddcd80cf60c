// How soon a step is painted, from the input on: of a bug, and of a run of more than 5,000 events.
//
// `cargo xtask serve` prints an address; then, in this folder: `node measure-steps.mjs http://127.0.0.1:8017/`
import { answerTo, openPage, runThousands, tell } from './measure.mjs'

const ROUNDS = 60

const opened = await openPage()
const { address, browser, page, button } = opened
const slider = page.getByRole('slider', { name: 'Step' })

const FORWARD = `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))`
const scrubTo = (step) => `
  const slider = document.querySelector('input[type=range][aria-label=Step]')
  slider.value = '${step}'
  slider.dispatchEvent(new Event('input', { bubbles: true }))`

async function measure(name, scriptOf) {
  const taken = []
  for (let round = 0; round < ROUNDS; round += 1) {
    taken.push(await answerTo(page, '.said', scriptOf(round)))
    await page.waitForTimeout(30)
  }
  tell('steps', name, taken)
}

const last = () => slider.getAttribute('max').then(Number)
/** Far from the one before, each time. */
const scattered = (count) => (round) => scrubTo(1 + ((round * 7_919 + 13) % (count - 1)))

await page.goto(`${address}#/bug/stuck-flag`)
await slider.waitFor()
await page.waitForTimeout(1_000)
await measure('scrub the stuck flag', scattered(await last()))
await page.keyboard.press('Home')
await page.waitForTimeout(200)
await measure('step the stuck flag', (round) => (round === 50 ? scrubTo(1) : FORWARD))

await runThousands(opened, 1)
await button('Same run in virtual time').click()
await slider.waitFor()
const steps = await last()
await measure(`scrub ${steps} steps, 65 lanes`, scattered(steps))
await measure(`step ${steps} steps, 65 lanes`, () => FORWARD)
await browser.close()
