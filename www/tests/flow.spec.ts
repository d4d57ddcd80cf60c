import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

/** Opens an address such as `#/flow?demo=race`, and waits until it is shown. */
async function open(page: Page, address = '#/flow') {
  await page.goto(`./${address}`)
  const shown = parts(page)
  await expect(shown.toolbar).toBeVisible()
  return shown
}

function parts(page: Page) {
  const toolbar = page.getByRole('toolbar', { name: 'Playback' })
  const button = (name: string) => toolbar.getByRole('button', { name, exact: true })
  const pipeline = page.getByRole('region', { name: 'Pipeline', exact: true })
  const circuit = page.getByRole('region', { name: 'Circuit breaker', exact: true })
  return {
    toolbar,
    pipeline,
    circuit,
    /** The box of that name, without those within it. */
    box: (name: string) => pipeline.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) }).last(),
    states: pipeline.locator('.box-state'),
    circuitSaid: circuit.getByRole('status', { name: 'Circuit', exact: true }),
    calls: circuit.getByRole('list', { name: /^Last calls/ }).getByRole('listitem'),
    events: page.getByRole('log', { name: 'Events', exact: true }),
    filter: page.getByRole('searchbox', { name: 'Filter events', exact: true }),
    said: page.getByRole('status', { name: 'What happened', exact: true }),
    notice: page.getByRole('status', { name: 'Notice', exact: true }),
    step: toolbar.getByRole('slider', { name: 'Step', exact: true }),
    clock: page.getByRole('combobox', { name: 'Clock', exact: true }),
    seed: page.getByRole('spinbutton', { name: 'Seed', exact: true }),
    setting: (name: string) => page.getByRole('region', { name: 'Settings' }).getByRole('slider', { name, exact: true }),
    back: button('Step back'),
    forward: button('Step forward'),
    play: button('Play'),
    end: button('Run to end'),
    reset: button('Reset'),
    run: button('Run'),
    stop: button('Stop'),
  }
}

/** What each demo ends with. */
const ENDS: readonly (readonly [demo: string, result: string, box: string, state: string])[] = [
  ['parallel', '["data_10", "data_20", "data_30", "data_40", "data_50"]', 'Fetch50', 'succeeded'],
  ['nested', '"saved DATA_1"', 'Last', 'succeeded'],
  ['flaky', '"data_3"', 'Flaky', 'succeeded'],
  ['circuit', '"2 of 20 succeeded"', 'Process2', 'cancelled'],
  ['mixed', '"saved DATA_1 DATA_2 DATA_3"', 'Save', 'succeeded'],
  ['events', '["data_3", "saved data_3"]', 'Save3', 'succeeded'],
  ['each', 'saved data_7', 'Save · 7', 'succeeded'],
  ['dag', '"Mail(Invoice(Basket(Orders, Users), Prices), Stock(Orders))"', 'Mail', 'succeeded'],
  ['race', '"A"', 'Mirror B', 'cancelled'],
  ['first-ok', '"C"', 'Mirror B', 'failed'],
  ['hedge', '"data"', 'Fetch · 1', 'cancelled'],
  ['fallback', '"from the cache"', 'Live', 'failed'],
  ['policies', '"order_4 of yesterday"', 'Cached4', 'succeeded'],
  ['waves', '"10 of 10 succeeded"', 'Wave', 'succeeded'],
]

for (const [demo, result, name, state] of ENDS) {
  test(`the_demo_${demo}_runs_to_its_end`, async ({ page }) => {
    const { end, said, box, states } = await open(page, `#/flow?demo=${demo}`)
    await expect(states.first()).toHaveText('not begun')
    await end.click()
    await expect(said).toContainText(result)
    await expect(box(name)).toContainText(state)
    for (const word of ['pending', 'running', 'retrying']) {
      await expect(states.filter({ hasText: new RegExp(`^${word}`) })).toHaveCount(0)
    }
  })
}

test('every_demo_of_the_list_has_a_test', async ({ page }) => {
  await open(page)
  const links = page.getByRole('navigation', { name: 'Pipelines' }).getByRole('link')
  const demos = await links.evaluateAll((all) => all.map((link) => /demo=([^&]+)/.exec(link.getAttribute('href')!)![1]))
  expect(demos).toEqual(ENDS.map(([demo]) => demo))
})

test('the_circuit_opens_after_fail_max_failures_and_closes_after_a_probe', async ({ page }) => {
  const { forward, end, step, circuitSaid, calls, events, circuit } = await open(page, '#/flow?demo=circuit&step=20')
  await expect(circuitSaid).toHaveText(/^Closed/)
  await expect(async () => {
    await forward.click()
    await expect(circuitSaid).toHaveText(/^Open: calls are rejected for another 10\.0 s/, { timeout: 200 })
  }).toPass()
  await expect(calls).toHaveText([/^failure/, /^failure/]) // fail_max is 2
  await end.click()
  await events.getByText('half-open → closed: 1 probe succeeded').click()
  await expect(circuitSaid).toHaveText(/^Closed/)
  await expect(calls.last()).toHaveText(/^success/)
  await step.press('ArrowLeft')
  await expect(circuitSaid).toHaveText(/^Half-open: only probes, 1 of 1 under way/)
  await expect(circuit.getByRole('list', { name: 'Probes' })).toHaveText('probe reserved')
})

