/** The families of bugs, in the order of the catalogue: each has a module of its own. */
export const FAMILIES = ['flags', 'cancellation', 'timeouts', 'queues', 'breakers', 'futures'] as const

export type Family = (typeof FAMILIES)[number]
