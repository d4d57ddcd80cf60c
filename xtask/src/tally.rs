//! Counting what the test runners report.

use std::fmt;

/// How many tests passed and failed, over all runners.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// Adds what one line of output reports, if it reports anything: cargo's
    /// `test result: ok. 3 passed; 0 failed; …`, Playwright's `3 passed (2s)`, or
    /// Node's `ℹ pass 3` and `ℹ fail 0`.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some((word, Ok(n))) =
            line.strip_prefix("ℹ ").and_then(|count| count.split_once(' ')).map(|(word, n)| (word, n.parse()))
        {
            match word {
                "pass" => self.add(n, 0),
                "fail" => self.add(0, n),
                _ => {}
            }
        }
        let counts = match line.strip_prefix("test result: ") {
            Some(result) => result.split_once(". ").map_or("", |(_, counts)| counts),
            None => line.split_once(" (").map_or(line, |(count, _)| count),
        };
        for count in counts.split("; ") {
            match count.split_once(' ').map(|(n, word)| (n.parse(), word)) {
                Some((Ok(n), "passed" | "flaky")) => self.add(n, 0),
                Some((Ok(n), "failed")) => self.add(0, n),
                _ => {}
            }
        }
    }

    pub fn is_empty(self) -> bool {
        self == Tally::default()
    }

    fn add(&mut self, passed: u32, failed: u32) {
        self.passed += passed;
        self.failed += failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, expected: &str) {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.read(line));
        assert_eq!(tally.to_string(), expected);
    }

    #[test]
    fn cargo_and_its_doctests_add_up() {
        check(
            "running 2 tests\n\
             test time::adds ... ok\n\
             test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; \
             finished in 0.00s\n\
             test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n",
            "3 passed, 3 failed",
        );
    }

    #[test]
    fn playwright_counts_on_lines_of_their_own() {
        check(
            "Running 7 tests using 2 workers\n\
             \x20 1 failed\n\
             \x20   page.spec.ts:3:1 › 3 passed (once)\n\
             \x20 1 flaky\n\
             \x20 2 skipped\n\
             \x20 5 passed (4.1s)\n",
            "6 passed, 1 failed",
        );
    }

    #[test]
    fn node_counts_a_word_first() {
        check(
            "✔ 3 pass (1.2ms)\nℹ tests 5\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ duration_ms 80\n",
            "4 passed, 1 failed",
        );
    }

    #[test]
    fn prose_is_not_counted() {
        check("the lab passed\n3 passed tests\nall 3 passed\n", "0 passed, 0 failed");
    }
}
