import { defineConfig } from '@playwright/test'

const url = process.env.UNSTUCK_URL
if (url === undefined) {
  throw new Error(
    'UNSTUCK_URL is not set: it is where the built page is served. `cargo xtask test` builds, serves and sets it.',
  )
}

export default defineConfig({
  testDir: 'tests',
  forbidOnly: true,
  // The view "Runner" runs in real time: a machine that stalls can miss a moment. What needs a second try is reported as flaky.
  retries: 2,
  expect: { timeout: 10_000 },
  workers: 2,
  reporter: 'list',
  use: {
    baseURL: url,
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  },
})
