// What the measurements of the page share: a browser at the page, how soon it answers, and how that is told.
import { chromium } from '@playwright/test'

/** Opens a browser at the address that the command names. */
export async function openPage() {
  const [address] = process.argv.slice(2)
  if (address === undefined) throw new Error('say where the page is served, such as http://127.0.0.1:8017/')
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  return { address, browser, page, button: (name) => page.getByRole('button', { name, exact: true }) }
}

/** Has the view "Runner" run thousands of jobs that fail after 150 ms, with 64 workers. */
export async function runThousands({ address, page, button }, thousands) {
  await page.goto(`${address}#/runner`)
  await button('Failing').waitFor()
  await page.getByRole('spinbutton', { name: 'Workers' }).fill('64')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: '1,000', exact: true }).check()
  for (let count = 0; count < thousands; count += 1) await button('Failing').click()
  await page.getByText(`${thousands},000 records`).waitFor({ timeout: 120_000 })
  await page.getByText('Nothing to do, so it sleeps.').waitFor({ timeout: 120_000 })
}

/** Does in the page what a script says, and gives the milliseconds until `answers` has changed and that was painted. */
export const answerTo = (page, answers, script) =>
  page.evaluate(`(async () => {
    const changed = new Promise((resolve) =>
      new MutationObserver(resolve).observe(document.querySelector('${answers}'), {
        subtree: true, childList: true, characterData: true, attributes: true,
      }),
    )
    const begun = performance.now();
    ${script}
    await changed
    // What changed is painted at the end of the next frame, after which a message is heard.
    await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = resolve
      port2.postMessage(null)
    })
    return performance.now() - begun
  })()`)

/** Prints a line such as `steps scrub the stuck flag   median 12.0 ms, p95 15.1 ms, worst 18.3 ms`. */
export function tell(what, name, taken) {
  taken.sort((one, other) => one - other)
  const at = (part) => taken[Math.min(taken.length - 1, Math.floor(taken.length * part))].toFixed(1)
  console.log(`${what} ${name.padEnd(28)} median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`)
}
