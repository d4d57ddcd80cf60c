//! Pipelines: tasks, one after the other and side by side, fenced by policies.
//!
//! There is one concept, the [`Workflow`]: it takes an input, and gives a value or says why not. A [`Task`] is one,
//! every group of workflows is one, and so everything nests in everything:
//!
//! | | runs | and gives |
//! |---|---|---|
//! | [`Sequence`] | one after the other | the ordered list of results |
//! | [`Pipeline`] | one after the other, of any types | the last value |
//! | [`Parallel`] | side by side, up to a limit | the ordered list of results |
//! | [`Map`] | one workflow for each of many inputs, up to a limit | the ordered list of results |
//! | [`Dag`] | each as soon as those that it needs are done | the values by name |
//! | [`Race`] | side by side | the first that finished, or the first that succeeded |
//! | [`Hedge`] | again, when the first takes long | the first that succeeded |
//! | [`Fallback`] | another one, when the first failed | the value of either |
//! | [`CircuitGroup`] | through a circuit breaker | its value |
//! | [`Guarded`] | through [`Policies`], in an order that nobody can get wrong | its value |
//!
//! Who has a call to fence, and no pipeline, needs none of them: [`Policies::call`] makes it.
//!
//! A group owns what it runs: before it returns, or when it is dropped, every child has been told why it is to
//! stop, has stopped, and has a final [`TaskState`]. Groups that run children side by side spawn each as a task of
//! the executor, under its name; everything else runs in its owner's task.
//!
//! ```
//! use unstuck::flow::{Parallel, Pipeline, Task, Workflow, run};
//! use unstuck::time::ms;
//! use unstuck::{Executor, now, sleep};
//!
//! let fetch = |id: u32| {
//!     Task::new("Fetch", async move |_: ()| {
//!         sleep(ms(500)).await;
//!         Ok::<_, String>(format!("data_{id}"))
//!     })
//! };
//! let all = Parallel::new("All", [fetch(10), fetch(20), fetch(30)]).unwrap().limit(2).unwrap();
//! let join = Task::sync("Join", |data: Vec<String>| Ok(data.join(" ")));
//! let pipeline = Pipeline::new("Report", all).then(join);
//!
//! Executor::new().block_on(async move {
//!     assert_eq!(run(&pipeline).await.unwrap(), "data_10 data_20 data_30");
//!     assert_eq!(now().to_string(), "1 s"); // two at a time
//! });
//! ```

mod attempt;
mod call;
mod children;
mod circuit;
mod cx;
mod dag;
mod entry;
mod failure;
mod fallback;
mod fence;
mod guarded;
mod hedge;
mod job;
mod lean;
mod limits;
mod map;
mod parallel;
mod pipeline;
mod policies;
mod race;
mod scope;
mod sequence;
mod shape;
mod state;
mod task;
mod time_limit;
mod tries;
mod workflow;

pub use self::circuit::CircuitGroup;
pub use self::cx::RunCx;
pub use self::dag::{Dag, DagPlan, Needs, Values};
pub use self::failure::{BuildError, Failure};
pub use self::fallback::Fallback;
pub use self::guarded::Guarded;
pub use self::hedge::Hedge;
pub use self::job::Job;
pub use self::limits::{Bulkhead, RateLimit};
pub use self::map::Map;
pub use self::parallel::{FailMode, Outcomes, Parallel};
pub use self::pipeline::Pipeline;
pub use self::policies::Policies;
pub use self::race::{Race, first_ok, race};
pub use self::scope::UnlessCancelled;
pub use self::sequence::Sequence;
pub use self::shape::Shape;
pub use self::state::{Event, NodeId, TaskEvent, TaskState};
pub use self::task::{Task, WithCx, WithInput, WithoutWaiting};
pub use self::workflow::{Outcome, Workflow, run, run_with};
