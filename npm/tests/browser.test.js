// The package in a page: bundled by Vite, served under a strict content security policy, and loaded by Chromium.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'

const { UNSTUCK_WWW, CHROMIUM = '/usr/bin/chromium' } = process.env
assert.ok(UNSTUCK_WWW, 'UNSTUCK_WWW is not set: it is the folder that has Vite and Playwright. `cargo xtask test` sets it.')
const { resolve } = createRequire(`${UNSTUCK_WWW}/package.json`)
const { build, createServer, preview } = await import(pathToFileURL(resolve('vite')))
const { chromium } = (await import(pathToFileURL(resolve('@playwright/test')))).default

const quiet = { root: import.meta.dirname, configFile: false, logLevel: 'silent' }
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:"

const SHOWN = `\
a result: 2
an error: true timed-out
a map: 1,4,9
a circuit: open
a report: {"finished":0,"cancelled":[],"rejected":0,"abandoned":[]}`

let browser
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM }) })
after(() => browser.close())

/** What the page shows at an address, after what the browser complained of. */
async function shown(url) {
  const page = await browser.newPage()
  const lines = []
  page.on('console', (message) => { if (message.type() === 'error') lines.push(message.text()) })
  page.on('pageerror', (error) => lines.push(String(error)))
  await page.goto(url)
  await page.waitForSelector('[data-done]', { timeout: 20_000 })
  lines.push(await page.textContent('pre'))
  await page.close()
  return lines.join('\n')
}

test('a bundle finds the module, and needs no more than wasm-unsafe-eval', async () => {
  await build({ ...quiet, build: { target: 'es2022' } })
  const server = await preview({ ...quiet, preview: { port: 0, headers: { 'Content-Security-Policy': CSP } } })
  try {
    assert.equal(await shown(server.resolvedUrls.local[0]), SHOWN)
  } finally {
    await server.close()
  }
})

test('the development server of Vite finds it when it may not move the package', async () => {
  const server = await createServer({ ...quiet, optimizeDeps: { exclude: ['unstuck'] } })
  try {
    await server.listen()
    assert.equal(await shown(server.resolvedUrls.local[0]), SHOWN)
  } finally {
    await server.close()
  }
})
