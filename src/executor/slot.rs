//! A task's place in the executor's table, and the box that its future lives in.
//!
//! The box is kept when its task ends: the next task of the same type moves in, so that an executor which runs the
//! same kinds of tasks over and over allocates nothing.

use core::any::Any;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use pin_project_lite::pin_project;

use crate::trace::CancelReason;

/// Boxes above this size are given back when their task ends.
const KEEP_BYTES: usize = 1024;

/// Where a task stands. Its box lies in its slot except while it is polled and while its future is being dropped.
///
/// ```text
///            spawn         poll            last look, or nobody will look
///   Vacant ─────────▶ New ──────▶ Polled ─────────────────────────────────▶ Vacant
///                            ▲    │ │ │                                       ▲
///                       poll │    │ │ └▶ Ended, while a handle may still ask ─┘
///            woken           │    │ │
///   Waiting ────────▶ Ready ─┘    │ └▶ Woken, and Ready when the poll is pending
///      ▲                  pending │
///      └──────────────────────────┘
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Vacant,
    /// In line for its first poll.
    New,
    /// In line.
    Ready,
    /// Its poll is under way, and it is in line for the next one.
    Woken,
    /// Its poll is under way.
    Polled,
    Waiting,
    /// Its own poll is under way, and it was cancelled meanwhile; or its future is being dropped.
    Doomed(CancelReason),
    Ended(End),
}

impl Stage {
    /// Neither ended nor about to.
    pub(super) fn is_alive(self) -> bool {
        matches!(self, Stage::New | Stage::Ready | Stage::Woken | Stage::Polled | Stage::Waiting)
    }

    pub(super) fn is_in_line(self) -> bool {
        matches!(self, Stage::New | Stage::Ready | Stage::Woken)
    }
}

/// How a task ended; what it returned or its message lies in the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Returned,
    Panicked,
    Cancelled(CancelReason),
}

/// Three words natively: a table of many tasks is felt by the memory that it takes.
pub(super) struct Slot {
    pub(super) body: Option<Pin<Box<dyn Body>>>,
    pub(super) generation: u32,
    pub(super) stage: Stage,
    /// Whether a handle may still ask how it ended.
    pub(super) watched: bool,
    /// Whether a search may drop its future where it waits.
    pub(super) droppable: bool,
}

impl Slot {
    pub(super) fn vacant() -> Self {
        Slot { body: None, generation: 0, stage: Stage::Vacant, watched: false, droppable: false }
    }

    /// Whether a search may drop its future now. Before its first poll it waits nowhere.
    pub(super) fn is_droppable(&self) -> bool {
        self.droppable && self.stage.is_alive() && self.stage != Stage::New
    }
}

/// A future of any type, and what is left of it.
pub(super) trait Body {
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End>;
    /// Drops the future or the result, whichever is there; true when the empty box is worth keeping.
    fn clear(self: Pin<&mut Self>) -> bool;
    /// Moves in the future in `next`, an `Option<F>`, if it is of the same type.
    fn refill(self: Pin<&mut Self>, next: &mut dyn Any) -> bool;
    /// Moves the result into `output`, an `Option<Output>`.
    fn take_output(self: Pin<&mut Self>, output: &mut dyn Any);
    fn panic_message(&self) -> Option<Rc<str>>;
    fn is_running(&self) -> bool;
}

pin_project! {
    #[project = ContentProjection]
    pub(super) enum Content<F: Future> {
        Running { #[pin] future: F },
        Returned { output: Option<F::Output> },
        Panicked { message: Rc<str> },
        Empty,
    }
}

pub(super) fn boxed<F>(future: F) -> Pin<Box<dyn Body>>
where
    F: Future + 'static,
{
    Box::pin(Content::Running { future })
}

impl<F: Future + 'static> Body for Content<F> {
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        let ContentProjection::Running { future } = self.as_mut().project() else {
            unreachable!("only a task that runs is polled");
        };
        // A task is dropped after it panicked, so nobody sees the state that it left.
        match caught(|| future.poll(cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => {
                self.set(Content::Returned { output: Some(output) });
                Poll::Ready(End::Returned)
            }
            Err(message) => {
                self.set(Content::Panicked { message });
                Poll::Ready(End::Panicked)
            }
        }
    }

    fn clear(mut self: Pin<&mut Self>) -> bool {
        self.set(Content::Empty);
        size_of::<Self>() <= KEEP_BYTES
    }

    fn refill(mut self: Pin<&mut Self>, next: &mut dyn Any) -> bool {
        let Some(future) = next.downcast_mut::<Option<F>>().and_then(Option::take) else { return false };
        self.set(Content::Running { future });
        true
    }

    fn take_output(self: Pin<&mut Self>, output: &mut dyn Any) {
        if let (ContentProjection::Returned { output: kept }, Some(output)) =
            (self.project(), output.downcast_mut::<Option<F::Output>>())
        {
            *output = kept.take();
        }
    }

    fn panic_message(&self) -> Option<Rc<str>> {
        match self {
            Content::Panicked { message } => Some(message.clone()),
            _ => None,
        }
    }

    #[inline]
    fn is_running(&self) -> bool {
        matches!(self, Content::Running { .. })
    }
}

/// What `run` gives, or the message of its panic. Who calls lets nobody see the state that a panic left.
#[inline(always)]
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Rc<str>> {
    catch_unwind(AssertUnwindSafe(run)).map_err(message_of)
}

fn message_of(payload: Box<dyn Any + Send>) -> Rc<str> {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => Rc::from(*text),
        (_, Some(text)) => Rc::from(text.as_str()),
        _ => Rc::from("a panic without a message"),
    }
}
