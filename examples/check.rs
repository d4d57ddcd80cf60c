//! Checks the schedules of a bug: `cargo run --release --example check -- stuck-flag --variant fixed`.
//!
//! The space can be shared: `--shard 1/4` to `--shard 4/4` on four cores or machines, each with `--variant` and
//! `--json`, and then `--merge a.json b.json c.json d.json`.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use unstuck::bugs::{Bug, Role, Variant};
use unstuck::explore::{Options, Report, Shard, Strategy, check};
use unstuck::finding::LintKind;

const HELP: &str = "\
check <bug> [--variant <id>] [--strategy portfolio|exhaustive|naive|random|pct|urw]
      [--seed <n>] [--executions <n>] [--shard <i>/<n>] [--deny <lint>] [--json]
check --merge <report.json>... [--json]

Checks all versions of a bug, or the one that is named. A lint that is denied, such
as `lost-waker`, fails a schedule that shows it. The parts of a shared search, from
`--shard 1/4` to `--shard 4/4`, each of one version and with --json, merge into one
report, which says so when a part is missing.
The status is 0 when a buggy version fails and a fixed one holds, and 1 when not;
it is 2 when there is nothing to check or to merge.";

/// What a check of one version came to.
#[derive(Serialize, Deserialize)]
struct Checked {
    bug: String,
    version: String,
    #[serde(flatten)]
    report: Report,
}

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
        Some(_) => parse(&arguments).and_then(|arguments| check_versions(&arguments)),
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

fn check_versions(arguments: &Arguments) -> Result<bool, String> {
    let mut as_expected = true;
    let named = |id: &str| arguments.variant.as_ref().is_none_or(|variant| variant == id);
    for variant in arguments.bug.variants.iter().filter(|variant| named(variant.role.id())) {
        let report = check(&variant.scenario, &arguments.options);
        let checked = Checked { bug: arguments.bug.id.to_owned(), version: variant.role.id().to_owned(), report };
        as_expected &= checked.tell(variant, arguments.bug, arguments.json)?;
    }
    Ok(as_expected)
}

impl Checked {
    /// Prints it; whether a buggy version fails, or a fixed one holds.
    fn tell(&self, variant: &Variant, bug: &Bug, json: bool) -> Result<bool, String> {
        let text = if json { self.json() } else { self.text(variant, bug) };
        match writeln!(io::stdout(), "{text}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(format!("nothing can be printed: {error}"))
            }
            // Whoever reads it has seen enough.
            _ => Ok(self.report.holds() == (variant.role == Role::Fixed)),
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect("a report has only strings and numbers")
    }

    fn text(&self, variant: &Variant, bug: &Bug) -> String {
        let Some(failure) = &self.report.failure else { return format!("{} {}", variant.role.title(), self.report) };
        let page = match variant.role {
            Role::HalfFix => format!("#/bug/{}?variant={}", bug.id, variant.role.id()),
            Role::Buggy | Role::Fixed => format!("#/bug/{}", bug.id),
        };
        format!("{} {}\n  {}", variant.role.title(), self.report, failure.link(&page))
    }
}

fn merge(arguments: &[String]) -> Result<bool, String> {
    let (options, files): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| argument.starts_with("--"));
    if let Some(unknown) = options.iter().find(|option| **option != "--json") {
        return Err(format!("there is no option {unknown} of a merge"));
    }
    let parts = files.into_iter().map(|file| Ok((file, read(file)?)));
    let merged = parts.reduce(|merged: Result<_, String>, part| {
        let ((name, mut merged), (file, part)) = (merged?, part?);
        if (&merged.bug, &merged.version) != (&part.bug, &part.version) {
            let (ours, theirs) = (merged.name(), part.name());
            return Err(format!("{name} is about {ours}, and {file} about {theirs}: merge parts of one search"));
        }
        merged.report.merge(part.report).map_err(|error| format!("{file}: {error}"))?;
        Ok((name, merged))
    });
    let (name, merged) = merged.ok_or("there is nothing to merge: name the reports")??;
    let bug = Bug::of_id(&merged.bug).ok_or_else(|| format!("{name}: there is no bug {:?}", merged.bug))?;
    let variant = bug.variant(&merged.version);
    let variant = variant.ok_or_else(|| format!("{name}: {} has no version {:?}", bug.id, merged.version))?;
    merged.tell(variant, bug, !options.is_empty())
}

impl Checked {
    fn name(&self) -> String {
        format!("{} {}", self.bug, self.version)
    }
}

fn read(file: &str) -> Result<Checked, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| {
        format!("{file} is not the report of one version ({error}); make it with --variant and --json")
    })
}
