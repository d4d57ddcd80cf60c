// What Node loads: the same package, whose module is read from its file.

import { readFile } from 'node:fs/promises'

import { init as load } from './index.js'

export * from './index.js'

export function init(module = readFile(new URL('./wasm/unstuck_bg.wasm', import.meta.url))) {
  return load(module)
}
