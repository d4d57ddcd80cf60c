//! Interleaved rounds, medians, ratios.
//!
//! A single time depends on the machine and on who else uses it; a ratio of
//! two entrants that ran one after the other in the same round hardly does.
//! So the ratio is taken per round, and the order rotates from round to round,
//! so that nobody always runs after the same neighbour.

use crate::rows::{Entrant, Row};

/// What one row measured: nanoseconds per operation, per entrant and round.
pub struct Times<'a> {
    row: &'a Row,
    entrants: Vec<&'a Entrant>,
    rounds_of: Vec<Vec<f64>>,
}

/// Runs every entrant of `row` that is here once to warm up, then once per round.
pub fn measure(row: &Row, rounds: usize, mut progress: impl FnMut(usize)) -> Times<'_> {
    let entrants: Vec<&Entrant> = row.entrants.iter().filter(|entrant| (entrant.is_here)()).collect();
    let mut rounds_of = vec![Vec::with_capacity(rounds); entrants.len()];
    for entrant in &entrants {
        (entrant.run)();
    }
    for round in 0..rounds {
        progress(round + 1);
        for turn in 0..entrants.len() {
            let i = (turn + round) % entrants.len();
            let nanoseconds = (entrants[i].run)().as_nanos() as f64;
            rounds_of[i].push(nanoseconds / row.operations as f64);
        }
    }
    Times { row, entrants, rounds_of }
}

impl Times<'_> {
    /// One line a peer, in the form that `cargo xtask bench` promises.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let ours = &self.rounds_of[0];
        let peers = self.entrants.iter().zip(&self.rounds_of).skip(1);
        peers.map(move |(Entrant { name, .. }, theirs)| {
            let ratios = theirs.iter().zip(ours).map(|(peer, ours)| peer / ours);
            format!(
                "bench {row} ours={ours} peer={name}:{theirs} ratio={ratio:.2}",
                row = self.row.name,
                ours = shown(median(ours.iter().copied())),
                theirs = shown(median(theirs.iter().copied())),
                ratio = median(ratios),
            )
        })
    }
}

/// A byte is hashed in less than a nanosecond, which two digits tell apart.
fn shown(nanoseconds: f64) -> String {
    if nanoseconds < 10.0 { format!("{nanoseconds:.2}") } else { format!("{nanoseconds:.1}") }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + sorted[middle]) / 2.0 } else { sorted[middle] }
}
