import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { openRunner, set } from './runner'

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

test('a_submitted_job_runs_and_its_record_says_what_it_gave', async ({ page }) => {
  const { submit, row, status } = await openRunner(page)
  await expect(status).toHaveText('Nothing to do, so it sleeps.')
  await submit('Hash').click()
  await expect(row(1)).toContainText('succeeded')
  await expect(row(1)).toContainText(/[0-9a-f]{64}/)
  await submit('Failing').click()
  await expect(row(2)).toContainText('the service said no')
})

test('cancelling_tells_what_became_of_it', async ({ page }) => {
  const { workers, submit, cancel, row, notice } = await openRunner(page)
  await set(workers, '1')
  await submit('Failing').click()
  await expect(row(1)).toContainText('failed')
  await submit('Stubborn').click()
  await submit('Sleep').click()
  for (const [id, answer] of [
    [3, 'removed from the queue'],
    [2, 'asked to stop'],
    [1, 'had already finished'],
  ] as const) {
    await cancel(id).click()
    await expect(row(id)).toContainText(answer)
    await expect(notice).toContainText(`Job ${id} ${answer}`)
  }
})

test('a_stubborn_job_keeps_its_worker_after_it_was_cancelled', async ({ page }) => {
  const { workers, submit, cancel, row, lanes } = await openRunner(page)
  await set(workers, '1')
  await submit('Stubborn').click()
  await cancel(1).click()
  await expect(row(1)).toContainText('cancelled')
  await expect(lanes).toContainText('stubborn 3 s, job 1')
})

test('dropped_files_are_hashed_beside_their_names', async ({ page }) => {
  const { row } = await openRunner(page)
  const files = await page.evaluateHandle(() => {
    const dropped = new DataTransfer()
    dropped.items.add(new File(['abc'], 'abc.txt'))
    dropped.items.add(new File([new Uint8Array(3_000_000)], 'zeros.bin'))
    return dropped
  })
  await page.dispatchEvent('.runner', 'dragover', { dataTransfer: files })
  await page.dispatchEvent('.runner', 'drop', { dataTransfer: files })
  await expect(row(1)).toContainText('abc.txt')
  await expect(row(1)).toContainText(ABC)
  // `head -c 3000000 /dev/zero | sha256sum`
  await expect(row(2)).toContainText(/zeros\.bin.*[0-9a-f]{64}/)
})

/** Drops what lies at these paths, as a hand does that drags it from a desktop. */
async function drop(page: Page, ...files: string[]) {
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files, dragOperationsMask: 1 }
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data })
  }
}

