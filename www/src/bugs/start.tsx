import { render } from 'preact'
import { listenForKeys } from '../parts/keyboard'
import { App } from './app'
import { keyboardOf } from './keys'
import type { Model } from './model'
import { Page } from './views/Page'
import './styles/index.css'

const titleOf = ({ ui, moment }: Model) => {
  if (ui.place === 'catalogue' || moment === null) return 'unstuck'
  return `${ui.place === 'report' ? 'Report: ' : ''}${moment.film.bug.title} · unstuck`
}

/** Draws the lab and its bugs into an element, until the returned function is called. */
export function start(root: HTMLElement): () => void {
  const app = new App(draw)
  const stopped = new AbortController()
  let drawing = false
  let drawAgain = false

  /** Draws at once. A view that reports its size while it is drawn has the page drawn again, not within itself. */
  function draw(model: Model) {
    if (stopped.signal.aborted) return
    if (drawing) {
      drawAgain = true
      return
    }
    drawing = true
    render(<Page model={model} commands={app} />, root)
    document.title = titleOf(model)
    drawing = false
    if (drawAgain) {
      drawAgain = false
      draw(app.model)
    }
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
