//! What the tasks of these tests say and do.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// Records words in the order in which tasks say them.
#[derive(Clone, Default)]
pub struct Said(Rc<RefCell<Vec<String>>>);

impl Said {
    pub fn say(&self, word: impl Into<String>) {
        self.0.borrow_mut().push(word.into());
    }

    pub fn all(&self) -> String {
        self.0.borrow().join(" ")
    }
}

/// Wakes itself, does `then`, and is pending once.
pub async fn pending_once(then: impl FnOnce()) {
    let mut then = Some(then);
    poll_fn(|cx| match then.take() {
        Some(then) => {
            cx.waker().wake_by_ref();
            then();
            Poll::Pending
        }
        None => Poll::Ready(()),
    })
    .await;
}

pub struct OnDrop(pub Said, pub &'static str);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.say(self.1);
    }
}
