//! What the view of the runner shows, and what becomes of orders.

use std::pin::Pin;
use std::rc::Rc;

use unstuck::desk::{
    Board, Desk, Ending, Foreign, Order, Query, RecordColumn, RecordRow, Setting, Show, Still, Work,
};
use unstuck::runner::{MemoryStore, TaskCx};
use unstuck::snapshot::StateCell;
use unstuck::time::{Duration, ms};
use unstuck::{Executor, sleep};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn check<F: Future<Output = ()> + 'static>(scene: impl FnOnce(Desk) -> F + 'static) {
    Executor::new().block_on(async move { scene(Desk::open(None, "in memory", || ()).unwrap()).await });
}

fn submit(desk: &Desk, work: Work, count: u32) {
    desk.order(Order::Submit { work, count }).unwrap();
}

fn set(desk: &Desk, setting: Setting, value: &str) -> Result<(), String> {
    desk.order(Order::Set { setting, value: value.to_owned() }).map_err(|error| error.to_string())
}

fn told(row: &RecordRow) -> String {
    [&*row.id.to_string(), &row.name, &row.status, &row.waited, &row.ran, &row.result, &row.answer].join(" | ")
}

fn rows(board: &Board) -> Vec<String> {
    board.table.rows.iter().map(told).collect()
}

/// How many jobs ended how, after a step of a run in virtual time.
fn ended(still: &Still) -> String {
    let cell = |cell: &StateCell| format!("{} {}", cell.name, cell.value);
    still.cells[3..].iter().map(cell).collect::<Vec<_>>().join(", ")
}

fn look(desk: &Desk, change: impl FnOnce(&mut Query)) -> Board {
    let mut query = Query::default();
    change(&mut query);
    desk.order(Order::Look { query }).unwrap();
    desk.board()
}

#[test]
fn an_empty_desk_sleeps_and_says_so() {
    check(|desk| async move {
        let board = desk.board();
        assert_eq!(board.status.lead, "Nothing to do, so it sleeps.");
        assert_eq!((board.queue.label.as_str(), board.table.label.as_str()), ("0 of 20 places taken", "0 records"));
        assert_eq!(board.lanes.iter().map(|lane| lane.now.as_str()).collect::<Vec<_>>(), ["idle"; 4]);
        assert!(!board.moves);
    });
}

#[test]
fn the_table_shows_each_job_newest_first_with_its_times() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        submit(&desk, Work::Sleep, 2);
        submit(&desk, Work::Fail, 1);
        sleep(ms(1_120)).await;
        assert_eq!(
            rows(&desk.board()),
            [
                "3 | fail after 150 ms | running | 1.1 s | 20 ms |  | ",
                "2 | sleep 900 ms | succeeded | 200 ms | 900 ms | slept for 900 ms | ",
                "1 | sleep 200 ms | succeeded | 0 ms | 200 ms | slept for 200 ms | ",
            ]
        );
        assert_eq!(desk.board().status.lead, "1 job at work.");
    });
}

#[test]
fn a_job_that_waits_to_be_tried_again_is_not_said_to_run() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        set(&desk, Setting::Retry, "3").unwrap();
        submit(&desk, Work::Fail, 1);
        let mut seen = Vec::new();
        for _ in 0..4 {
            sleep(ms(100)).await;
            seen.extend(rows(&desk.board()));
        }
        // It fails at 150 ms, and begins anew 200 ms later.
        assert_eq!(
            seen,
            [
                "1 | fail after 150 ms | running | 0 ms | 100 ms |  | ",
                "1 | fail after 150 ms | retrying | 200 ms | – | attempt 1 failed | ",
                "1 | fail after 150 ms | retrying | 300 ms | – | attempt 1 failed | ",
                "1 | fail after 150 ms | running | 350 ms | 50 ms | attempt 2 | ",
            ]
        );
    });
}

