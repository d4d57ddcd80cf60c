// The demo that is on the table, away from the page's thread. In real time it runs on this worker's clock.
import init, { Flow } from '../../../pkg/flow/flow.js'
import type { Reply, Request } from './messages'

/** The time between two looks at a run in real time, in milliseconds. */
const LOOK = 33

let flow: Flow
let sentRevision = -1
let lookIsDue = false

const post = (reply: Reply) => self.postMessage(reply)

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A stack that overflowed is a `RangeError`, and leaves the instance as broken as a trap does. */
const isTrap = (error: unknown) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError

/** Shows a snapshot, and goes on looking while somebody else drives what it shows. */
function show(id: number | null, snapshot: ReturnType<Flow['look']>) {
  const film = snapshot.revision === sentRevision ? null : JSON.stringify(flow.film())
  sentRevision = snapshot.revision
  post({ kind: 'shown', id, snapshot, film })
  if (!snapshot.live || lookIsDue) return
  lookIsDue = true
  setTimeout(() => {
    lookIsDue = false
    guarded(null, () => show(null, flow.look()))
  }, LOOK)
}

/** Runs what may throw: an error is an answer, a trap ends the instance. */
function guarded(id: number | null, work: () => void) {
  try {
    work()
  } catch (error) {
    if (isTrap(error) || id === null) post({ kind: 'trapped', sentence: sentenceOf(error) })
    else post({ kind: 'refused', id, sentence: sentenceOf(error) })
  }
}

async function start() {
  await init()
  flow = new Flow()
  self.onmessage = ({ data: { id, action } }: MessageEvent<Request>) => guarded(id, () => show(id, flow.apply(action)))
  post({ kind: 'ready', catalogue: flow.catalogue() })
}

start().catch((error: unknown) => post({ kind: 'trapped', sentence: sentenceOf(error) }))
