/// <reference lib="esnext.disposable" />

/**
 * Loads the WebAssembly module; everything else needs it. Calling it again gives the same promise, and after a
 * failure tries again.
 *
 * @param module Where the module is, or the module itself, for those whose bundler or host does not find the file
 * that lies beside this package: an address, a response, its bytes, or a compiled module.
 */
export function init(
  module?: string | URL | Request | Response | BufferSource | WebAssembly.Module | PromiseLike<Response | BufferSource | WebAssembly.Module>,
): Promise<void>

/** Runs async functions: so many at a time, the others in line. */
export class TaskRunner implements AsyncDisposable {
  /** @throws {RunnerError} When an option makes no sense, with a sentence that says which. */
  constructor(options?: RunnerOptions)

  /**
   * Submits a job: a function that is called once per attempt. Await the handle for what it returns.
   *
   * When the queue is full, what happens is the runner's `policy`; a job that was refused rejects its handle.
   *
   * @throws {RunnerError} When it is no function, or an option makes no sense.
   * @throws The signal's reason, when it is aborted already.
   */
  submit<T>(work: (context: JobContext) => T, options?: JobOptions): TaskHandle<Awaited<T>>

  /**
   * Submits a job for every item, and gives the results in the order of the items. When one of them fails, the
   * others are cancelled.
   */
  map<Item, T>(
    items: Iterable<Item>,
    work: (item: Item, context: JobContext, index: number) => T,
    options?: Omit<JobOptions, 'id'>,
  ): Promise<Awaited<T>[]>

  /** Asks a job to stop, or takes it out of the line. */
  cancel(id: number): CancelAnswer
  /** What is known of a job. */
  record(id: number): TaskRecord
  /** What is known of every job that has not ended and of those whose records are kept, in the order of ids. */
  records(): TaskRecord[]

  /** The numbers of the runner, which belong together. */
  stats(): RunnerStats
  /**
   * What happens from now on. Leaving the loop ends the subscription, and so does the end of the runner. A
   * subscriber that lags more than 1,024 events behind is told how many it missed.
   */
  events(): AsyncIterableIterator<RunnerEvent>

  /** Starts no job until `resume`. What runs goes on; what is submitted stands in line. */
  pause(): void
  /** Starts jobs again. */
  resume(): void
  /** How many jobs may run at a time from now on. What runs goes on. */
  resize(workers: number): void
  /** Resolves when every job has ended. */
  onIdle(): Promise<void>
  /** Resolves when no job is in line. */
  onEmpty(): Promise<void>

