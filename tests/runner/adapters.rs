//! A runner as `tracing` and `metrics` see it, through collectors of their own.

use std::io;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use futures::future::join;
use metrics_util::MetricKind;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use unstuck::runner::{Events, Overflow, TaskRunner, job, to_metrics, to_tracing};
use unstuck::time::ms;
use unstuck::{Executor, sleep};

/// When an adapter is polled.
#[derive(Clone, Copy)]
enum Turn {
    AsTheOthers,
    AfterAll,
}

/// A job that succeeds after 20 ms, a pause and a resume, and a job that fails after another 20, told to an adapter that
/// has room for so many events.
fn run_two_jobs<A: Future<Output = ()> + 'static>(adapter: fn(Events) -> A, room: usize, turn: Turn) {
    Executor::new().block_on(async move {
        let runner = TaskRunner::builder().workers(1).build().unwrap();
        let adapting = adapter(runner.subscribe(NonZeroUsize::new(room).unwrap(), Overflow::DropOldest));
        let jobs = async move {
            runner.start();
            let take_20_ms = |result: Result<(), &'static str>| {
                runner.submit(job(move |_| async move {
                    sleep(ms(20)).await;
                    result
                }))
            };
            take_20_ms(Ok(())).await.unwrap().await.unwrap();
            runner.pause();
            runner.resume();
            take_20_ms(Err("the service said no")).await.unwrap().await.unwrap_err();
        };
        match turn {
            Turn::AsTheOthers => drop(join(jobs, adapting).await),
            Turn::AfterAll => {
                jobs.await;
                adapting.await;
            }
        }
    });
}

/// What `tracing` prints, a line each.
fn traced(room: usize, turn: Turn) -> Vec<String> {
    #[derive(Clone, Default)]
    struct Printed(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Printed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let printed = Printed::default();
    let writer = printed.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || run_two_jobs(to_tracing, room, turn));
    let text = String::from_utf8(printed.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// What `metrics` counted, in the order of the names.
fn counted(room: usize, turn: Turn) -> Vec<String> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || run_two_jobs(to_metrics, room, turn));
    let mut lines: Vec<String> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let kind = match key.kind() {
                MetricKind::Counter => "counter",
                MetricKind::Gauge => "gauge",
                MetricKind::Histogram => "histogram",
            };
            let labels: String = key.key().labels().map(|label| format!(" {}", label.value())).collect();
            let value = match value {
                DebugValue::Counter(count) => format!("{count}"),
                DebugValue::Gauge(level) => format!("{level}"),
                DebugValue::Histogram(values) => format!("{values:?}"),
            };
            format!("{kind} {}{labels} = {value}", key.key().name())
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn tracing_is_told_what_each_job_goes_through_and_warned_of_a_failure() {
    let expected = [
        "DEBUG unstuck::runner: queued number=0 job=1 attempt=0",
        "DEBUG unstuck::runner: running number=1 job=1 attempt=1",
        "DEBUG unstuck::runner: succeeded number=2 job=1 attempt=1",
        "INFO unstuck::runner: paused number=3",
        "INFO unstuck::runner: resumed number=4",
        "DEBUG unstuck::runner: queued number=5 job=2 attempt=0",
        "DEBUG unstuck::runner: running number=6 job=2 attempt=1",
        "WARN unstuck::runner: failed: an error number=7 job=2 attempt=1",
        "INFO unstuck::runner: closed number=8",
    ];
    assert_eq!(traced(100, Turn::AsTheOthers), expected);
}

#[test]
fn tracing_is_warned_of_what_it_missed() {
    let expected = [
        "WARN unstuck::runner: events were missed missed=7",
        "WARN unstuck::runner: failed: an error number=7 job=2 attempt=1",
        "INFO unstuck::runner: closed number=8",
    ];
    assert_eq!(traced(2, Turn::AfterAll), expected);
}

const NUMBERS: [&str; 12] = [
    "counter unstuck_jobs_ended_total cancelled = 0",
    "counter unstuck_jobs_ended_total evicted = 0",
    "counter unstuck_jobs_ended_total failed = 1",
    "counter unstuck_jobs_ended_total interrupted = 0",
    "counter unstuck_jobs_ended_total succeeded = 1",
    "counter unstuck_jobs_refused_total = 0",
    "counter unstuck_jobs_submitted_total = 2",
    "counter unstuck_retries_total = 0",
    "gauge unstuck_jobs queued = 0",
    "gauge unstuck_jobs retrying = 0",
    "gauge unstuck_jobs running = 0",
    "gauge unstuck_jobs stopping = 0",
];

#[test]
fn metrics_count_jobs_and_time_their_attempts() {
    let [numbers @ .., histogram] = &counted(100, Turn::AsTheOthers)[..] else { unreachable!() };
    assert_eq!(numbers, NUMBERS);
    assert_eq!(histogram, "histogram unstuck_run_seconds = [0.02, 0.02]");
}

#[test]
fn numbers_of_metrics_are_right_although_events_were_missed() {
    let mut numbers = counted(2, Turn::AfterAll);
    numbers.retain(|line| line != "counter unstuck_missed_events_total = 7");
    assert_eq!(numbers, NUMBERS);
    assert_eq!(counted(2, Turn::AfterAll).len(), NUMBERS.len() + 1);
}
