// How soon the view "Runner" answers with 10,000 records, from an input to the painted answer.
//
// `cargo xtask serve` prints an address; then, in this folder: `node measure-runner.mjs http://127.0.0.1:8017/`
import { answerTo, openPage, runThousands, tell } from './measure.mjs'

const ROUNDS = 20

const opened = await openPage()
const { browser, page } = opened
// 64 workers make 10,000 failing jobs in less than half a minute.
await runThousands(opened, 10)
// The lanes move for ten seconds more.
await page.waitForTimeout(11_000)

const header = (label) => `[...document.querySelectorAll('.records-head button')].find((button) => button.textContent.startsWith('${label}')).click()`
const filter = (text) => `
  const field = document.querySelector('.records-filter')
  field.value = '${text}'
  field.dispatchEvent(new Event('input', { bubbles: true }))`
const ACTS = {
  'sort by name': () => header('Name'),
  'sort by time': () => header('Ran'),
  'sort by number': () => header('#'),
  filter: (round) => filter(`#${round + 7}`),
  'forget the filter': () => filter(''),
  'scroll far': (round) => `document.querySelector('.records-scroller').scrollTop = ${(round * 37_000) % 290_000} + 5_000`,
  cancel: () => `document.querySelector('.records-some button').click()`,
}

const times = Object.fromEntries(Object.keys(ACTS).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, act] of Object.entries(ACTS)) {
    if (name === 'cancel' && round > 0) continue
    times[name].push(await answerTo(page, '[role=table][aria-label=Records]', act(round)))
    await page.waitForTimeout(60)
  }
}
for (const [name, taken] of Object.entries(times)) tell('runner', name, taken)
await browser.close()