  /** Accepts nothing any more: submitters that wait are refused, what was accepted runs to its end. */
  close(): void
  /** Ends the runner, and resolves with what became of everything that was under way. */
  shutdown(how?: ShutdownOptions): Promise<ShutdownReport>
  /** `shutdown()`, in which jobs may run to their end. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A job: a promise of what it gives, and what can be done about it. It can be awaited any number of times.
 *
 * Letting it go cancels nothing. A job that fails while nobody waits for it is no unhandled rejection: its record,
 * the numbers and the events tell of it.
 */
export interface TaskHandle<T = unknown> extends Promise<T> {
  /** The number of the job, which it has from when it was accepted. */
  readonly id: number | undefined
  readonly status: 'waiting' | 'refused' | TaskStatus
  /** How far the job has come, if it says so. */
  readonly progress: Progress | null | undefined
  /** What is known of the job, once it was accepted. */
  record(): TaskRecord | undefined
  /** Resolves when the job has its place in the queue: wait for it to be no faster than the queue. */
  accepted(): Promise<void>
  /** A plain promise of what the job gives. */
  result(): Promise<T>
  /** Asks the job to stop, or takes it out of the line. */
  cancel(): CancelAnswer
  /** Changes the priority of a job that is in line; false when it is not. */
  setPriority(priority: number): boolean
  /** Resolves when the code of the job is really gone, and its slot free. */
  stopped(): Promise<void>
  /** Calls back whenever the job has come further, and resolves when it has ended. */
  onProgress(callback: (done: number, total: number) => void): Promise<void>
}

/** What a job is called with. */
export interface JobContext {
  readonly id: number
  /** The number of this attempt, from 1. */
  readonly attempt: number
  /** Aborted when the job is asked to stop, with a `RunnerError` that says why: hand it to `fetch` and the like. */
  readonly signal: AbortSignal
  /** Says how far the job has come. */
  progress(done: number, total: number): void
}

/** What may be asked of a runner. Times are in milliseconds. */
export interface RunnerOptions {
  /** How many jobs run at a time: 4 unless said otherwise, at least 1. */
  workers?: number | null
  /** How many jobs may stand in line: 64 unless said otherwise, at least 1; `Infinity` for any number. */
  capacity?: number | null
  /** What happens when the queue is full: "wait" unless said otherwise; a number of milliseconds waits so long at most. */
  policy?: 'wait' | 'reject' | 'drop-oldest' | 'drop-lowest-priority' | number | null
  /**
   * The time for one attempt of a job that asks for nothing else. An attempt that ends when its signal is aborted can
   * be tried again.
   */
  timeout?: number | null
  /**
   * How long a job may go on after it was asked to stop, before its waiters are told that it is over: 10 unless said
   * otherwise. What still runs then is not tried again.
   */
  grace?: number | null
  /** When jobs that ask for nothing else are tried again. */
  retry?: RetryOptions | null
  /** How many jobs are started per time. */
  rateLimit?: RateLimitOptions | null
  /** How many jobs of one `lane` run at a time. */
  laneLimit?: number | null
  /** How many records of jobs that ended are kept: 1,000 unless said otherwise. */
  retention?: number | null
}

/** What may be asked for a job. Times are in milliseconds. */
export interface JobOptions {
  /** Cancels the job when it is aborted. */
  signal?: AbortSignal | null
  /** From 0 to 255, 128 unless said otherwise; higher goes first. */
  priority?: number | null
  /** The time for one attempt. */
  timeout?: number | null
  /** The time for all of it: waiting in line, every attempt and what lies between them. */
  deadline?: number | null
  /** As the runner's option. */
  grace?: number | null
  retry?: RetryOptions | null
  /** At most `laneLimit` jobs of the same lane run at a time. */
  lane?: string | null
  /** At most one job of the same key is under way. */
  key?: string | null
  /** What happens to another job of the same key: it is refused, or its handle becomes one of the job under way. */
  ifDuplicate?: 'reject' | 'join' | null
  /** What records call it: the name of the function unless said otherwise. */
  name?: string | null
  /** The id that it will have; the runner counts unless said otherwise. */
  id?: number | null
}

/** How often to try, and how long to wait in between. A job that waits for its next attempt holds no slot. */
export interface RetryOptions {
  /** How many attempts in all, the first one included. */
  attempts: number
  /** How long to wait before the second attempt; each time twice as long. 0 unless said otherwise. */
  delay?: number | null
  /** No delay is longer than this. */
  maxDelay?: number | null
  /** Scatters each delay between 0 and what it would be; a whole number is a seed, which repeats the same delays. */
  jitter?: boolean | number | null
  /** Whether what an attempt threw is worth another one. */
  shouldRetry?: ((error: unknown) => unknown) | null
}

/** At most `limit` starts per `interval`, evenly spread; after a quiet time, `burst` of them at once. */
export interface RateLimitOptions {
  limit: number
  interval: number
  /** 1 unless said otherwise. */
  burst?: number | null
}

/** One of these at most; without any, jobs may run to their end for as long as that takes. */
export interface ShutdownOptions {
  /** What was accepted may run to its end, within so many milliseconds. */
  drain?: number | null
  /** What is in line is cancelled, and what runs is asked to stop within so many milliseconds. */
  cancel?: number | null
  /** Everything is dropped. */
  now?: boolean | null
}

/** What became of everything that was under way at a shutdown. */
export interface ShutdownReport {
  /** How many jobs came to an end of their own, good or bad. */
  finished: number
  /** The ids of jobs that were cancelled. */
  cancelled: number[]
  /** How many submitters waited for a place, and were refused. */
  rejected: number
  /** The ids of jobs whose promise has not settled, and which go on without anybody. */
  abandoned: number[]
}

export type TaskStatus =
  | 'queued' | 'running' | 'stopping' | 'retrying'
  | 'succeeded' | 'failed' | 'cancelled' | 'evicted'

export type CancelAnswer = 'removed-from-queue' | 'requested' | 'already-finished'

export interface Progress {
  done: number
  total: number
}

/** What is known of a job. Times are milliseconds since the runner was made. */
export interface TaskRecord {
  id: number
  name: string
  kind: string
  status: TaskStatus
  /** The status with its reason, such as `failed: its time ran out`. */
  detail: string
  created: number
  started: number | null
  updated: number
  finished: number | null
  priority: number
  attempt: number
  progress: Progress | null
  /** What it gave, as text. */
  result: string | null
  error: string | null
}

/** The numbers of a runner at one moment. */
export interface RunnerStats {
  queued: number
  running: number
  stopping: number
  retrying: number
  /** Slots that are taken. */
  inFlight: number
  workers: number
  /** None without a bound. */
  capacity: number | null
  blockedSubmitters: number
  paused: boolean
  submitted: number
  refused: number
  succeeded: number
  failed: number
  timedOut: number
  cancelled: number
  evicted: number
  retries: number
  deadLetters: number
  records: number
  /** How long jobs stood in line. */
  queueTime: Times
  /** How long attempts ran. */
  runTime: Times
}

/** A distribution of times, in milliseconds. */
export interface Times {
  count: number
  p50: number
  p90: number
  p99: number
  max: number
}

/** Something that happened in a runner. Events are numbered from 0, whether or not anybody listens. */
export type RunnerEvent =
  | {
      type: 'moved'
      number: number
      at: number
      id: number
      /** None when the job was just accepted. */
      from: TaskStatus | null
      to: TaskStatus
      detail: string
      attempt: number
    }
  | { type: 'paused' | 'resumed' | 'closed'; number: number; at: number }
  | { type: 'resized'; number: number; at: number; workers: number }
  /** So many events were dropped here, because nobody pulled. */
  | { type: 'missed'; count: number }

/** Stops calling what does not work, and finds out carefully when that works again. */
export class CircuitBreaker {
  /** @throws {RunnerError} When an option makes no sense, with a sentence that says which. */
  constructor(options?: BreakerOptions)

