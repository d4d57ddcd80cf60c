//! The numbers of the last minute, as lines to plot.

use std::collections::VecDeque;

use super::board::{Plot, PlotLine, PlotWords};
use crate::runner::Stats;
use crate::snapshot::grouped;
use crate::time::{Duration, Instant, ms};

/// How often a sample is taken while there is something to see.
const EVERY: Duration = ms(250);
/// How far back the plots go.
const BACK: Duration = ms(60_000);
/// Throughput is that of so long.
const LATELY: Duration = ms(2_000);
/// Latencies are those of the jobs that ended within this time.
const RECENT: Duration = ms(10_000);
/// Of so many at most.
const MOST_RECENT: usize = 2_000;

#[derive(Default)]
pub(super) struct Plots {
    samples: VecDeque<Sample>,
    /// When a job ended, and how long it took from its acceptance.
    ended: VecDeque<(Instant, Duration)>,
    ended_in_all: u64,
    unseen: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
struct Sample {
    at: Instant,
    queued: usize,
    blocked: usize,
    in_flight: usize,
    workers: usize,
    ended_in_all: u64,
    throughput: f64,
    latency: [f64; 3],
}

impl Plots {
    pub(super) fn ended(&mut self, at: Instant, took: Duration) {
        self.ended_in_all += 1;
        self.ended.push_back((at, took));
        if self.ended.len() > MOST_RECENT {
            self.ended.pop_front();
        }
    }

    /// Takes a sample if it is time, or if something begins or ends.
    pub(super) fn sample(&mut self, now: Instant, stats: &Stats) {
        let last = self.samples.back().copied().unwrap_or_default();
        let sample = self.measure(now, stats);
        let is_quiet = |sample: &Sample| sample.queued + sample.blocked + sample.in_flight == 0;
        let is_due = self.samples.is_empty() || now - last.at >= EVERY;
        if !is_due && is_quiet(&sample) == is_quiet(&last) {
            return;
        }
        // A quiet time is a straight line, however long nobody looked.
        if is_quiet(&last) && now - last.at > 2 * EVERY && !self.samples.is_empty() {
            let before = Instant::ZERO + ((now - Instant::ZERO) - EVERY);
            self.samples.push_back(Sample { at: before, throughput: 0.0, ..last });
        }
        self.samples.push_back(sample);
        while self.samples.front().is_some_and(|first| now - first.at > BACK) {
            self.samples.pop_front();
        }
        self.unseen = true;
    }

    fn measure(&mut self, now: Instant, stats: &Stats) -> Sample {
        while self.ended.front().is_some_and(|(at, _)| now - *at > RECENT) {
            self.ended.pop_front();
        }
        let lately = self.samples.iter().rfind(|sample| now - sample.at >= LATELY).or(self.samples.front());
        let lately = lately.copied().unwrap_or_default();
        let passed = (now - lately.at).as_secs_f64();
        let ended = (self.ended_in_all - lately.ended_in_all) as f64;
        Sample {
            at: now,
            queued: stats.queued,
            blocked: stats.blocked_submitters,
            in_flight: stats.in_flight,
            workers: stats.concurrency,
            ended_in_all: self.ended_in_all,
            throughput: if passed > 0.0 { ended / passed } else { 0.0 },
            latency: self.quantiles(),
        }
    }

