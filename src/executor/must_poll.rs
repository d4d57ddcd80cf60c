//! A future that its maker expects to be polled.

use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::registry::entered;
use crate::trace::{Name, Place};

/// Says that `future`, which waits for what `name` says, is made to be polled.
///
/// Dropping it before that is a lint, [`NeverPolled`](crate::finding::Lint::NeverPolled), with the place of this call.
/// What is made by an `async fn` of one's own cannot be seen by an executor otherwise: until it is polled it is a value
/// like any other.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::executor::must_poll;
/// use unstuck::trace::Rules;
///
/// let executor = Executor::new();
/// executor.watch(Rules::default());
/// executor.block_on(async {
///     let hash = must_poll("the hash", async { 42 });
///     drop(hash); // and who awaits it?
/// });
/// assert_eq!(executor.take_lints().len(), 1);
/// ```
#[track_caller]
pub fn must_poll<F: Future>(name: Name, future: F) -> MustPoll<F> {
    MustPoll { future, unpolled: Some((name, Location::caller())) }
}

pin_project! {
    /// See [`must_poll`].
    #[must_use = "a future does nothing unless it is polled"]
    pub struct MustPoll<F> {
        #[pin]
        future: F,
        unpolled: Option<(Name, Place)>,
    }

    impl<F> PinnedDrop for MustPoll<F> {
        fn drop(this: Pin<&mut Self>) {
            if let (Some((name, at)), Some(core)) = (*this.project().unpolled, entered()) {
                core.lint_unpolled(name, at);
            }
        }
    }
}

impl<F: Future> Future for MustPoll<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        *this.unpolled = None;
        this.future.poll(cx)
    }
}
