// How soon a step is painted, from the input on: of a bug, and of a run of more than 5,000 events.
//
// `cargo xtask serve` prints an address; then, in this folder: `node measure-steps.mjs http://127.0.0.1:8017/`
import { chromium } from '@playwright/test'

const [address] = process.argv.slice(2)
if (address === undefined) throw new Error('say where the page is served: node measure-steps.mjs http://127.0.0.1:8017/')

const ROUNDS = 60

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })

/** Runs in the page: does something with the slider or a key, and gives the milliseconds until the answer was painted. */
const answerTo = (step) =>
  page.evaluate(async (step) => {
    const slider = document.querySelector('input[type=range][aria-label=Step]')
    const said = document.querySelector('.said')
    const changed = new Promise((resolve) =>
      new MutationObserver(resolve).observe(said, { subtree: true, childList: true, characterData: true }),
    )
    const begun = performance.now()
    if (step === null) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
    } else {
      slider.value = String(step)
      slider.dispatchEvent(new Event('input', { bubbles: true }))
    }
    await changed
    // What changed is painted at the end of the next frame, after which a message is heard.
    await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = resolve
      port2.postMessage(null)
    })
    return performance.now() - begun
  }, step)

async function measure(name, stepOf) {
  const taken = []
  for (let round = 0; round < ROUNDS; round += 1) {
    taken.push(await answerTo(stepOf(round)))
    await page.waitForTimeout(30)
  }
  taken.sort((one, other) => one - other)
  const at = (part) => taken[Math.min(taken.length - 1, Math.floor(taken.length * part))].toFixed(1)
  console.log(`steps ${name.padEnd(34)} median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`)
}

const last = () => page.getByRole('slider', { name: 'Step' }).getAttribute('max').then(Number)
/** Far from the one before, each time. */
const scattered = (count) => (round) => 1 + ((round * 7_919 + 13) % (count - 1))

await page.goto(`${address}#/bug/stuck-flag`)
await page.getByRole('slider', { name: 'Step' }).waitFor()
await page.waitForTimeout(1_000)
await measure('scrub the stuck flag', scattered(await last()))
await page.keyboard.press('Home')
await page.waitForTimeout(200)
await measure('step the stuck flag', (round) => (round === 50 ? 1 : null))

await page.goto(`${address}#/runner`)
const button = (name) => page.getByRole('button', { name, exact: true })
await button('Failing').waitFor()
await page.getByRole('spinbutton', { name: 'Workers' }).fill('64')
await page.keyboard.press('Enter')
await page.getByRole('radio', { name: '1,000', exact: true }).check()
await button('Failing').click()
await page.getByText('Nothing to do, so it sleeps.').waitFor({ timeout: 60_000 })
await button('Same run in virtual time').click()
await page.getByRole('slider', { name: 'Step' }).waitFor()
const steps = await last()
await measure(`scrub ${steps} steps, 65 lanes`, scattered(steps))
await measure(`step ${steps} steps, 65 lanes`, () => null)
await browser.close()
