//! What tasks of one executor share and wait for.
//!
//! Everything here is single-threaded, fair (first come, first served; a freed place is handed over, so nobody
//! barges) and cancel-safe: a waiter that is dropped, even after it was served, takes nothing with it.

mod cancel;
mod event;
mod mutex;
pub(crate) mod object;
pub mod oneshot;
mod queue;
mod semaphore;
mod tracked;
mod turn;
pub(crate) mod waiters;

pub use cancel::{CancelToken, Cancelled};
pub use event::{Event, WaitForEvent};
pub use mutex::{Mutex, MutexGuard};
pub use queue::{Closed, NotPut, Put, Queue, Take};
pub use semaphore::{Acquire, Permit, Semaphore};
pub use tracked::{Borrowed, BorrowedMut, Conflict, Tracked};
