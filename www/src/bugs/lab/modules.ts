// How the module of each family is loaded. All have the same shape, and other bugs.
import type { Family } from './families'

type Module = typeof import('../../../pkg/flags/flags.js')

export const MODULES: Record<Family, () => Promise<Module>> = {
  flags: () => import('../../../pkg/flags/flags.js'),
  cancellation: () => import('../../../pkg/cancellation/cancellation.js'),
  timeouts: () => import('../../../pkg/timeouts/timeouts.js'),
  queues: () => import('../../../pkg/queues/queues.js'),
  breakers: () => import('../../../pkg/breakers/breakers.js'),
  futures: () => import('../../../pkg/futures/futures.js'),
}