  /**
   * Calls a function if the circuit admits it. A value is a success and an error a failure; a job that was
   * cancelled, or an `AbortError`, is neither. A call that is not admitted is rejected with the kind `circuit-open`.
   */
  execute<T>(call: () => T): Promise<Awaited<T>>
  /** The function behind this circuit. */
  wrap<Args extends unknown[], T>(call: (...args: Args) => T): (...args: Args) => Promise<Awaited<T>>

  readonly state: CircuitState
  metrics(): CircuitMetrics

  /** Rejects every call until somebody says otherwise. */
  forceOpen(): void
  /** Admits every call, and counts without opening, until somebody says otherwise. */
  forceClosed(): void
  /** Admits every call, and counts nothing, until somebody says otherwise. */
  disable(): void
  /** Closes the circuit and forgets what it counted; calls under way do not count. */
  reset(): void
}

/** When a circuit opens and closes: one of `failures`, `lastCalls` and `lastTime`, and more. Times are in milliseconds. */
export interface BreakerOptions {
  /** Opens after so many failures in a row: 5 unless another window is asked for. */
  failures?: number | null
  /** Opens at a failure rate among the last so many calls. */
  lastCalls?: number | null
  /** Opens at a failure rate among the calls of the last so many milliseconds. */
  lastTime?: number | null
  /** The part of the calls in the window that must have failed: above 0, at most 1; 0.5 unless said otherwise. */
  failureRate?: number | null
  /** Looks at rates only when so many calls are in the window. */
  minCalls?: number | null
  /** A call that takes longer is slow, whatever comes of it. */
  slowerThan?: number | null
  /** Also opens when this part of the calls was slow; 1 unless said otherwise. */
  slowRate?: number | null
  /** How long it stays open before it lets probes through: 10,000 unless said otherwise. */
  openFor?: number | null
  /** Each time that probes fail, it stays open so many times as long as before. */
  growth?: number | null
  /** But never longer than this. */
  maxOpenFor?: number | null
  /** How many calls are let through as probes: 1 unless said otherwise. */
  probes?: number | null
  /** The part of the probes that must succeed: above 0, at most 1; 1 unless said otherwise. */
  successRate?: number | null
  /** Whether an error speaks against the other side. Without this, every error does. */
  isFailure?: ((error: unknown) => unknown) | null
  /** Hears of every change of state, and why. */
  onChange?: ((change: { from: CircuitState; to: CircuitState; cause: string }) => void) | null
}

export type CircuitState = 'closed' | 'open' | 'half-open' | 'forced-open' | 'forced-closed' | 'disabled'

/** A circuit at one moment: the calls in its window, and the totals since it was made. */
export interface CircuitMetrics {
  state: CircuitState
  /** Why it came into this state; none at the beginning. */
  cause: string | null
  /** Milliseconds until the next call may be admitted; none when nobody can say. */
  retryAfter: number | null
  calls: number
  failed: number
  slow: number
  failureRate: number
  slowRate: number
  probesUnderWay: number
  totalAdmitted: number
  totalRejected: number
  totalSucceeded: number
  totalFailed: number
  totalIgnored: number
}

/** Every error of this package. What a job throws arrives as it is, and is none of these. */
export class RunnerError extends Error {
  private constructor()
  readonly name: 'RunnerError'
  readonly kind: RunnerErrorKind
  /** Of a call that a circuit rejected: after how many milliseconds to try again, if that is known. */
  readonly retryAfter?: number | null
}

export type RunnerErrorKind =
  // What became of a job.
  | 'timed-out' | 'deadline-passed' | 'cancelled' | 'evicted'
  // Why it was refused.
  | 'full' | 'no-place-in-time' | 'closed' | 'duplicate-id' | 'duplicate-key'
  // Why a call was not made.
  | 'circuit-open'
  // What was asked for makes no sense.
  | 'bad-option' | 'not-a-function' | 'no-workers' | 'no-capacity' | 'no-lane-limit'
  | 'no-rate-interval' | 'unknown-job'
  // What ought not to happen.
  | 'panicked' | 'bad-value'
