//! What a pipeline, its events and its circuit say of themselves, as a page in any language reads it.

use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{Event, Parallel, Policies, RunCx, Task, Workflow};
use unstuck::time::ms;
use unstuck::{Executor, sleep};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(value: &(impl serde::Serialize + ?Sized), json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
}

fn fetch() -> impl Workflow<Input = (), Output = u32, Error = String> + 'static {
    let call = async |_: ()| {
        sleep(ms(20)).await;
        Err::<u32, _>("no route".to_owned())
    };
    Task::new("Fetch", call)
}

#[test]
fn a_shape_has_its_notes_policies_and_children() {
    let all = Parallel::new("All", [fetch().with(Policies::new().timeout(ms(200)))]).unwrap().limit(2).unwrap();
    check(
        &all.shape(),
        r#"{"kind":"parallel","name":"All","notes":["2 at a time"],"needs":[],"policies":[],"children":[{"kind":"task","name":"Fetch","notes":[],"needs":[],"policies":["timeout 200 ms"],"children":[]}]}"#,
    );
}

#[test]
fn an_event_has_its_node_state_and_reason_and_moments_are_nanoseconds() {
    let bus = EventBus::new();
    let breaker = CircuitBreaker::new("orders", Config::consecutive_failures(1)).unwrap();
    breaker.report_to(bus.publisher(Event::Circuit));
    let mut log = bus.subscribe(Overflow::default());
    let guarded = fetch().with(Policies::new().circuit(&breaker));
    let cx = RunCx::new("Fetch").reporting_to(&bus);
    let _ = Executor::new().block_on(async move { cx.perform(&guarded, ()).await });
    let events: Vec<_> = std::iter::from_fn(|| log.try_next()).map(|next| next.event).collect();
    check(
        &events[2..],
        r#"[{"circuit":{"circuit":"orders","transition":{"from":"closed","to":"open","cause":{"failures_in_a_row":1},"at":20000000}}},{"task":{"node":0,"parent":null,"name":"Fetch","state":"failed","attempt":1,"because":"no route"}}]"#,
    );
}

#[test]
fn the_numbers_of_a_circuit_are_there_for_monitors() {
    let breaker = CircuitBreaker::new("orders", Config::last_calls(4).slow_calls(ms(10), 0.5)).unwrap();
    let calls = breaker.clone();
    Executor::new().block_on(async move {
        let _ = calls.call(async { Err::<(), _>(()) }).await;
        let slow = async {
            sleep(ms(20)).await;
            Ok::<_, ()>(())
        };
        let _ = calls.call(slow).await;
    });
    check(
        &breaker.metrics(),
        r#"{"state":"closed","since":null,"retry_after":{"secs":0,"nanos":0},"counts":{"calls":2,"failed":1,"slow":1},"probes_under_way":0,"totals":{"admitted":2,"rejected":0,"succeeded":1,"failed":1,"slow":1,"ignored":0,"late":0}}"#,
    );
}
