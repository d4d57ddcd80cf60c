//! The entrants, one adapter a file.

mod assert_send;
mod async_executor;
mod async_task;
#[cfg(not(target_arch = "wasm32"))]
pub mod asyncio;
pub mod floor;
mod local_pool;
mod ours;
mod tokio;

pub use self::async_executor::AsyncExecutor;
pub use self::async_task::AsyncTask;
pub use self::floor::Floor;
pub use self::local_pool::LocalPool;
pub use self::ours::Ours;
#[cfg(not(target_arch = "wasm32"))]
pub use self::ours::Recording;
pub use self::tokio::TokioLocalSet;
#[cfg(not(target_arch = "wasm32"))]
pub use self::tokio::{TokioPausedLocalSet, TokioPausedSpawn, TokioSpawn};
