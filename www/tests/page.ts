// What the tests know of the page: its roles and names, and nothing else.
import { expect, type Locator, type Page } from '@playwright/test'

export type Parts = ReturnType<typeof parts>

/** Opens an address such as `#/bug/stuck-flag?step=17`, and waits until it is shown. */
export async function open(page: Page, address = '#/bug/stuck-flag'): Promise<Parts> {
  await page.goto(`./${address}`)
  const shown = parts(page)
  await expect(shown.slider).toBeVisible()
  return shown
}

export function parts(page: Page) {
  const toolbar = page.getByRole('toolbar', { name: 'Playback' })
  const button = (name: string) => toolbar.getByRole('button', { name, exact: true })
  return {
    toolbar,
    buggy: pane(page, 'Buggy'),
    fixed: pane(page, 'Fixed'),
    slider: toolbar.getByRole('slider', { name: 'Step', exact: true }),
    scheduler: toolbar.getByRole('combobox', { name: 'Scheduler', exact: true }),
    back: button('Step back'),
    forward: button('Step forward'),
    play: button('Play'),
    pause: button('Pause'),
    end: button('Run to end'),
    reset: button('Reset'),
    said: page.getByRole('status', { name: 'What happened', exact: true }),
    notice: page.getByRole('status', { name: 'Notice', exact: true }),
    copy: page.getByRole('button', { name: 'Copy link', exact: true }),
    check: page.getByRole('button', { name: 'Check every schedule', exact: true }),
    cancel: page.getByRole('button', { name: 'Cancel', exact: true }),
    checkSaid: page.getByRole('status', { name: 'Check', exact: true }),
  }
}

function pane(page: Page, name: 'Buggy' | 'Fixed') {
  const region = page.getByRole('region', { name, exact: true })
  return {
    region,
    tasks: region.getByRole('table', { name: 'Tasks', exact: true }),
    events: region.getByRole('log', { name: 'Events', exact: true }),
    verdict: region.getByRole('status', { name: 'Verdict', exact: true }),
    variant: region.getByRole('combobox', { name: 'Variant', exact: true }),
    runs: region.getByRole('button', { name: /^Run / }),
  }
}

/** Runs a script before the real worker, in the same scope, each time that a worker is started. */
export const beforeTheWorker = (page: Page, script: () => string) =>
  page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: script() + (await response.text()) })
  })

/** The step that the slider is at. */
export const expectStep = (slider: Locator, step: number) => expect(slider).toHaveValue(String(step))

/** Everything that a moment shows in words. */
export async function words({ buggy, fixed, said, slider }: Parts): Promise<readonly string[]> {
  const read = [said, buggy.tasks, buggy.events, buggy.verdict, fixed.tasks, fixed.events, fixed.verdict]
  return [await slider.inputValue(), ...(await Promise.all(read.map((part) => part.innerText())))]
}