    /// The median, and what nine and ninety-nine in a hundred stay below, in milliseconds.
    fn quantiles(&self) -> [f64; 3] {
        let mut times: Vec<f64> = self.ended.iter().map(|(_, took)| took.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        [0.5, 0.9, 0.99].map(|part| {
            let place = (times.len() as f64 * part).ceil() as usize;
            times.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
        })
    }

    /// The plots, if there is anything new in them.
    pub(super) fn show(&mut self) -> Option<Vec<Plot>> {
        if !core::mem::take(&mut self.unseen) {
            return None;
        }
        let last = self.samples.back()?;
        Some(vec![self.queue(last), self.in_flight(last), self.throughput(last), self.latency(last)])
    }

    fn queue(&self, last: &Sample) -> Plot {
        let said = vec![
            of_line(0, format!("{} in line", grouped(last.queued as u64))),
            between(", "),
            of_line(3, format!("{} blocked", last.blocked)),
        ];
        let queued = self.line("in line", 0, |sample| sample.queued as f64);
        let blocked = self.line("blocked", 3, |sample| sample.blocked as f64);
        self.plot("Queue", "", said, vec![queued, blocked])
    }

    fn in_flight(&self, last: &Sample) -> Plot {
        let said = vec![of_line(2, last.in_flight), between(" of "), of_line(7, last.workers)];
        let in_flight = self.line("in flight", 2, |sample| sample.in_flight as f64);
        let workers = self.line("workers", 7, |sample| sample.workers as f64);
        self.plot("In flight", "", said, vec![in_flight, workers])
    }

    fn throughput(&self, last: &Sample) -> Plot {
        let rate = match last.throughput {
            rate if rate < 10.0 => format!("{rate:.1}"),
            rate => grouped(rate.round() as u64),
        };
        let ended = self.line("ended a second", 5, |sample| sample.throughput);
        self.plot("Throughput", "", vec![of_line(5, format!("{rate} ended a second"))], vec![ended])
    }

    fn latency(&self, last: &Sample) -> Plot {
        let said = match self.ended.is_empty() {
            true => vec![between("nothing ended lately")],
            false => told(last.latency),
        };
        let line = |part: usize| {
            let (name, colour) = QUANTILES[part];
            self.line(name, colour, |sample| sample.latency[part])
        };
        self.plot("Latency", "ms", said, (0..QUANTILES.len()).map(line).collect())
    }

    fn plot(&self, title: &str, unit: &str, said: Vec<PlotWords>, lines: Vec<PlotLine>) -> Plot {
        let times = self.samples.iter().map(|sample| (sample.at - Instant::ZERO).as_secs_f64()).collect();
        Plot { title: title.to_owned(), unit: unit.to_owned(), said, times, lines }
    }

    fn line(&self, name: &str, colour: u8, value: impl Fn(&Sample) -> f64) -> PlotLine {
        PlotLine { name: name.to_owned(), colour, values: self.samples.iter().map(value).collect() }
    }
}

/// The lines of latency and their colours.
const QUANTILES: [(&str, u8); 3] = [("p50", 0), ("p90", 2), ("p99", 3)];

/// What a line shows now, in its colour.
fn of_line(colour: u8, value: impl ToString) -> PlotWords {
    PlotWords { text: value.to_string(), colour: Some(colour) }
}

fn between(words: &str) -> PlotWords {
    PlotWords { text: words.to_owned(), colour: None }
}

/// Such as `p50 153, p90 301, p99 304 ms`, or `p50 0.91, p90 1.6, p99 1.6 s`: one unit for all three, that of the last.
fn told(latency: [f64; 3]) -> Vec<PlotWords> {
    let in_seconds = latency[2] >= 1e3;
    let value = |time: f64| match in_seconds {
        true if time < 1e3 => format!("{:.2}", time / 1e3),
        true => format!("{:.1}", time / 1e3),
        false => format!("{time:.0}"),
    };
    let mut said = Vec::new();
    for ((name, colour), time) in QUANTILES.into_iter().zip(latency) {
        said.extend([of_line(colour, format!("{name} {}", value(time))), between(", ")]);
    }
    said.pop();
    said.push(between(if in_seconds { " s" } else { " ms" }));
    said
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn latencies_share_a_unit() {
        let said = |latency| told(latency).into_iter().map(|words| words.text).collect::<String>();
        assert_eq!(said([153.2, 301.0, 304.9]), "p50 153, p90 301, p99 305 ms");
        assert_eq!(said([913.0, 1_600.0, 1_640.0]), "p50 0.91, p90 1.6, p99 1.6 s");
    }
}
