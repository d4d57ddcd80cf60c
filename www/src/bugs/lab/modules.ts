// How each module of the lab is loaded, and beside it what is only read of its bugs. All modules have the same shape, and
// other bugs: the catalogue tells which.

type Module = typeof import('../../../pkg/flags/flags.js')

/** What is only read of a bug: the files of its versions, and what a person wrote, which the lab puts in its report. */
export type Texts = { sources: readonly { file: string; text: string }[]; context: string }

type Loaded = { module: Module; texts: Readonly<Record<string, Texts>> }

const PARTS = {
  flags: () => [import('../../../pkg/flags/flags.js'), import('../../../pkg/texts/flags.json')],
  results: () => [import('../../../pkg/results/results.js'), import('../../../pkg/texts/results.json')],
  workers: () => [import('../../../pkg/workers/workers.js'), import('../../../pkg/texts/workers.json')],
  cancellation: () => [import('../../../pkg/cancellation/cancellation.js'), import('../../../pkg/texts/cancellation.json')],
  stopping: () => [import('../../../pkg/stopping/stopping.js'), import('../../../pkg/texts/stopping.json')],
  groups: () => [import('../../../pkg/groups/groups.js'), import('../../../pkg/texts/groups.json')],
  waiting: () => [import('../../../pkg/waiting/waiting.js'), import('../../../pkg/texts/waiting.json')],
  timeouts: () => [import('../../../pkg/timeouts/timeouts.js'), import('../../../pkg/texts/timeouts.json')],
  shutdown: () => [import('../../../pkg/shutdown/shutdown.js'), import('../../../pkg/texts/shutdown.json')],
  queues: () => [import('../../../pkg/queues/queues.js'), import('../../../pkg/texts/queues.json')],
  breakers: () => [import('../../../pkg/breakers/breakers.js'), import('../../../pkg/texts/breakers.json')],
  futures: () => [import('../../../pkg/futures/futures.js'), import('../../../pkg/texts/futures.json')],
} satisfies Record<string, () => [Promise<Module>, Promise<{ default: Loaded['texts'] }>]>

export type LabModule = keyof typeof PARTS

/** Loads a module with its texts, and makes it ready. */
export async function load(name: LabModule): Promise<Loaded> {
  const [module, texts] = PARTS[name]()
  await (await module).default()
  return { module: await module, texts: (await texts).default }
}
