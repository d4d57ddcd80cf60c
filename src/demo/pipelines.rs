//! The pipelines themselves: how each is written.

use core::fmt::Debug;
use core::future::Future;
use core::num::NonZeroU32;
use core::pin::Pin;
use std::rc::Rc;

use super::catalogue::Demo;
use super::every::Every;
use super::service::Service;
use super::settings::{Setting, Settings};
use crate::breaker::{CircuitBreaker, Config};
use crate::flow::{
    Bulkhead, CircuitGroup, Dag, Job, Needs, Parallel, Pipeline, Policies, RateLimit, RunCx, Sequence, Shape, Task,
    Values, Workflow, first_ok, race,
};
use crate::retry::{Backoff, Retry};
use crate::time::{Duration, ms};

/// A pipeline before its service, ready to be run once.
pub struct Demonstration {
    /// What it consists of.
    pub shape: Shape,
    /// Its circuit, if it has one.
    pub circuit: Option<Circuit>,
    /// How often it runs what it owns, where it does so again and again.
    pub repeats: Option<u32>,
    /// Runs it, and prints what comes of it.
    pub call: Call,
}

type Call = Box<dyn FnOnce(RunCx<'static>) -> Pin<Box<dyn Future<Output = Result<String, String>>>>>;

/// A circuit breaker, and what its settings mean in words.
pub struct Circuit {
    /// The breaker.
    pub breaker: CircuitBreaker,
    /// What opens it.
    pub opens: String,
    /// How many failures in a row open it, where these are what it watches.
    pub in_a_row: Option<u32>,
    /// How many of how many probes have to succeed.
    pub closes: String,
    /// How long it stays open.
    pub open_for: Duration,
    /// How many calls it lets through when that is over.
    pub probes: u32,
}

const NEVER_REFUSED: &str = "a demo's limits are at least 1, and its groups have jobs";

/// How many calls the circuit demo makes, and how many waves come.
const CALLS: u32 = 20;
const WAVES: u32 = 10;

/// A step that takes no input and gives text.
type Step = Job<(), String, String>;

/// The steps of the demos, all before one service.
struct Steps(Rc<Service>);

impl Steps {
    /// Fetches from the service, which takes a while and may fail.
    fn fetch(&self, name: &str, data: &str) -> Step {
        let (service, data) = (self.0.clone(), data.to_owned());
        let call = async move |_: (), cx: &RunCx<'_>| service.call(cx).await.map(|()| data.clone());
        Task::with_cx(name, call).boxed()
    }

    /// Gives the service what the step before gave.
    fn save(&self, name: &str) -> impl Workflow<Input = String, Output = String, Error = String> + 'static {
        let service = self.0.clone();
        let call = async move |data: String, cx: &RunCx<'_>| service.call(cx).await.map(|()| format!("saved {data}"));
        Task::with_cx(name, call)
    }

    /// A step of a plan: fetches, and tells from what.
    fn derive(
        &self,
        name: &str,
    ) -> impl Workflow<Input = Needs<(), String>, Output = String, Error = String> + 'static {
        let service = self.0.clone();
        let label = name.to_owned();
        let call = async move |needs: Needs<(), String>, cx: &RunCx<'_>| {
            service.call(cx).await?;
            let from: Vec<_> = needs.values.iter().map(|(_, value)| value.as_str()).collect();
            Ok(if from.is_empty() { label.clone() } else { format!("{label}({})", from.join(", ")) })
        };
        Task::with_cx(name, call)
    }
}

/// Does not wait.
fn process(name: &str) -> impl Workflow<Input = String, Output = String, Error = String> + 'static {
    Task::sync(name, |data: String| Ok(data.to_uppercase()))
}

fn join(name: &str) -> impl Workflow<Input = Vec<String>, Output = String, Error = String> + 'static {
    Task::sync(name, |parts: Vec<String>| Ok(parts.join(" ")))
}

fn tries(attempts: u32, backoff: Backoff) -> Retry {
    Retry::new(NonZeroU32::MIN.saturating_add(attempts - 1), backoff)
}

