// The package as JavaScript sees it. What runs is Rust, in `wasm`; here is what only JavaScript can say.

import load, {
  CircuitBreaker as Breaker,
  TaskHandle,
  TaskRunner as Runner,
} from './wasm/unstuck.js'

let loading
let isLoaded = false

export function init(module) {
  loading ??= load(module && { module_or_path: module }).then(
    () => {
      isLoaded = true
    },
    (error) => {
      // Whoever tries again may have better luck.
      loading = undefined
      throw error
    },
  )
  return loading
}

function loaded() {
  if (!isLoaded) throw new Error('unstuck is not loaded yet: `await init()` first')
}

/** Rust makes these errors, and gives each of them this name. */
export class RunnerError extends Error {
  static [Symbol.hasInstance](error) {
    return error instanceof Error && error.name === 'RunnerError'
  }
}

export class TaskRunner extends Runner {
  constructor(options) {
    loaded()
    super(options)
  }

  submit(work, options) {
    const signal = options?.signal
    signal?.throwIfAborted()
    const handle = super.submit(work, options)
    if (signal) cancelWhenAborted(handle, signal)
    return handle
  }

  async map(items, work, options) {
    const submit = (item, index) => this.submit((context) => work(item, context, index), options)
    const handles = Array.from(items, submit)
    try {
      return await Promise.all(handles)
    } catch (error) {
      for (const handle of handles) handle.cancel()
      throw error
    }
  }

  /** Subscribes at once, not when somebody first asks for an event. */
  events() {
    return pulled(this.subscribe())
  }
}

function cancelWhenAborted(handle, signal) {
  const cancel = () => handle.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  handle.stopped().then(() => signal.removeEventListener('abort', cancel))
}

async function* pulled(subscription) {
  try {
    for (let event; (event = await subscription.next()); ) yield event
  } finally {
    subscription.end()
  }
}

export class CircuitBreaker extends Breaker {
  constructor(options) {
    loaded()
    super(options)
  }

  wrap(call) {
    return (...args) => this.execute(() => call(...args))
  }
}

// A handle is a promise of what its job gives. It asks for the result only when somebody waits, so that a job for
// which nobody waits can fail without an unhandled rejection.
for (const name of ['then', 'catch', 'finally']) {
  TaskHandle.prototype[name] = function (...callbacks) {
    return this.result()[name](...callbacks)
  }
}
TaskHandle.prototype[Symbol.toStringTag] = 'TaskHandle'

if (Symbol.asyncDispose) {
  TaskRunner.prototype[Symbol.asyncDispose] = async function () {
    await this.shutdown()
  }
}
