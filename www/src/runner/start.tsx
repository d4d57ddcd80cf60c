import { render } from 'preact'
import { listenForKeys } from '../parts/keyboard'
import { App } from './app'
import { keyboardOf } from './keys'
import type { Model } from './model'
import { Page } from './views/Page'
import './styles/index.css'

/** One for the life of the page: the runner goes on while another view is shown. */
let app: App | null = null

/** Draws the runner into an element, until the returned function is called. */
export function start(root: HTMLElement): () => void {
  const runner = (app ??= new App())
  const stopped = new AbortController()
  const draw = (model: Model) => render(<Page model={model} commands={runner} />, root)
  document.title = 'Runner · unstuck'
  draw(runner.model)
  runner.attach(draw)
  listenForKeys(keyboardOf(() => runner.model.ui, runner), stopped.signal)
  return () => {
    stopped.abort()
    runner.detach()
    render(null, root)
  }
}
