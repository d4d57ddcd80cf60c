//! The types that wasm-bindgen cannot tell from the code.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What may be asked of a runner. Times are in milliseconds. */
export interface RunnerOptions {
  /** How many jobs run at a time: 4 unless said otherwise, at least 1. */
  workers?: number | null;
  /** How many jobs may stand in line: 64 unless said otherwise, at least 1, or "unbounded". */
  capacity?: number | "unbounded" | null;
  /** What happens when the queue is full: "wait" unless said otherwise; a number of milliseconds waits so long at most. */
  policy?: "wait" | "reject" | "drop-oldest" | "drop-lowest-priority" | number | null;
  /** The time for one attempt of a job that asks for nothing else. */
  timeout?: number | null;
  /** How long a job may go on after it was asked to stop, before its waiters are told that it is over. */
  grace?: number | null;
  /** When jobs that ask for nothing else are tried again. */
  retry?: RetryOptions | null;
  /** How many records of jobs that ended are kept: 1,000 unless said otherwise. */
  retention?: number | null;
  /** How many jobs of one lane run at a time. */
  laneLimit?: number | null;
}

/** How often to try, the first time included, and how long to wait in between. */
export interface RetryOptions {
  attempts: number;
  /** The first delay; twice as long each time, and scattered by `seed` if there is one. */
  delay?: number | null;
  /** No delay is longer than this. */
  longest?: number | null;
  /** A whole number that says how delays are scattered between zero and what they would be. */
  seed?: number | null;
}

/** What may be asked for a job. Times are in milliseconds. */
export interface JobOptions {
  /** What records call it: the name of the function unless said otherwise. */
  name?: string | null;
  /** From 0 to 255, 128 unless said otherwise; higher goes first. */
  priority?: number | null;
  /** The time for one attempt. */
  timeout?: number | null;
  /** The time for all of it: waiting in line, every attempt and what lies between them. */
  deadline?: number | null;
  grace?: number | null;
  retry?: RetryOptions | null;
  /** The lane that it runs in; see `laneLimit`. */
  lane?: string | null;
  /** At most one job of this key is in flight. */
  key?: string | null;
  /** The id that it will have; the runner counts unless said otherwise. */
  id?: number | null;
}

/** What a job is called with. */
export interface JobContext {
  readonly id: number;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  /** Aborted when the job is asked to stop: because somebody cancelled it, or its time ran out. */
  readonly signal: AbortSignal;
  /** Says how far the job has come. */
  progress(done: number, total: number): void;
}

/** One of these at most; without any, jobs may run to their end for as long as that takes. */
export interface ShutdownOptions {
  /** What was accepted may run to its end, within so many milliseconds. */
  drain?: number | null;
  /** What is in line is cancelled, and what runs is asked to stop within so many milliseconds. */
  cancel?: number | null;
  /** Everything is dropped. */
  now?: boolean | null;
}

export type TaskStatus =
  | "queued" | "running" | "stopping" | "retrying"
  | "succeeded" | "failed" | "cancelled" | "evicted" | "interrupted";

export type CancelAnswer = "removed-from-queue" | "requested" | "already-finished";

/** Every error of a runner. Its message is a sentence, its code one of these words. */
export interface RunnerError extends Error {
  readonly name: "RunnerError";
  readonly code:
    | "bad-option" | "not-a-function" | "not-hashable"
    | "no-workers" | "no-capacity" | "no-lane-limit"
    | "full" | "no-place-in-time" | "closed" | "duplicate-id" | "duplicate-key" | "store" | "unknown-job"
    | "timed-out" | "deadline-passed" | "cancelled" | "evicted" | "panicked" | "bad-value";
}
"#;
