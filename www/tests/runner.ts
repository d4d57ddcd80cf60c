// What the tests know of the view "Runner": its roles and names, and nothing else.
import { expect, type Page } from '@playwright/test'

export type Runner = ReturnType<typeof runner>

/** Opens the view, and waits until the runner takes orders. */
export async function openRunner(page: Page): Promise<Runner> {
  await page.goto('./#/runner')
  const shown = runner(page)
  await expect(shown.submit('Sleep')).toBeEnabled()
  return shown
}

export function runner(page: Page) {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const records = page.getByRole('table', { name: 'Records', exact: true })
  const row = (id: number) => records.getByRole('row').filter({ has: button(`Cancel job ${id}`) })
  return {
    button,
    records,
    row,
    submit: (what: 'Sleep' | 'Hash' | 'Failing' | 'Stubborn') => button(what),
    cancel: (id: number) => button(`Cancel job ${id}`),
    count: (count: string) => page.getByRole('radio', { name: count, exact: true }).check(),
    files: page.getByLabel('Hash files', { exact: true }),
    found: page.getByRole('status', { name: 'Records found', exact: true }),
    status: page.getByRole('status', { name: 'Runner', exact: true }),
    notice: page.getByRole('status', { name: 'Notice', exact: true }),
    workers: page.getByRole('spinbutton', { name: 'Workers', exact: true }),
    places: page.getByRole('spinbutton', { name: 'Queue size', exact: true }),
    choice: (name: string) => page.getByRole('combobox', { name, exact: true }),
    line: page.getByRole('list', { name: 'Jobs in line', exact: true }),
    blocked: page.getByRole('list', { name: 'Blocked submitters', exact: true }),
    lanes: page.getByRole('list', { name: 'What each worker does', exact: true }),
  }
}

/** Types a number into a setting. */
export async function set(field: ReturnType<Page['getByRole']>, value: string) {
  await field.fill(value)
  await field.press('Enter')
}