#[test]
fn cancelling_gives_the_answer_beside_the_job() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "2").unwrap();
        submit(&desk, Work::Fail, 1);
        submit(&desk, Work::Sleep, 2);
        sleep(ms(160)).await;
        submit(&desk, Work::Sleep, 1);
        sleep(ms(1)).await;
        for id in [1, 3, 4] {
            desk.order(Order::Cancel { id }).unwrap();
        }
        assert_eq!(desk.board().said.unwrap().rest, "removed from the queue.");
        sleep(ms(1)).await;
        let answers: Vec<String> = desk.board().table.rows.into_iter().map(|row| row.answer).collect();
        assert_eq!(answers, ["removed from the queue", "asked to stop", "", "had already finished"]);
        let unknown = desk.order(Order::Cancel { id: 9 }).unwrap_err();
        assert_eq!(unknown.to_string(), "The runner knows no job 9.");
    });
}

#[test]
fn a_stubborn_job_is_told_to_be_over_and_keeps_its_lane() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        submit(&desk, Work::Stubborn, 1);
        sleep(ms(500)).await;
        desk.order(Order::Cancel { id: 1 }).unwrap();
        sleep(ms(500)).await;
        let board = desk.board();
        assert_eq!(board.table.rows[0].status, "cancelled");
        assert_eq!((board.lanes[0].spans[0].to, board.lanes[0].now.as_str()), (100.0, "stubborn 3 s, job 1"));
        assert_eq!(board.numbers[0].value, "1 of 1");
    });
}

#[test]
fn a_full_queue_refuses_or_holds_up_its_submitters() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        set(&desk, Setting::Capacity, "2").unwrap();
        submit(&desk, Work::Sleep, 9);
        sleep(ms(1)).await;
        let board = desk.board();
        assert_eq!((board.queue.filled, board.queue.first.len()), (100.0, 2));
        assert_eq!(board.queue.blocked, ["sleep 400 ms, and 5 more"]);
        set(&desk, Setting::Policy, "reject").unwrap();
        submit(&desk, Work::Hash, 3);
        sleep(ms(1)).await;
        let said = desk.board().said.unwrap();
        assert_eq!(format!("{} {}", said.lead, said.rest), "3 jobs were refused: the queue is full.");
    });
}

#[test]
fn a_higher_priority_goes_first_and_pushes_the_lowest_out_of_a_full_queue() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        set(&desk, Setting::Capacity, "2").unwrap();
        set(&desk, Setting::Policy, "drop-lowest").unwrap();
        submit(&desk, Work::Stubborn, 1);
        sleep(ms(1)).await;
        for priority in ["64", "128", "192"] {
            set(&desk, Setting::Priority, priority).unwrap();
            submit(&desk, Work::Fail, 1);
            sleep(ms(1)).await;
        }
        let board = desk.board();
        let line: Vec<_> = board.queue.first.iter().map(|job| (job.id, job.name.as_str())).collect();
        assert_eq!(line, [(4, "high: fail after 150 ms"), (3, "fail after 150 ms")]);
        assert_eq!(rows(&board)[2], "2 | fail after 150 ms | evicted | 2 ms | – | had to make room | ");
        sleep(ms(5_000)).await;
        let replay = desk.replay().unwrap();
        let end = replay.still(replay.last());
        assert_eq!(ended(&end), "succeeded 1, failed 2, cancelled 0");
    });
}

#[test]
fn what_several_submitters_are_refused_for_one_reason_is_said_in_one_number() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        set(&desk, Setting::Capacity, "2").unwrap();
        submit(&desk, Work::Stubborn, 8);
        submit(&desk, Work::Sleep, 10);
        sleep(ms(1)).await;
        desk.order(Order::Shutdown { how: Ending::Now }).unwrap();
        sleep(ms(1)).await;
        // One of the eight runs and two are in line.
        let said = desk.board().said.unwrap();
        assert_eq!(said.lead, "15 jobs were refused:");
        desk.order(Order::Dismiss).unwrap();
        assert_eq!(desk.board().said, None);
    });
}