test('a_person_forces_the_circuit', async ({ page }) => {
  const { circuit, circuitSaid, end, events } = await open(page, '#/flow?demo=circuit&step=12')
  await circuit.getByRole('button', { name: 'Force closed' }).click()
  await expect(circuitSaid).toHaveText(/^Closed|^Forced closed/)
  await end.click()
  await expect(circuitSaid).toHaveText(/^Forced closed/)
  await expect(events).not.toContainText('→ open')
  await circuit.getByRole('button', { name: 'Reset circuit' }).click()
  await expect(page).toHaveURL(/acts=\d+-close\.\d+-reset/)
  await end.click()
  await expect(circuitSaid).toHaveText(/^Closed/)
})

test('stop_cancels_the_children_and_awaits_them', async ({ page }) => {
  const { stop, end, box, said } = await open(page, '#/flow?demo=parallel&step=12')
  await stop.click()
  await expect(said).toContainText('You stop it')
  await expect(stop).toHaveAttribute('aria-disabled', 'true')
  await end.click()
  await expect(said).toContainText('cancelled: requested')
  await expect(box('Fetch30')).toContainText('cancelled: requested')
  await expect(box('Fetch50')).toContainText('cancelled')
})

test('a_slider_changes_the_run', async ({ page }) => {
  const { setting, end, said, seed } = await open(page, '#/flow?demo=parallel&seed=1')
  await setting('Failure rate').press('End')
  await expect(page).toHaveURL(/failures=100/)
  await end.click()
  await expect(said).toContainText('It gave no value: no route')
  await setting('Failure rate').press('Home')
  await expect(page).not.toHaveURL(/failures/)
  await end.click()
  await expect(said).toContainText('data_50')
  await seed.fill('77')
  await seed.press('Enter')
  await expect(page).toHaveURL(/seed=77/)
})

test('a_circuit_that_opens_later_has_a_larger_fail_max', async ({ page }) => {
  const { setting, end, calls } = await open(page, '#/flow?demo=circuit&failures=100')
  await setting('fail_max').press('ArrowRight')
  await expect(page).toHaveURL(/fail_max=3/)
  await end.click()
  await expect(calls.nth(2)).toHaveText(/^failure/)
  await expect(calls.nth(3)).toHaveText(/^rejected/)
  await setting('reset_timeout').press('Home')
  await expect(page).toHaveURL(/reset_timeout=1/)
})

test('the_address_restores_everything', async ({ page }) => {
  const shown = await open(page, '#/flow?demo=circuit&seed=4&failures=80')
  await shown.setting('Latency').press('ArrowRight')
  await shown.step.press('PageUp')
  await shown.circuit.getByRole('button', { name: 'Disable' }).click()
  await expect(shown.said).toContainText('You disable the circuit')
  await expect(page).toHaveURL(/acts=.*step=/)
  const words = async () => Promise.all([shown.pipeline, shown.circuit, shown.events, shown.said].map((part) => part.innerText()))
  const before = await words()
  await page.reload()
  await expect(shown.said).toContainText('You disable the circuit')
  expect(await words()).toEqual(before)
})

test('a_broken_address_opens_what_it_can_and_says_so', async ({ page }) => {
  const { notice } = await open(page, '#/flow?demo=moon&seed=x')
  await expect(notice).toContainText('the demo “moon”, which is not in the list')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Parallel with a limit')
})

test('the_log_can_be_filtered', async ({ page }) => {
  const { end, filter, events } = await open(page, '#/flow?demo=events')
  await end.click()
  await expect(filter).toHaveValue('succeeded')
  await expect(events.getByRole('button')).toHaveCount(3)
  await filter.fill('fetch3 running')
  await expect(events.getByRole('button')).toHaveCount(1)
  await filter.fill('')
  await expect(events.getByRole('button')).toHaveCount(10)
})

test('play_goes_to_the_end_and_stops_there', async ({ page }) => {
  const { play, toolbar, said } = await open(page, '#/flow?demo=events')
  await toolbar.getByRole('combobox', { name: 'Speed' }).selectOption('8')
  await play.click()
  await expect(said).toContainText('Log has ended')
  await expect(play).toBeVisible()
})

test('in_real_time_it_runs_on_the_clock_of_the_browser', async ({ page }) => {
  const { clock, run, stop, said, states } = await open(page, '#/flow?demo=parallel&latency=300')
  await clock.selectOption('real')
  await expect(page).toHaveURL(/clock=real/)
  await expect(states.first()).toHaveText('not begun')
  await expect(stop).toHaveAttribute('aria-disabled', 'true')
  const began = Date.now()
  await run.click()
  await expect(states.first()).toHaveText('running')
  await expect(said).toContainText('It gave ["data_10"', { timeout: 10_000 })
  expect(Date.now() - began).toBeGreaterThan(400) // five of about 300 ms, two at a time
  await expect(run).toHaveAttribute('aria-disabled', 'false')
})

