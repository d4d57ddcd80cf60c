//! Tasks that wait, and whose waker nobody holds.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use unstuck::scenario::Stage;
use unstuck::sync::Mutex;
use unstuck::yield_now;

use super::noticed::{noticed, one, search, told};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_task_that_waits_without_leaving_its_waker_anywhere_has_lost_it() {
    fn waits_for_nothing(stage: &Stage) {
        stage.spawn("A", async {
            yield_now().await;
            pending().await
        });
    }
    assert_eq!(told(waits_for_nothing), [(2, "A waits, and nobody holds its waker".to_owned())]);
    assert_eq!(noticed(waits_for_nothing), one("lost waker", 1));
}

/// A future that leaves its waker in `kept`, and waits for ever.
async fn keep_waker(kept: Rc<RefCell<Option<Waker>>>) {
    poll_fn(|cx| {
        *kept.borrow_mut() = Some(cx.waker().clone());
        Poll::<()>::Pending
    })
    .await
}

#[test]
fn a_waker_that_somebody_keeps_is_not_lost() {
    fn keeps_it(stage: &Stage) {
        let kept = Rc::default();
        stage.spawn("A", keep_waker(Rc::clone(&kept)));
        stage.show("kept", move || kept.borrow().is_some().to_string());
    }
    assert_eq!(told(keeps_it), []);
}

#[test]
fn a_waker_that_somebody_drops_is_lost_in_that_step() {
    fn drops_it(stage: &Stage) {
        let kept = Rc::default();
        stage.spawn("A", keep_waker(Rc::clone(&kept)));
        stage.spawn("B", async move { drop(kept.take()) });
    }
    assert_eq!(told(drops_it), [(2, "A waits, and nobody holds its waker".to_owned())]);
}

#[test]
fn whoever_is_in_a_deadlock_has_not_lost_its_waker() {
    fn both_wait(stage: &Stage) {
        let (left, right) = (Rc::new(Mutex::new("left", ())), Rc::new(Mutex::new("right", ())));
        for (name, first, second) in [("A", &left, &right), ("B", &right, &left)] {
            let (first, second) = (first.clone(), second.clone());
            stage.spawn(name, async move {
                let _first = first.lock().await;
                yield_now().await;
                let _second = second.lock().await;
            });
        }
    }
    let report = search(both_wait);
    assert_eq!((report.failure.unwrap().invariant.as_str(), report.lints), ("every task ends", vec![]));
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn a_waker_on_another_thread_is_not_lost() {
    use unstuck::Executor;
    use unstuck::finding::Rules;

    let executor = Executor::new();
    executor.watch(Rules::default());
    let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
    drop(executor.spawn(poll_fn(move |cx| {
        sender.send(cx.waker().clone()).unwrap();
        Poll::<()>::Pending
    })));
    executor.run_ready();
    let kept = std::thread::spawn(move || {
        let waker = receiver.recv().unwrap();
        (waker.clone(), drop(waker)).0
    });
    drop(kept.join().unwrap());
    executor.run_ready();
    assert_eq!(executor.take_lints(), []);
}
