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
    rounds_of: Vec<Vec<f64>>,
}

/// Runs every entrant of `row` once to warm up, then once per round.
pub fn measure(row: &Row, rounds: usize, mut progress: impl FnMut(usize)) -> Times<'_> {
    let entrants = row.entrants;
    let mut rounds_of = vec![Vec::with_capacity(rounds); entrants.len()];
    for entrant in entrants {
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
    Times { row, rounds_of }
}

impl Times<'_> {
    /// One line a peer, in the form that `cargo xtask bench` promises.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let ours = &self.rounds_of[0];
        let peers = self.row.entrants.iter().zip(&self.rounds_of).skip(1);
        peers.map(move |(Entrant { name, .. }, theirs)| {
            let ratios = theirs.iter().zip(ours).map(|(peer, ours)| peer / ours);
            format!(
                "bench {row} ours={ours:.1} peer={name}:{theirs:.1} ratio={ratio:.2}",
                row = self.row.name,
                ours = median(ours.iter().copied()),
                theirs = median(theirs.iter().copied()),
                ratio = median(ratios),
            )
        })
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + sorted[middle]) / 2.0 } else { sorted[middle] }
}
