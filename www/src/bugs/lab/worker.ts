// The lab session, away from the page's thread: a long search never freezes the page, and a trap costs one worker.
import type { Investigation, Lab, Snapshot } from '../../../pkg/flags/flags.js'
import { endsCheck, type Reel, type Reply, type Request } from './messages'
import { type LabModule, load, type Texts } from './modules'

/** How long one slice of a check may run before the page's requests are looked at, in milliseconds. */
const SLICE = 30

/** The same for the searches of a report, which is told anew after each slice. */
const REPORT_SLICE = 120

let lab: Lab
let texts: Readonly<Record<string, Texts>>
let investigate: (bug: string) => Investigation
/** What is played, of the bug that is shown. */
let context = ''
let sentRevision = -1
let checking = false
let sliceIsDue = false
/** The address that the page shows, and whether a check has opened another one of which the page does not know yet. */
let shownAddress = ''
let openedAnother = false
let investigation: { of: Investigation; page: string } | null = null

const post = (reply: Reply) => self.postMessage(reply)

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A stack that overflowed is a `RangeError`, and leaves the instance as broken as a trap does. */
const isTrap = (error: unknown) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError

/** Runs what may throw: an error of the lab is an answer, a trap ends the instance. */
function guarded(id: number, work: () => void) {
  try {
    work()
  } catch (error) {
    if (isTrap(error)) post({ kind: 'trapped', sentence: sentenceOf(error) })
    else post({ kind: 'refused', id, sentence: sentenceOf(error) })
  }
}

function apply(request: Request & { kind: 'apply' }) {
  if (checking && endsCheck(request.action)) cancelCheck()
  const snapshot = lab.apply(request.action)
  const film = snapshot.revision === sentRevision ? null : JSON.stringify(reelOf(snapshot))
  sentRevision = snapshot.revision
  shownAddress = snapshot.address
  openedAnother = false
  post({ kind: 'shown', id: request.id, snapshot: introduced(snapshot), film })
}

/** Before the first step it is told what is going to be played, of which a module without its texts knows nothing. */
function introduced(snapshot: Snapshot): Snapshot {
  const { step, said } = snapshot
  return step === 0 ? { ...snapshot, said: { ...said, rest: context } } : snapshot
}

function reelOf({ panes }: Snapshot): Reel {
  const film = lab.film()
  const { sources: files = [], context: played = '' } = texts[film.bug.id] ?? {}
  context = played.replaceAll('`', '')
  const textOf = (path: string) => files.find(({ file }) => file === path)?.text ?? ''
  return { ...film, sources: panes.map(({ file }) => textOf(file)) }
}

function cancelCheck() {
  checking = false
  // It had just ended when it was cancelled: the page goes on from where it is.
  if (openedAnother) lab.apply({ kind: 'open', address: shownAddress })
  openedAnother = false
  lab.checkCancel()
}

/** A timeout, not a loop: requests that arrived meanwhile, such as a cancel, are handled between slices. */
function sliceSoon() {
  if (!sliceIsDue) setTimeout(slice)
  sliceIsDue = true
}

function slice() {
  sliceIsDue = false
  if (!checking) return
  guarded(0, () => {
    const progress = lab.checkSlice(SLICE)
    checking = !progress.done
    openedAnother = progress.done
    post({ kind: 'checking', progress })
    if (checking) sliceSoon()
  })
}

function beginReport(bug: string, page: string) {
  endReport()
  investigation = { of: investigate(bug), page }
  if (!tellReport(investigation)) setTimeout(investigateOn)
}

function endReport() {
  investigation?.of.free()
  investigation = null
}

function investigateOn() {
  const current = investigation
  if (current === null) return
  guarded(0, () => {
    current.of.slice(REPORT_SLICE)
    if (!tellReport(current)) setTimeout(investigateOn)
  })
}

/** Whether there is nothing left to tell. */
function tellReport({ of, page }: { of: Investigation; page: string }): boolean {
  const report = of.report()
  post({ kind: 'report', report, markdown: of.markdown(page) })
  return report.done
}

function receive(request: Request) {
  switch (request.kind) {
    case 'apply':
      return guarded(request.id, () => apply(request))
    case 'check':
      return guarded(0, () => {
        lab.checkBegin()
        checking = true
        sliceSoon()
      })
    case 'cancelCheck':
      return guarded(0, cancelCheck)
    case 'report':
      return guarded(0, () => beginReport(request.bug, request.page))
    case 'endReport':
      return guarded(0, endReport)
    case 'branches': {
      const { pane, node } = request
      return guarded(0, () => post({ kind: 'branches', pane, node, rows: lab.branches(pane, node) }))
    }
  }
}

async function start() {
  // The page names a worker after the module that it is for.
  const { module, texts: read } = await load(self.name as LabModule)
  texts = read
  lab = new module.Lab()
  investigate = (bug) => new module.Investigation(bug, texts[bug])
  self.onmessage = (event: MessageEvent<Request>) => receive(event.data)
  post({ kind: 'ready' })
}

start().catch((error: unknown) => post({ kind: 'trapped', sentence: sentenceOf(error) }))
