// Every module's bugs, asked of the modules themselves while the page is bundled: the catalogue is there at once, and
// tells which module to load for a bug.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { BugTitle, InitOutput, SyncInitInput } from './pkg/flags/flags.js'
import { FAMILIES } from './src/bugs/lab/families.ts'

const NAME = 'virtual:catalogue'
const ID = `\0${NAME}`

type Module = {
  initSync(input: { module: SyncInitInput }): InitOutput
  catalogue(): BugTitle[]
}

/** Offers the catalogue as a module of its own. */
export const catalogue = (): Plugin => ({
  name: 'catalogue',
  resolveId: (id) => (id === NAME ? ID : null),
  async load(id) {
    if (id !== ID) return null
    const bugs = await Promise.all(FAMILIES.map(bugsOf))
    return `export default ${JSON.stringify(bugs.flat())}`
  },
})

async function bugsOf(family: string): Promise<BugTitle[]> {
  const folder = resolve(import.meta.dirname, 'pkg', family)
  const module = (await import(pathToFileURL(resolve(folder, `${family}.js`)).href)) as Module
  module.initSync({ module: readFileSync(resolve(folder, `${family}_bg.wasm`)) })
  return module.catalogue()
}
