// The types are written by hand: here they are held against what there is.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import * as unstuck from 'unstuck'

const { CircuitBreaker, TaskRunner, init } = unstuck
await init()

const types = await readFile(new URL('./node_modules/unstuck/index.d.ts', import.meta.url), 'utf8')

/** The properties or methods of a declaration, in its order. */
function declared(kind, name, member) {
  const [, body] = types.match(new RegExp(`export ${kind} ${name}\\b[^{]*\\{\\n(.*?)\\n\\}`, 's'))
  return [...body.matchAll(member)].map(([, name]) => name)
}

const PROPERTY = /^  (?:readonly )?(\w+)\??: /gm
const METHOD = /^  (\w+)(?:<[^>]*>)?\(/gm

test('records, numbers and reports have the fields that their types declare', async () => {
  const runner = new TaskRunner()
  await runner.submit(({ progress }) => progress(1, 2))
  const shown = {
    TaskRecord: runner.record(1),
    Progress: runner.record(1).progress,
    RunnerStats: runner.stats(),
    Times: runner.stats().runTime,
    CircuitMetrics: new CircuitBreaker().metrics(),
    ShutdownReport: await runner.shutdown(),
  }
  for (const [name, value] of Object.entries(shown)) {
    assert.deepEqual(Object.keys(value), declared('interface', name, PROPERTY), name)
  }
})

test('options have the names that their types declare', () => {
  const runner = new TaskRunner()
  const refusals = {
    RunnerOptions: () => new TaskRunner({ what: 1 }),
    RetryOptions: () => new TaskRunner({ retry: { what: 1 } }),
    RateLimitOptions: () => new TaskRunner({ rateLimit: { what: 1 } }),
    JobOptions: () => runner.submit(() => 1, { what: 1 }),
    BreakerOptions: () => new CircuitBreaker({ what: 1 }),
  }
  for (const [name, refused] of Object.entries(refusals)) {
    let known
    assert.throws(refused, ({ message }) => (known = message.split('these are known: ')[1]) !== undefined)
    assert.deepEqual(known.split(', ').sort(), declared('interface', name, PROPERTY).sort(), name)
  }
})

test('the classes have the methods that their types declare', () => {
  const runner = new TaskRunner()
  const made = [
    ['class', 'TaskRunner', runner],
    ['class', 'CircuitBreaker', new CircuitBreaker()],
    ['interface', 'TaskHandle', runner.submit(() => 1)],
  ]
  for (const [kind, name, value] of made) {
    const methods = declared(kind, name, METHOD).filter((method) => method !== 'constructor')
    assert.ok(methods.length > 5, name)
    assert.deepEqual(methods.filter((method) => typeof value[method] !== 'function'), [], name)
  }
})

test('what is exported is what is declared, also to require', () => {
  const exported = [...types.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name)
  assert.deepEqual(Object.keys(unstuck).sort(), exported.sort())
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
    assert.equal(createRequire(import.meta.url)('unstuck').TaskRunner, TaskRunner)
  }
})