#[test]
fn settings_that_make_no_sense_are_refused_in_a_sentence() {
    check(|desk| async move {
        let refused = [
            set(&desk, Setting::Workers, "0"),
            set(&desk, Setting::Workers, "-3"),
            set(&desk, Setting::Workers, "many"),
            set(&desk, Setting::Workers, "NaN"),
            set(&desk, Setting::Workers, "1000"),
            set(&desk, Setting::Capacity, "0"),
            set(&desk, Setting::Capacity, "1.5"),
            set(&desk, Setting::Policy, "perhaps"),
            set(&desk, Setting::Priority, "300"),
            set(&desk, Setting::Timeout, "7"),
            set(&desk, Setting::Retry, "0"),
            desk.order(Order::Submit { work: Work::Sleep, count: 0 }).map_err(|error| error.to_string()),
        ];
        assert_eq!(
            refused.map(Result::unwrap_err),
            [
                "A runner needs at least one worker.",
                "A runner needs at least one worker.",
                "“many” is not a whole number of workers.",
                "“NaN” is not a whole number of workers.",
                "At most 64 workers fit on this page.",
                "A queue needs at least one place.",
                "“1.5” is not a whole number of places.",
                "There is no such choice as “perhaps”.",
                "There is no such choice as “300”.",
                "There is no such choice as “7”.",
                "There is no such choice as “0”.",
                "From 1 to 10000 jobs can be submitted at a time.",
            ]
        );
        assert_eq!((desk.board().controls.workers, desk.board().controls.capacity), (4, 20));
    });
}

#[test]
fn the_table_is_filtered_sorted_and_cut_to_what_is_in_view() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "64").unwrap();
        submit(&desk, Work::Sleep, 4);
        submit(&desk, Work::Fail, 2);
        sleep(ms(5_000)).await;
        let ids = |board: &Board| board.table.rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let slowest = look(&desk, |query| (query.by, query.count) = (RecordColumn::Ran, 2));
        assert_eq!((ids(&slowest), slowest.table.label.as_str()), (vec![3, 2], "6 records"));
        let next = look(&desk, |query| (query.by, query.first, query.count) = (RecordColumn::Ran, 2, 2));
        assert_eq!((ids(&next), next.table.first), (vec![4, 1], 2));
        let failed = look(&desk, |query| (query.show, query.descending) = (Show::Failed, false));
        assert_eq!((ids(&failed), failed.table.label.as_str()), (vec![5, 6], "2 of 6 records"));
        let said_no = look(&desk, |query| query.filter = "SERVICE #6".to_owned());
        assert_eq!(ids(&said_no), [6]);
        let named = look(&desk, |query| (query.by, query.descending) = (RecordColumn::Name, false));
        let names: Vec<_> = named.table.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names[1..5], ["fail after 150 ms", "sleep 200 ms", "sleep 400 ms", "sleep 900 ms"]);
        assert_eq!(ids(&look(&desk, |query| query.first = 100)), Vec::<u64>::new());
    });
}

#[test]
fn a_shutdown_refuses_what_comes_after_and_reports_what_became_of_the_rest() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        set(&desk, Setting::Capacity, "1").unwrap();
        submit(&desk, Work::Stubborn, 3);
        sleep(ms(1)).await;
        desk.order(Order::Shutdown { how: Ending::Cancel }).unwrap();
        let late = desk.order(Order::Submit { work: Work::Sleep, count: 1 }).unwrap_err();
        assert_eq!(late.to_string(), "The runner is closed and accepts no more jobs; start a new one.");
        assert_eq!(desk.board().status.lead, "The runner is shutting down.");
        sleep(ms(1_000)).await;
        let board = desk.board();
        let figures: Vec<_> = board.report.unwrap().figures.iter().map(|figure| figure.value.clone()).collect();
        assert_eq!(
            (figures, board.status.lead.as_str()),
            (vec!["0".into(), "1".into(), "1".into(), "1".into()], "The runner has ended.")
        );
    });
}

