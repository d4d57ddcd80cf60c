//! The pipelines that the page's view *Flow* shows, on a clock that does not wait.
//!
//! `cargo run --example flow` prints what happens when, the same each time; `cargo run --example flow -- circuit 7`
//! prints one of them, drawn from a seed of your choice. How each is written stands in `src/demo/pipelines.rs`.

use std::env;
use std::process::ExitCode;

use unstuck::demo::{Demo, Run, Settings, What};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(id) = arguments.next() else {
        print!("{}", output());
        return ExitCode::SUCCESS;
    };
    let Some(demo) = Demo::of_id(&id) else {
        let known: Vec<_> = Demo::ALL.iter().map(|demo| demo.id()).collect();
        eprintln!("There is no pipeline {id}; there are: {}", known.join(", "));
        return ExitCode::FAILURE;
    };
    let settings = match arguments.next().as_deref().map(str::parse) {
        None => demo.settings(),
        Some(Ok(seed)) => demo.settings().drawn_from(seed),
        Some(Err(_)) => {
            eprintln!("A seed is a whole number from 0 to {}.", u32::MAX);
            return ExitCode::FAILURE;
        }
    };
    print!("{}", told(demo, &settings));
    ExitCode::SUCCESS
}

/// Runs all of them, each on its own executor.
pub fn output() -> String {
    let told: Vec<_> = Demo::ALL.iter().map(|demo| told(*demo, &demo.settings())).collect();
    told.join("\n")
}

/// What a pipeline consists of, what happens when, and what comes of it.
fn told(demo: Demo, settings: &Settings) -> String {
    let run = Run::to_end(demo, settings, &[]);
    let lines = run.frames().into_iter().filter_map(|frame| {
        let what = match frame.what {
            What::Event(event) => event.to_string(),
            What::Ended(Ok(value)) => format!("=> {value}"),
            What::Ended(Err(failure)) => format!("=> no value: {failure}"),
            What::Passed(_) | What::Told(_) => return None,
        };
        Some(format!("{:>9}  {what}\n", frame.time.to_string()))
    });
    let lines: String = lines.collect();
    format!("{}: {}\n{}{lines}", demo.title(), demo.sentence(), run.shape())
}
