import { render } from 'preact'
import { listenForKeys } from '../parts/keyboard'
import { App } from './app'
import { keyboardOf } from './keys'
import type { Model } from './model'
import { Page } from './views/Page'
import './styles/index.css'

/** Draws the pipelines into an element, until the returned function is called. */
export function start(root: HTMLElement): () => void {
  const app = new App(draw)
  const stopped = new AbortController()

  function draw(model: Model) {
    if (stopped.signal.aborted) return
    render(<Page model={model} commands={app} />, root)
    document.title = model.moment === null ? 'unstuck' : `${model.moment.snapshot.demo.title} · unstuck`
  }

  draw(app.model)
  listenForKeys(keyboardOf(() => app.model, app), stopped.signal)
  app.start(stopped.signal)
  return () => {
    stopped.abort()
    app.stop()
    render(null, root)
  }
}