test('a_dropped_folder_is_hashed_file_by_file_each_with_its_path', async ({ page }, info) => {
  const { row, found, notice } = await openRunner(page)
  const folder = info.outputPath('folder')
  await mkdir(`${folder}/inner/empty`, { recursive: true })
  await writeFile(`${folder}/inner/abc.txt`, 'abc')
  await writeFile(`${folder}/zero.txt`, '')
  await drop(page, folder)
  await expect(row(1)).toContainText('folder/inner/abc.txt')
  await expect(row(1)).toContainText(ABC)
  await expect(row(2)).toContainText('folder/zero.txt')
  // `sha256sum /dev/null`
  await expect(row(2)).toContainText('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  await expect(found).toHaveText('2 records')
  await drop(page, `${folder}/inner/empty`)
  await expect(notice).toContainText('There is no file in what was dropped.')
})

test('a_chosen_file_is_hashed_and_the_same_one_can_be_chosen_again', async ({ page }) => {
  const { files, row } = await openRunner(page)
  const abc = { name: 'abc.txt', mimeType: 'text/plain', buffer: Buffer.from('abc') }
  await files.setInputFiles(abc)
  await expect(row(1)).toContainText(ABC)
  await files.setInputFiles(abc)
  await expect(row(2)).toContainText(ABC)
})

test('a_large_file_shows_how_far_it_is_and_can_be_cancelled', async ({ page }, info) => {
  const { files, cancel, row } = await openRunner(page)
  const large = info.outputPath('large.bin')
  await writeFile(large, '')
  await truncate(large, 2_000_000_000)
  await files.setInputFiles(large)
  await expect(page.getByRole('progressbar', { name: 'Progress of job 1' })).toBeVisible()
  await cancel(1).click()
  await expect(row(1)).toContainText('asked to stop')
  await expect(row(1)).toContainText('cancelled')
})

test('a_full_queue_holds_up_its_submitters_or_rejects_them', async ({ page }) => {
  const { workers, places, choice, count, submit, line, blocked, notice } = await openRunner(page)
  await set(workers, '1')
  await set(places, '3')
  await count('10')
  await submit('Stubborn').click()
  await expect(blocked).toHaveText('stubborn 3 s, and 5 more')
  await expect(line.getByRole('listitem')).toHaveCount(3)
  await choice('When it is full').selectOption('Reject')
  await submit('Sleep').click()
  await expect(notice).toContainText('10 jobs were refused: the queue is full.')
})

test('a_higher_priority_makes_the_lowest_leave_a_full_queue', async ({ page }) => {
  const { workers, places, choice, submit, line, row } = await openRunner(page)
  await set(workers, '1')
  await set(places, '1')
  await choice('When it is full').selectOption('Drop the lowest priority')
  await submit('Stubborn').click()
  await expect(row(1)).toContainText('running')
  await submit('Failing').click()
  await expect(row(2)).toContainText('in line')
  await choice('Priority').selectOption('High')
  await submit('Sleep').click()
  await expect(line.getByRole('listitem')).toHaveText(/^3high: sleep /)
  await expect(row(2)).toContainText('had to make room')
})

test('a_pause_holds_jobs_back_until_it_is_lifted', async ({ page }) => {
  const { button, submit, row, status } = await openRunner(page)
  await button('Pause').click()
  await submit('Failing').click()
  await expect(status).toHaveText('Paused: no job is started. 1 job is in line.')
  await expect(row(1)).toContainText('in line')
  await button('Resume').click()
  await expect(row(1)).toContainText('failed')
})

test('a_time_limit_and_retries_are_those_of_the_next_jobs', async ({ page }) => {
  const { choice, submit, row } = await openRunner(page)
  await choice('Time limit').selectOption('100 ms an attempt')
  await submit('Sleep').click()
  await expect(row(1)).toContainText('its time ran out')
  await choice('Time limit').selectOption('No time limit')
  await choice('Retries').selectOption('3 attempts')
  await submit('Failing').click()
  // It waits 200 ms, runs 150 ms, and waits 400 ms: looks that lie further apart can miss both waits.
  await expect.poll(() => row(2).textContent(), { intervals: [25] }).toContain('retrying')
  await expect(row(2)).toContainText('failed')
  await expect(page.getByRole('definition').filter({ hasText: /^2$/ })).toHaveCount(2)
})

test('settings_that_make_no_sense_are_refused_in_a_sentence', async ({ page }) => {
  const { workers, places, notice } = await openRunner(page)
  await set(workers, '0')
  await expect(notice).toContainText('A runner needs at least one worker.')
  await expect(workers).toHaveValue('4')
  await set(places, '-1')
  await expect(notice).toContainText('A queue needs at least one place.')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice).toBeEmpty()
})

test('a_shutdown_ends_in_a_report_and_a_new_runner_keeps_the_records', async ({ page }) => {
  const { button, workers, count, submit, row, status } = await openRunner(page)
  await set(workers, '1')
  await count('10')
  await submit('Stubborn').click()
  await expect(row(1)).toContainText('running')
  await button('Shut down: cancel').click()
  await expect(status).toContainText('The runner has ended.')
  const report = page.getByRole('region', { name: 'Shutdown report' })
  await expect(report).toContainText('Cancelled9')
  await expect(report).toContainText('Abandoned, since they cannot be stopped1')
  await expect(submit('Sleep')).toBeDisabled()
  await button('Start a new runner').click()
  await expect(submit('Sleep')).toBeEnabled()
  await expect(row(10)).toContainText('cancelled')
  await submit('Failing').click()
  await expect(row(11)).toContainText('failed')
})

test('the_table_is_sorted_and_filtered', async ({ page }) => {
  const { count, submit, records, found, choice } = await openRunner(page)
  await count('10')
  await submit('Hash').click()
  await submit('Failing').click()
  await expect(found).toHaveText('20 records')
  const ids = () => records.getByRole('row').evaluateAll((rows) => rows.slice(1, 3).map((row) => row.firstElementChild?.textContent))
  expect(await ids()).toEqual(['20', '19'])
  await records.getByRole('button', { name: '#' }).click()
  await expect(records.getByRole('columnheader', { name: '#' })).toHaveAttribute('aria-sort', 'ascending')
  await expect.poll(ids).toEqual(['1', '2'])
  await choice('Show').selectOption('Failed')
  await expect(found).toHaveText('10 of 20 records')
  await page.getByRole('searchbox', { name: 'Filter records' }).fill('#12 service')
  await expect(found).toHaveText('1 of 20 records')
  expect(await ids()).toEqual(['12'])
  await page.getByRole('searchbox', { name: 'Filter records' }).fill('nothing like that')
  await expect(page.getByText('No record matches.')).toBeVisible()
})

