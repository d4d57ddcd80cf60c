// The views of the page: what each is called, where it is, and how it is loaded.
import { start as startBugs } from './bugs/start'

/** Draws a view into an element and returns what takes it away again, with all that it runs. */
export type Start = (root: HTMLElement) => () => void

export type View = {
  readonly title: string
  readonly address: string
  /** The bugs come with the page; the others when they are opened. */
  load(): Start | Promise<Start>
}

/** The first one is shown at every address that no other one claims. */
export const VIEWS: readonly View[] = [
  { title: 'Bugs', address: '#/', load: () => startBugs },
  { title: 'Runner', address: '#/runner', load: async () => (await import('./runner/start')).start },
  { title: 'Flow', address: '#/flow', load: async () => (await import('./flow/start')).start },
]

/** The view at the part of an address from `#` on. */
export const viewAt = (hash: string): View =>
  VIEWS.find(({ address }) => address !== '#/' && isAt(hash, address)) ?? VIEWS[0]!

const isAt = (hash: string, address: string) => hash === address || hash.startsWith(`${address}?`)