impl Demo {
    /// The pipeline before `service`.
    pub fn build(self, settings: &Settings, service: &Rc<Service>) -> Demonstration {
        let steps = Steps(service.clone());
        match self {
            Demo::Parallel => plain(parallel(&steps)),
            Demo::Nested => plain(nested(&steps)),
            Demo::Flaky => plain(steps.fetch("Flaky", "data_3").with(Policies::new().retry(flaky()))),
            Demo::Circuit => circuit(&steps, settings),
            Demo::Mixed => plain(mixed(&steps)),
            Demo::Events => plain(Sequence::new("Log", steps.fetch("Fetch3", "data_3")).then(steps.save("Save3"))),
            Demo::Each => plain(each(&steps)),
            Demo::Dag => plain(dag(&steps)),
            Demo::Race => plain(race("Fastest", mirrors(&steps)).expect(NEVER_REFUSED)),
            Demo::FirstOk => plain(first_ok("Mirrors", mirrors(&steps)).expect(NEVER_REFUSED)),
            Demo::Hedge => plain(hedge(&steps, settings)),
            Demo::Fallback => plain(fallback(&steps)),
            Demo::Policies => policies(&steps, settings),
            Demo::Waves => waves(&steps, settings),
        }
    }
}

fn flaky() -> Retry {
    tries(3, Backoff::exponential(ms(200)))
}

fn parallel(steps: &Steps) -> impl Workflow<Input = (), Output = Vec<String>, Error = String> + 'static {
    let jobs = [10, 20, 30, 40, 50].map(|id| steps.fetch(&format!("Fetch{id}"), &format!("data_{id}")));
    Parallel::new("SimpleParallel", jobs).and_then(|jobs| jobs.limit(2)).expect(NEVER_REFUSED)
}

fn nested(steps: &Steps) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    let inner =
        Sequence::new("Inner", steps.fetch("Fetch1", "data_1")).then(process("Process1")).then(steps.save("Save1"));
    let last = Task::sync("Last", |results: Vec<String>| Ok(results.last().cloned().unwrap_or_default()));
    Pipeline::new("NestedPipeline", inner).then(last)
}

fn mixed(steps: &Steps) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    let load = |id: u32| {
        let fetch = steps.fetch(&format!("Fetch{id}"), &format!("data_{id}"));
        Pipeline::new(&format!("Load{id}"), fetch).then(process(&format!("Process{id}"))).boxed()
    };
    let all = Parallel::new("All", [load(1), load(2), load(3)]).expect(NEVER_REFUSED);
    Pipeline::new("Mixed", all).then(join("Join")).then(steps.save("Save"))
}

fn each(steps: &Steps) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    let list = Task::sync("List", |_: ()| Ok((1..=7).map(|id| format!("data_{id}")).collect::<Vec<_>>()));
    let saved = steps.save("Save").for_each().limit(3).expect(NEVER_REFUSED);
    Pipeline::new("Backup", list).then(saved).then(join("Join"))
}

fn dag(steps: &Steps) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    let plan = Dag::plan("Plan")
        .step("Prices", &[], steps.derive("Prices"))
        .step("Users", &[], steps.derive("Users"))
        .step("Orders", &[], steps.derive("Orders"))
        .step("Basket", &["Users", "Orders"], steps.derive("Basket"))
        .step("Invoice", &["Basket", "Prices"], steps.derive("Invoice"))
        .step("Stock", &["Orders"], steps.derive("Stock"))
        .step("Mail", &["Invoice", "Stock"], steps.derive("Mail"));
    let mail = Task::sync("Mail sent", |values: Values<String>| Ok(values["Mail"].clone()));
    Pipeline::new("Shop", plan.check().expect(NEVER_REFUSED)).then(mail)
}

fn mirrors(steps: &Steps) -> [Step; 3] {
    ["A", "B", "C"].map(|mirror| steps.fetch(&format!("Mirror {mirror}"), mirror))
}

fn hedge(steps: &Steps, settings: &Settings) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    steps.fetch("Fetch", "data").hedged(settings.latency() / 2, 3).expect(NEVER_REFUSED)
}

fn fallback(steps: &Steps) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    let live = steps.fetch("Live", "fresh").with(Policies::new().retry(tries(2, Backoff::constant(ms(100)))));
    live.or_else(Task::sync("Cached", |_: ()| Ok("from the cache".to_owned())))
}