test('the_runner_goes_on_while_another_view_is_shown', async ({ page }) => {
  const { submit, row, lanes } = await openRunner(page)
  await submit('Stubborn').click()
  await expect(row(1)).toContainText('running')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Bugs' }).click()
  await expect(lanes).toBeHidden()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Runner' }).click()
  await expect(row(1)).toContainText('succeeded')
})

test('the_same_run_is_stepped_both_ways_in_virtual_time', async ({ page }) => {
  const { button, submit, row } = await openRunner(page)
  await expect(button('Same run in virtual time')).toBeDisabled()
  await submit('Failing').click()
  await expect(row(1)).toContainText('failed')
  await button('Same run in virtual time').click()
  const step = page.getByRole('slider', { name: 'Step', exact: true })
  const said = page.getByRole('status', { name: 'What happened', exact: true })
  await expect(step).toHaveValue('0')
  await button('Step forward').click()
  await expect(step).toHaveValue('1')
  await page.keyboard.press('End')
  await expect(page.getByRole('region', { name: 'Same run in virtual time' })).toContainText('t = 150 ms')
  await expect(page.getByText('failed1')).toBeVisible()
  const last = await step.inputValue()
  await page.keyboard.press('ArrowLeft')
  await expect(step).toHaveValue(String(Number(last) - 1))
  await expect(said).not.toBeEmpty()
  await button('Back to the runner').click()
  await expect(row(1)).toBeVisible()
})

test('the_seeds_example_runs_in_the_page', async ({ page }) => {
  const { button } = await openRunner(page)
  await button('Run the example').click()
  const output = page.getByRole('log', { name: 'Output of the example' })
  await expect(page.getByRole('status', { name: 'Example' })).toContainText('has ended')
  await expect(output).toContainText('sleep 500 ms   slept for 500 ms')
  await expect(output).toContainText('error: the time for the attempt ran out')
  await expect(output).toContainText('succeeded: ')
})

test('every_worker_of_a_large_pool_can_be_scrolled_to_in_the_same_run', async ({ page }) => {
  const { workers, submit, button, count, found, status } = await openRunner(page)
  await set(workers, '64')
  await count('100')
  await submit('Failing').click()
  await expect(found).toHaveText('100 records')
  await expect(status).toHaveText('Nothing to do, so it sleeps.')
  await button('Same run in virtual time').click()
  await button('Run to end').click()
  const tasks = page.getByRole('table', { name: 'Tasks', exact: true })
  const task = (name: string) => tasks.getByRole('rowheader').filter({ hasText: new RegExp(`${name}$`) })
  await expect(task('worker-1')).toHaveText('w1worker-1')
  await expect(task('worker-64')).toHaveCount(0)
  await page.getByRole('group', { name: 'Tasks and what they wait for' }).evaluate((list) => (list.scrollTop = list.scrollHeight))
  await expect(task('worker-64')).toHaveText('w64worker-64')
  await expect(task('worker-1')).toHaveCount(0)
})

test('the_numbers_of_a_plot_have_the_colours_of_its_lines', async ({ page }) => {
  const { submit, row } = await openRunner(page)
  await submit('Failing').click()
  await expect(row(1)).toContainText('failed')
  const latency = page.getByRole('figure').filter({ hasText: 'Latency' })
  await expect(latency.locator('figcaption b')).toHaveText([/^p50 /, /^p90 /, /^p99 /])
  const colours = await latency.locator('figcaption b').evaluateAll((keys) => keys.map((key) => getComputedStyle(key).color))
  expect(new Set(colours).size).toBe(3)
})

for (const width of [1024, 1280, 1366]) {
  test(`at_${width}_pixels_no_words_of_a_plot_are_cut`, async ({ page }) => {
    await page.setViewportSize({ width, height: 768 })
    const { submit, count } = await openRunner(page)
    await count('10')
    await submit('Failing').click()
    const latency = page.getByRole('figure').filter({ hasText: 'Latency' }).locator('figcaption span')
    await expect(latency).toHaveText(/^p50 \d+, p90 \d+, p99 \d+ ms$/)
    expect(await latency.evaluate((said) => said.scrollWidth - said.clientWidth)).toBe(0)
  })
}
