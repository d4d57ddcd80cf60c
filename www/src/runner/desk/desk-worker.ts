// The runner at work, away from the page's thread: a hash of a gigabyte never delays a click, and a trap costs one worker.
import init, { LiveDesk } from '../../../pkg/live/live.js'
import type { Reply, Request } from './messages'

/** The database of the records, and the lock of the one page that may use it. */
const NAME = 'unstuck.runner'

/** How long the page before this one may take to go, in milliseconds. */
const PATIENCE = 1_500

/** How often the board is sent while it changes by itself, in milliseconds. */
const PACE = 33

let desk: LiveDesk
/** Whether the page waits for a board, has one to paint, or has painted all there is. */
let boards: 'wanted' | 'painting' | 'idle' = 'idle'
let changed = false
/** Whether somebody asked for what changed, and it did not only go on by itself. */
let urgent = false
let sentAt = 0

const post = (reply: Reply) => self.postMessage(reply)

/** A stack that overflowed is a `RangeError`, and leaves the instance as broken as a trap does. */
const isTrap = (error: unknown) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError

function fail(error: unknown) {
  if (isTrap(error)) post({ kind: 'trapped' })
  else post({ kind: 'refused', sentence: error instanceof Error ? error.message : String(error) })
}

/** There is something new to see; it is sent when the page has painted what it has. */
function change() {
  changed = true
  if (boards === 'idle') void send()
}

async function send() {
  boards = 'wanted'
  changed = false
  urgent = false
  try {
    const board = await desk.board()
    boards = 'painting'
    sentAt = performance.now()
    // What changes by itself is looked at again.
    changed ||= board.moves
    post({ kind: 'board', board })
  } catch (error) {
    fail(error)
  }
}

function painted() {
  boards = 'idle'
  if (!changed) return
  const wait = urgent ? 0 : PACE - (performance.now() - sentAt)
  if (wait <= 0) void send()
  else setTimeout(() => boards === 'idle' && changed && send(), wait)
}

async function receive(request: Request) {
  switch (request.kind) {
    // The desk calls when it has done what was asked for.
    case 'order':
      urgent = true
      return desk.order(request.order)
    case 'hash':
      urgent = true
      return desk.hash(request.files)
    case 'painted':
      return painted()
    case 'replay':
      return post({ kind: 'replayed', film: desk.replay(), still: desk.still(0) })
    case 'still':
      return post({ kind: 'still', still: desk.still(request.step) })
  }
}

/** Whether this page alone may use the database; two would overwrite each other's records. */
const isOnlyPage = () =>
  new Promise<boolean>((resolve) => {
    const held = () => {
      resolve(true)
      return new Promise<never>(() => {})
    }
    navigator.locks.request(NAME, { signal: AbortSignal.timeout(PATIENCE) }, held).catch(() => resolve(false))
  })

async function start() {
  // A trap in a task of the runner reaches nobody else.
  addEventListener('error', ({ error }) => isTrap(error) && fail(error))
  addEventListener('unhandledrejection', ({ reason }) => isTrap(reason) && fail(reason))
  const [, alone] = await Promise.all([init(), isOnlyPage()])
  desk = await LiveDesk.open(alone ? NAME : undefined, change)
  self.onmessage = (event: MessageEvent<Request>) => void receive(event.data).catch(fail)
  change()
}

start().catch(() => post({ kind: 'trapped' }))