test('stop_in_real_time_ends_everything_and_it_can_run_again', async ({ page }) => {
  const { run, stop, reset, states, said } = await open(page, '#/flow?demo=dag&latency=2000&clock=real')
  await run.click()
  await expect(states.filter({ hasText: 'running' })).not.toHaveCount(0)
  await stop.click()
  await expect(said).toContainText('cancelled: requested')
  await expect(states.filter({ hasText: 'running' })).toHaveCount(0)
  await reset.click()
  await expect(states.first()).toHaveText('not begun')
  await run.click()
  await expect(states.first()).toHaveText('running')
})

test('in_real_time_the_circuit_counts_down', async ({ page }) => {
  const { run, circuit, circuitSaid } = await open(page, '#/flow?demo=circuit&latency=50&clock=real')
  await circuit.getByRole('button', { name: 'Force open' }).click()
  await expect(circuitSaid).toHaveText(/^Forced open/)
  await circuit.getByRole('button', { name: 'Reset circuit' }).click()
  await run.click()
  // A second is how far apart the looks are, so each waits for a stretch that is longer.
  await expect(circuitSaid).toHaveText(/^Open: calls are rejected for another [89]\./, { timeout: 10_000 })
  await expect(circuitSaid).toHaveText(/another [56]\./, { timeout: 5_000 })
})

test('all_of_it_works_with_the_keyboard_alone', async ({ page }) => {
  const { step, said, circuitSaid, play } = await open(page, '#/flow?demo=circuit')
  await page.keyboard.press('ArrowRight')
  await expect(step).toHaveValue('1')
  await page.keyboard.press('End')
  await expect(said).toContainText('Calls has ended')
  await page.keyboard.press('Home')
  await expect(step).toHaveValue('0')
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await page.keyboard.press('Space')
  await expect(play).toBeVisible()
  const reach = async (name: string) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus')
      if (((await focused.getAttribute('aria-label')) ?? (await focused.innerText())) === name) return
    }
    throw new Error(`no Tab leads to ${name}`)
  }
  await reach('Force open')
  await page.keyboard.press('Enter')
  await expect(said).toContainText('You force the circuit open')
  await page.keyboard.press('End')
  await expect(circuitSaid).toHaveText(/^Forced open/)
  await reach('Failure rate')
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/failures=55/)
})

test('views_follow_each_other_and_leave_nothing_behind', async ({ page }) => {
  const { run } = await open(page, '#/flow?demo=waves&clock=real')
  await run.click()
  await page.getByRole('link', { name: 'Bugs', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Bugs', exact: true })).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('region', { name: 'Pipeline', exact: true })).toHaveCount(0)
  // The catalogue needs no worker: a bug that is opened brings one.
  await expect.poll(() => page.workers().length).toBe(0)
  await page.getByRole('link', { name: 'Flow', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Pipeline', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Flow', exact: true })).toHaveAttribute('aria-current', 'page')
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, width, height] of [
    ['wide', 1440, 900],
    ['narrow', 375, 812],
  ] as const) {
    test(`axe_finds_no_violation_in_the_flow_${colorScheme}_and_${size}`, async ({ page }) => {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const address of ['#/flow?demo=circuit&step=58', '#/flow?demo=policies&step=30', '#/flow?demo=dag&step=15']) {
        const { said } = await open(page, address)
        await expect(said).not.toBeEmpty()
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
      }
    })
  }
}

test('no_demo_scrolls_sideways_at_375_pixels', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  for (const [demo] of ENDS) {
    const { end, said, pipeline } = await open(page, `#/flow?demo=${demo}`)
    await end.click()
    await expect(said).toContainText('has ended')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
    const boxes = pipeline.getByRole('group', { name: 'Boxes within boxes' })
    expect(await boxes.evaluate((all) => all.scrollWidth - all.clientWidth), demo).toBe(0)
  }
})

test('the_controls_are_as_wide_as_what_they_control', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  const { toolbar, pipeline } = await open(page, '#/flow?demo=circuit')
  const { x, width } = (await toolbar.boundingBox())!
  const circuit = (await page.getByRole('region', { name: 'Circuit breaker' }).boundingBox())!
  expect(Math.round(x + width)).toBeGreaterThan(circuit.x + circuit.width - 4)
  expect(x).toBeLessThan((await pipeline.boundingBox())!.x + 4)
})

test('the_security_policy_allows_all_that_the_flow_does', async ({ page, baseURL }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(baseURL!).origin) complaints.push(request.url())
  })
  const { end, clock, run, states } = await open(page, '#/flow?demo=policies')
  await end.click()
  await clock.selectOption('real')
  await run.click()
  await expect(states.first()).toHaveText('running')
  expect(complaints).toEqual([])
})

test('at_1024_pixels_every_pipeline_fits_into_its_card', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  for (const [demo] of ENDS) {
    const { pipeline, end } = await open(page, `#/flow?demo=${demo}`)
    await end.click()
    const boxes = pipeline.getByRole('group', { name: 'Boxes within boxes' })
    expect(await boxes.evaluate((all) => all.scrollWidth - all.clientWidth), demo).toBe(0)
  }
})