/// The circuit of the wiki: `fail_max` and `reset_timeout`.
fn failures_in_a_row(settings: &Settings) -> Circuit {
    let failures = settings.get(Setting::FailMax);
    let config = Config::consecutive_failures(failures).open_for(settings.reset_timeout());
    let opens = if failures == 1 { "1 failure".to_owned() } else { format!("{failures} in a row fail") };
    Circuit { in_a_row: Some(failures), ..Circuit::new(config, opens, 1, settings) }
}

impl Circuit {
    fn new(config: Config, opens: String, probes: u32, settings: &Settings) -> Self {
        let breaker =
            CircuitBreaker::new("service", config).expect("the ranges of the settings lie within those allowed");
        let closes = if probes == 1 { "1 probe succeeds".to_owned() } else { format!("{probes} probes succeed") };
        Circuit { breaker, opens, in_a_row: None, closes, open_for: settings.reset_timeout(), probes }
    }
}

fn circuit(steps: &Steps, settings: &Settings) -> Demonstration {
    let circuit = failures_in_a_row(settings);
    let load = Sequence::new("Load", steps.fetch("Fetch2", "data_2")).then(process("Process2"));
    let group = CircuitGroup::new("CircuitDemo", load, &circuit.breaker);
    let calls = Every::new("Calls", group, CALLS, ms(1_500));
    Demonstration { repeats: Some(CALLS), ..fenced(calls, circuit) }
}

fn policies(steps: &Steps, settings: &Settings) -> Demonstration {
    let circuit = failures_in_a_row(settings);
    let rate = RateLimit::new(4, Duration::from_secs(2)).expect(NEVER_REFUSED);
    let places = Bulkhead::new("orders", 2).expect(NEVER_REFUSED);
    let all = Policies::new()
        .deadline(Duration::from_secs(20))
        .retry(tries(4, Backoff::full_jitter(ms(400), settings.seed.into())))
        .circuit(&circuit.breaker)
        .rate_limit(&rate)
        .bulkhead(&places)
        .timeout(2 * settings.latency());
    let order = |id: u32| {
        let cached = Task::sync(&format!("Cached{id}"), move |_: ()| Ok(format!("order_{id} of yesterday")));
        steps.fetch(&format!("Order{id}"), &format!("order_{id}")).with(all.clone()).or_else(cached)
    };
    fenced(Parallel::new("Orders", [1, 2, 3, 4].map(order)).expect(NEVER_REFUSED), circuit)
}

fn waves(steps: &Steps, settings: &Settings) -> Demonstration {
    let (enough, slow) = (settings.get(Setting::FailMax), settings.latency() * 2);
    let config = Config::last_calls(10)
        .min_calls(enough)
        .failure_rate(0.5)
        .slow_calls(slow, 0.4)
        .probes(2)
        .open_for(settings.reset_timeout());
    let circuit = Circuit::new(config, "half fail or 4 of 10 slow".to_owned(), 2, settings);
    let fences = Policies::new().circuit(&circuit.breaker);
    let call = |name: &str| steps.fetch(name, name).with(fences.clone());
    let wave = Parallel::new("Wave", ["A", "B", "C", "D", "E"].map(call)).expect(NEVER_REFUSED).outcomes();
    let waves = Every::new("Waves", wave, WAVES, Duration::from_secs(3));
    Demonstration { repeats: Some(WAVES), ..fenced(waves, circuit) }
}

/// A pipeline without a circuit.
fn plain<W>(workflow: W) -> Demonstration
where
    W: Workflow<Input = (), Output: Debug + 'static, Error = String> + 'static,
{
    let shape = workflow.shape();
    let call: Call = Box::new(move |cx| {
        Box::pin(async move {
            let outcome = cx.perform(&workflow, ()).await;
            outcome.map(|value| format!("{value:?}")).map_err(|failure| failure.to_string())
        })
    });
    Demonstration { shape, circuit: None, repeats: None, call }
}

fn fenced<W>(workflow: W, circuit: Circuit) -> Demonstration
where
    W: Workflow<Input = (), Output: Debug + 'static, Error = String> + 'static,
{
    Demonstration { circuit: Some(circuit), ..plain(workflow) }
}
