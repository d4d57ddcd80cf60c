// Before the views, whose own styles build on these.
import './styles/index.css'
import { type View, viewAt } from './views'

const root = document.getElementById('page')!

let current: View | null = null
let stop = () => {}

/** Shows the view at the address, in place of the one before. */
async function show() {
  const view = viewAt(location.hash)
  if (view === current) return
  current = view
  stop()
  stop = () => {}
  const start = await view.load()
  // Another one may have been asked for while this one was loaded.
  if (view === current) stop = start(root)
}

addEventListener('hashchange', show)
show()
