//! The same tasks in real time, on whatever hosts them.

use std::cell::Cell;
use std::rc::Rc;

use unstuck::executor::host::embedded;
use unstuck::time::{Duration, ms};
use unstuck::{Executor, sleep, spawn};

/// A program that takes 30 ms in real time, and tells by the executor's clock how long it took.
fn program(executor: &Executor) -> unstuck::JoinHandle<Duration> {
    executor.spawn(async {
        let start = unstuck::now();
        let tasks = [10, 30, 20].map(|delay| spawn(async move { sleep(ms(delay)).await }));
        for task in tasks {
            task.await.unwrap();
        }
        unstuck::now() - start
    })
}

fn is_about_30_ms(took: Duration) -> bool {
    (ms(30)..ms(2_000)).contains(&took)
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, mpsc};
    use std::task::{Context, Poll, Wake, Waker};
    use std::time::Instant;
    use unstuck::executor::host::thread;

    #[test]
    fn a_thread_sleeps_in_real_time() {
        let executor = Executor::new();
        let start = Instant::now();
        let took = thread::run(&executor, program(&executor)).unwrap();
        assert!(is_about_30_ms(took) && start.elapsed() >= took);
    }

    #[test]
    fn another_thread_can_wake_a_task() {
        let executor = Executor::new();
        let (wakers, received) = mpsc::channel::<Waker>();
        let waking = std::thread::spawn(move || {
            let waker = received.recv().unwrap();
            std::thread::sleep(ms(20));
            waker.wake();
        });
        let mut asked = false;
        let main = executor.spawn(std::future::poll_fn(move |cx| {
            if asked {
                return Poll::Ready("woken");
            }
            asked = true;
            wakers.send(cx.waker().clone()).unwrap();
            Poll::Pending
        }));
        assert_eq!(thread::run(&executor, main), Ok("woken"));
        waking.join().unwrap();
    }

    /// A foreign runtime, which counts how often it is woken.
    struct Counting {
        wakes: AtomicU32,
        thread: std::thread::Thread,
    }

    impl Wake for Counting {
        fn wake(self: Arc<Self>) {
            self.wakes.fetch_add(1, Ordering::SeqCst);
            self.thread.unpark();
        }
    }

    #[test]
    fn an_executor_without_work_wakes_nobody() {
        let executor = Executor::new();
        drop(executor.spawn(std::future::pending::<()>()));
        let main = executor.spawn(std::future::pending::<()>());
        let runtime = Arc::new(Counting { wakes: AtomicU32::new(0), thread: std::thread::current() });
        let waker = Waker::from(runtime.clone());
        let asked_for_time = Rc::new(Cell::new(0));
        let asked = asked_for_time.clone();
        let timer = move |_| {
            asked.set(asked.get() + 1);
            std::future::pending()
        };
        let mut driven = Box::pin(embedded::drive(&executor, || ms(0), timer, main));
        assert!(driven.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        std::thread::sleep(ms(50));
        assert_eq!((runtime.wakes.load(Ordering::SeqCst), asked_for_time.get()), (0, 0));
    }

    #[test]
    fn an_embedded_executor_is_woken_once_by_a_spawn_from_outside() {
        let executor = Executor::new();
        let main = executor.spawn(std::future::pending::<()>());
        let runtime = Arc::new(Counting { wakes: AtomicU32::new(0), thread: std::thread::current() });
        let waker = Waker::from(runtime.clone());
        let mut driven = Box::pin(embedded::drive(&executor, || ms(0), |_| std::future::pending(), main));
        assert!(driven.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let task = executor.spawn(async {});
        drop(executor.spawn(async {}));
        assert_eq!(runtime.wakes.load(Ordering::SeqCst), 1);
        assert!(driven.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        assert!(task.is_finished());
    }

    #[test]
    fn an_embedded_executor_uses_the_timers_of_its_runtime() {
        let executor = Executor::new();
        let start = Instant::now();
        let timer = |duration| async move { std::thread::sleep(duration) };
        let main = program(&executor);
        let driven = embedded::drive(&executor, || start.elapsed(), timer, main);
        assert!(is_about_30_ms(futures::executor::block_on(driven).unwrap()));
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::*;
    use unstuck::executor::host::browser;
    use wasm_bindgen_test::wasm_bindgen_test as test;
    wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

    #[test]
    async fn a_browser_sleeps_in_real_time() {
        let executor = Executor::new();
        let main = program(&executor);
        assert!(is_about_30_ms(browser::drive(executor, main).await.unwrap()));
    }

    #[test]
    async fn a_promise_of_javascript_wakes_a_task() {
        let executor = Executor::new();
        let main = executor.spawn(async {
            let promise = js_sys::Promise::resolve(&wasm_bindgen::JsValue::from(42));
            wasm_bindgen_futures::JsFuture::from(promise).await.unwrap().as_f64()
        });
        assert_eq!(browser::drive(executor, main).await, Ok(Some(42.0)));
    }

    #[test]
    async fn the_browser_gets_a_turn_while_tasks_stay_ready() {
        let executor = Executor::new();
        let heard = Rc::new(Cell::new(false));
        let main = executor.spawn({
            let heard = heard.clone();
            async move {
                while !heard.get() {
                    unstuck::yield_now().await;
                }
            }
        });
        // A timer is a task of the browser, which no number of microtasks lets through.
        let timer = gloo_timers::callback::Timeout::new(1, move || heard.set(true));
        browser::drive(executor, main).await.unwrap();
        drop(timer);
    }

    #[test]
    async fn an_executor_without_work_asks_the_browser_for_no_timer() {
        let executor = Executor::new();
        let main = executor.spawn(std::future::pending::<()>());
        let asked_for_time = Rc::new(Cell::new(0));
        let asked = asked_for_time.clone();
        let timer = move |_| {
            asked.set(asked.get() + 1);
            std::future::pending()
        };
        let driven = embedded::drive(executor, || ms(0), timer, main);
        let limit = gloo_timers::future::TimeoutFuture::new(50);
        futures::future::select(Box::pin(driven), limit).await;
        assert_eq!(asked_for_time.get(), 0);
    }
}
