// Every example of the README runs, and prints what it says it prints.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { promisify } from 'node:util'

const readme = await readFile(new URL('./node_modules/unstuck/README.md', import.meta.url), 'utf8')
const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, source]) => source)

/** What follows a `console.log` on its line, and the lines that are nothing but a comment. */
function promised(source) {
  const told = source.split('\n').map((line) => line.match(/^(?:.*console\.log.*)?\/\/ (.*)$/)?.[1])
  return told.filter((text) => text !== undefined)
}

for (const [index, source] of examples.entries()) {
  test(`example ${index + 1} of the README prints what it says`, async () => {
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], { timeout: 10_000 })
    assert.deepEqual((await run).stdout.trimEnd().split('\n'), promised(source))
  })
}

test('the README has examples', () => assert.equal(examples.length, 4))