#[test]
fn the_same_run_in_virtual_time_waits_for_what_was_submitted_last() {
    check(|desk| async move {
        submit(&desk, Work::Fail, 1);
        sleep(ms(1_000)).await;
        let replay = desk.replay().unwrap();
        let end = replay.still(replay.last());
        let failed = end.cells.iter().find(|cell| cell.name == "failed").map(|cell| cell.value.clone());
        assert_eq!((end.time, failed), ("t = 150 ms".to_owned(), Some("1".to_owned())));
    });
}

#[test]
fn a_job_that_fails_in_virtual_time_is_no_failure_of_its_worker() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        submit(&desk, Work::Fail, 1);
        sleep(ms(1_000)).await;
        let replay = desk.replay().unwrap();
        let tasks = replay.still(replay.last()).tasks;
        let worker = tasks.iter().find(|task| task.tag.name == "worker-1").unwrap();
        assert_eq!((worker.state.as_str(), worker.waits.as_str()), ("done", "sees job 1 fail: the service said no"));
    });
}

#[test]
fn the_same_run_in_virtual_time_ends_as_the_first_one_did() {
    check(|desk| async move {
        set(&desk, Setting::Workers, "2").unwrap();
        set(&desk, Setting::Timeout, "500").unwrap();
        assert_eq!(
            desk.replay().map(drop).unwrap_err().to_string(),
            "Nothing was submitted yet that could be run again."
        );
        submit(&desk, Work::Sleep, 3);
        submit(&desk, Work::Fail, 1);
        sleep(ms(100)).await;
        desk.order(Order::Cancel { id: 2 }).unwrap();
        sleep(ms(5_000)).await;
        let lived: Vec<_> = desk.board().numbers[2..5].iter().map(|figure| figure.value.clone()).collect();
        let replay = desk.replay().unwrap();
        let end = replay.still(replay.last());
        let replayed: Vec<_> = end.cells[3..].iter().map(|cell| cell.value.clone()).collect();
        assert_eq!(
            (lived, replayed),
            (vec!["1".into(), "2".into(), "1".into()], vec!["1".into(), "2".into(), "1".into()])
        );
        // Job 2 has 100 ms to stop; job 3 takes its place at 200 ms, and 500 ms later its time is up.
        assert_eq!(end.time, "t = 700 ms");
        assert_eq!(replay.still(0).said.lead, "Nothing has happened yet.");
        assert_eq!(replay.film().findings, [], "workers with nothing to do are no deadlock");
        assert_eq!(replay.film().lanes.len(), end.tasks.len());
    });
}

#[test]
fn after_an_earlier_visit_the_same_run_cancels_the_same_jobs() {
    let store = MemoryStore::default();
    let visit = |store: MemoryStore| async move {
        let desk = Desk::open(Some(Rc::new(store)), "kept", || ()).unwrap();
        submit(&desk, Work::Sleep, 3);
        sleep(ms(100)).await;
        desk
    };
    let earlier = Executor::new();
    earlier.block_on({
        let store = store.clone();
        async move { drop(visit(store).await) }
    });
    drop(earlier); // the three jobs of the first visit are numbers 1 to 3
    Executor::new().block_on(async move {
        let desk = visit(store).await;
        desk.order(Order::Cancel { id: 5 }).unwrap();
        sleep(ms(5_000)).await;
        let replay = desk.replay().unwrap();
        let end = replay.still(replay.last());
        assert_eq!(ended(&end), "succeeded 2, failed 0, cancelled 1");
        let workers: Vec<_> = end.tasks.iter().map(|task| task.waits.as_str()).collect();
        assert!(workers.contains(&"began job 4: sleep 200 ms"), "{workers:?}");
    });
}

