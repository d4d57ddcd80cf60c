// How soon the view "Runner" answers with 10,000 records, from an input to the painted answer.
//
// `cargo xtask serve` prints an address; then, in this folder: `node measure-runner.mjs http://127.0.0.1:8017/`
import { chromium } from '@playwright/test'

const [address] = process.argv.slice(2)
if (address === undefined) throw new Error('say where the page is served: node measure-runner.mjs http://127.0.0.1:8017/')

const RECORDS = 10_000
const ROUNDS = 20

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(`${address}#/runner`)
const button = (name) => page.getByRole('button', { name, exact: true })

// Failing jobs take 150 ms each; 64 workers make 10,000 of them in less than half a minute.
await button('Failing').waitFor()
await page.getByRole('spinbutton', { name: 'Workers' }).fill('64')
await page.keyboard.press('Enter')
await page.getByRole('radio', { name: '1,000', exact: true }).check()
for (let count = 0; count < RECORDS / 1_000; count += 1) await button('Failing').click()
await page.getByText('10,000 records').waitFor({ timeout: 120_000 })
await page.getByText('Nothing to do, so it sleeps.').waitFor({ timeout: 120_000 })
// The lanes move for ten seconds more.
await page.waitForTimeout(11_000)

/** Runs in the page: acts, and gives the milliseconds until the table has changed and that was painted. */
const answerTo = (act) =>
  page.evaluate(async (act) => {
    const table = document.querySelector('[role=table][aria-label=Records]')
    const changed = new Promise((resolve) => new MutationObserver(resolve).observe(table, { subtree: true, childList: true, characterData: true, attributes: true }))
    const begun = performance.now()
    new Function(act)()
    await changed
    // What changed is painted at the end of the next frame, after which a message is heard.
    await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = resolve
      port2.postMessage(null)
    })
    return performance.now() - begun
  }, act)

const header = (label) => `[...document.querySelectorAll('.records-head button')].find((button) => button.textContent.startsWith('${label}')).click()`
const ACTS = {
  'sort by name': () => header('Name'),
  'sort by time': () => header('Ran'),
  'sort by number': () => header('#'),
  filter: (round) => `const field = document.querySelector('.records-filter'); field.value = '#${round + 7}'; field.dispatchEvent(new Event('input', { bubbles: true }))`,
  'forget the filter': () => `const field = document.querySelector('.records-filter'); field.value = ''; field.dispatchEvent(new Event('input', { bubbles: true }))`,
  'scroll far': (round) => `document.querySelector('.records-scroller').scrollTop = ${(round * 37_000) % 290_000} + 5_000`,
  cancel: () => `document.querySelector('.records-some button').click()`,
}

const times = Object.fromEntries(Object.keys(ACTS).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, act] of Object.entries(ACTS)) {
    if (name === 'cancel' && round > 0) continue
    times[name].push(await answerTo(act(round)))
    await page.waitForTimeout(60)
  }
}
for (const [name, taken] of Object.entries(times)) {
  taken.sort((one, other) => one - other)
  const at = (part) => taken[Math.min(taken.length - 1, Math.floor(taken.length * part))].toFixed(1)
  console.log(`runner ${name.padEnd(18)} median ${at(0.5)} ms, worst ${at(1)} ms`)
}
await browser.close()
