import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { open } from './page'

/** A version of this repository, as the compiler reads it. */
const fileOf = (version: string) =>
  readFileSync(resolve(import.meta.dirname, '../../src/bugs', version), 'utf8').replaceAll(/\s+/g, ' ').trim()

// Each in a module of its own.
const BUGS = { 'stuck-flag': 'stuck_flag', 'lost-worker': 'lost_worker', 'half-open-stampede': 'half_open' }

for (const [id, folder] of Object.entries(BUGS)) {
  test(`the_source_of_${folder}_that_is_shown_is_the_file_that_runs`, async ({ page }) => {
    // The editor draws only the lines that are in view; without it, the source is plain text.
    await page.route('**/editor-*.js', (route) => route.abort())
    const { buggy, fixed } = await open(page, `#/bug/${id}`)
    for (const [pane, version] of [[buggy, 'buggy'], [fixed, 'fixed']] as const) {
      const shown = await pane.region.locator('pre').innerText()
      expect(shown.replaceAll(/\s+/g, ' ').trim()).toBe(fileOf(`${folder}/${version}.rs`))
    }
  })
}