#[test]
fn in_virtual_time_a_file_has_its_name_takes_its_time_and_ends_as_it_did() {
    let file = |name: &str, time: Duration, end: Result<&str, &str>| -> (String, Foreign) {
        let end = end.map(str::to_owned).map_err(str::to_owned);
        let read = move |_: TaskCx| -> Pin<Box<dyn Future<Output = _>>> {
            let end = end.clone();
            Box::pin(async move {
                sleep(time).await;
                end
            })
        };
        (name.to_owned(), Rc::new(read))
    };
    check(move |desk| async move {
        set(&desk, Setting::Workers, "1").unwrap();
        let (read, unreadable) = (Ok("ba7816bf"), Err("it cannot be read"));
        desk.submit_foreign(vec![file("a.txt", ms(30), read), file("gone.txt", ms(5), unreadable)]).unwrap();
        sleep(ms(100)).await;
        // Of the same name as the first, and cancelled in the middle; 100 ms later its code is gone.
        desk.submit_foreign(vec![file("a.txt", ms(5_000), read)]).unwrap();
        sleep(ms(200)).await;
        desk.order(Order::Cancel { id: 3 }).unwrap();
        sleep(ms(5_000)).await;
        let replay = desk.replay().unwrap();
        let end = replay.still(replay.last());
        assert_eq!((ended(&end), end.time.as_str()), ("succeeded 1, failed 1, cancelled 1".to_owned(), "t = 400 ms"));
        let log = format!("{:?}", replay.film().log);
        for note in ["began job 1: a.txt", "sees job 2 fail: it cannot be read", "began job 3: a.txt"] {
            assert!(log.contains(note), "{note}: {log}");
        }
    });
}

#[test]
fn in_virtual_time_nothing_is_hashed_again() {
    check(|desk| async move {
        submit(&desk, Work::Hash, 1);
        sleep(ms(100)).await;
        let replay = desk.replay().unwrap();
        assert_eq!(ended(&replay.still(replay.last())), "succeeded 1, failed 0, cancelled 0");
        assert!(format!("{:?}", replay.film().log).contains("began job 1: hash 2 MB"));
        // Its eight slices would be eight steps of the worker alone.
        assert!(replay.last() < 8, "{} steps", replay.last());
    });
}

#[test]
fn what_an_earlier_visit_left_unfinished_is_interrupted_and_said_once() {
    let store = MemoryStore::default();
    let visit = |store: MemoryStore, work: u32| {
        let executor = Executor::new();
        let board = executor.block_on(async move {
            let desk = Desk::open(Some(Rc::new(store)), "kept", || ()).unwrap();
            if work > 0 {
                submit(&desk, Work::Sleep, work);
                sleep(ms(300)).await;
            }
            desk.board()
        });
        std::mem::forget(executor); // the page is left in the middle of things
        board
    };
    visit(store.clone(), 3);
    let second = visit(store.clone(), 0);
    let said = second.said.clone().unwrap();
    assert_eq!(
        (said.lead.as_str(), said.rest.as_str()),
        ("2 jobs had not ended when the page was left.", "They are marked as interrupted, and none was run again.")
    );
    let statuses: Vec<_> = second.table.rows.iter().map(|row| row.status.as_str()).collect();
    assert_eq!(statuses, ["interrupted", "interrupted", "succeeded"]);
    assert_eq!(visit(store, 0).said, None);
}

#[test]
fn the_seeds_example_prints_its_twenty_results() {
    check(|desk| async move {
        desk.order(Order::Example).unwrap();
        assert_eq!(desk.order(Order::Example).unwrap_err().to_string(), "The example is still running.");
        sleep(ms(10_000)).await;
        let example = desk.board().example.unwrap();
        assert!(!example.running);
        assert_eq!(example.lines[0], "sleep 500 ms   slept for 500 ms");
        assert_eq!(example.lines[6], "sleep 1.1 s    error: the time for the attempt ran out");
        assert!(example.lines[10].starts_with("hash 6 bytes   "));
        assert!(example.lines[20].starts_with("Stats {"));
    });
}
