//! Checks the schedules of a bug: `cargo run --release --example check -- stuck-flag --variant fixed`.
//!
//! The space can be shared: `--shard 1/4` to `--shard 4/4` on four cores or machines, each with `--variant` and
//! `--json`, and then `--merge a.json b.json c.json d.json`.

use std::process::ExitCode;

use unstuck::bugs::{Bug, Role};
use unstuck::explore::{Options, Report, Shard, Strategy, check};
use unstuck::finding::LintKind;

const HELP: &str = "\
check <bug> [--variant <id>] [--strategy portfolio|exhaustive|naive|random|pct|urw]
      [--seed <n>] [--executions <n>] [--shard <i>/<n>] [--deny <lint>] [--json]
check --merge <report.json>...

Checks the buggy and the fixed version, or the one that is named. A lint that is
denied, such as `lost-waker`, fails a schedule that shows it.
The status is 0 when a buggy version fails and a fixed one holds.";

struct Arguments {
    bug: &'static Bug,
    variant: Option<String>,
    options: Options,
    json: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        None | Some("--help" | "-h") => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some("--merge") => merge(&arguments[1..]),
        Some(_) => parse(&arguments).map(|arguments| check_versions(&arguments)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Arguments, String> {
    let mut parsed = Arguments { bug: Bug::first(), variant: None, options: Options::default(), json: false };
    let mut rest = arguments.iter();
    let id = rest.next().ok_or("which bug?")?;
    parsed.bug = Bug::of_id(id).ok_or_else(|| format!("there is no bug {id:?}"))?;
    while let Some(option) = rest.next() {
        if option == "--json" {
            parsed.json = true;
            continue;
        }
        let value = rest.next().ok_or_else(|| format!("{option} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{value:?} is not a whole number"));
        match option.as_str() {
            "--variant" => parsed.variant = Some(value.clone()),
            "--strategy" => parsed.options.strategy = strategy(value)?,
            "--seed" => parsed.options.seed = number()?,
            "--executions" => parsed.options.executions = number()?,
            "--deny" => {
                let is_meant = |kind: &LintKind| kind.name().replace(' ', "-") == *value;
                let kind = LintKind::ALL.into_iter().find(is_meant);
                let kind = kind.ok_or_else(|| format!("there is no lint {value:?}; one is `never-polled`"))?;
                parsed.options = parsed.options.deny(kind);
            }
            "--shard" => {
                parsed.options.shard =
                    shard(value).ok_or_else(|| format!("{value:?} is no shard; the second of four is 2/4"))?
            }
            _ => return Err(format!("there is no option {option}")),
        }
    }
    match &parsed.variant {
        Some(id) if parsed.bug.variant(id).is_none() => Err(format!("{} has no version {id:?}", parsed.bug.id)),
        _ => Ok(parsed),
    }
}

fn strategy(name: &str) -> Result<Strategy, String> {
    Ok(match name {
        "portfolio" => Strategy::Portfolio { samples: 100 },
        "exhaustive" => Strategy::Exhaustive,
        "naive" => Strategy::Naive,
        "random" => Strategy::Random,
        "pct" => Strategy::Pct { depth: 3 },
        "urw" => Strategy::Urw,
        _ => return Err(format!("there is no strategy {name:?}")),
    })
}

fn shard(text: &str) -> Option<Shard> {
    let (index, of) = text.split_once('/')?;
    let number: u64 = index.parse().ok()?;
    let shard = Shard { index: number.checked_sub(1)?, of: of.parse().ok()? };
    (shard.index < shard.of).then_some(shard)
}

fn check_versions(arguments: &Arguments) -> bool {
    let mut as_expected = true;
    let named = |id: &str| arguments.variant.as_ref().is_none_or(|variant| variant == id);
    for variant in arguments.bug.variants.iter().filter(|variant| named(variant.id)) {
        let report = check(&variant.scenario, &arguments.options);
        as_expected &= report.holds() == (variant.role == Role::Fixed);
        if arguments.json {
            println!("{}", serde_json::to_string(&report).expect("a report has only strings and numbers"));
            continue;
        }
        println!("{} {}", variant.title, report);
        if let Some(failure) = &report.failure {
            println!("  #/bug/{}?schedule={}&step={}", arguments.bug.id, failure.schedule, failure.decisive.step);
        }
    }
    as_expected
}

fn merge(files: &[String]) -> Result<bool, String> {
    let reports = files.iter().map(|file| {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let report: Report = serde_json::from_str(&text).map_err(|error| {
            format!("{file} is not the report of one version ({error}); make it with --variant and --json")
        })?;
        Ok(report)
    });
    let merged = reports.reduce(|merged: Result<Report, String>, next| {
        let mut merged = merged?;
        merged.merge(next?);
        Ok(merged)
    });
    println!("{}", merged.ok_or("there is nothing to merge")??);
    Ok(true)
}
