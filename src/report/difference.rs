//! The difference of two sources, line by line.
//!
//! A table of longest common subsequences is enough: the sources have a few dozen lines. The crates that are made
//! for this weigh ten kilobytes in each module of the page, for inputs that nobody has here.

use super::{DifferenceLine, Fate};

/// How many lines that stay are shown around those that do not.
const AROUND: usize = 3;

/// What becomes of each line; of lines that stay, those near a change.
pub(super) fn between(old: &str, new: &str) -> Vec<DifferenceLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = fates(&old, &new);
    let is_near = |place: usize| {
        let around = place.saturating_sub(AROUND)..(place + AROUND + 1).min(lines.len());
        lines[around].iter().any(|(fate, _)| *fate != Fate::Kept)
    };
    let mut shown = Vec::new();
    for (place, (fate, text)) in lines.iter().enumerate() {
        if is_near(place) {
            shown.push(DifferenceLine { fate: *fate, text: (*text).to_owned() });
        } else if place == 0 || is_near(place - 1) {
            shown.push(DifferenceLine { fate: Fate::Skipped, text: String::new() });
        }
    }
    shown
}

/// Every line of both, what goes before what comes in its place.
fn fates<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Fate, &'t str)> {
    let common = common(old, new);
    let (mut from, mut to) = (0, 0);
    let mut lines = Vec::new();
    while from < old.len() || to < new.len() {
        let (fate, text) = match (old.get(from), new.get(to)) {
            (Some(line), Some(other)) if line == other => (Fate::Kept, *line),
            (Some(line), _) if to == new.len() || common[from + 1][to] >= common[from][to + 1] => {
                (Fate::Removed, *line)
            }
            _ => (Fate::Added, new[to]),
        };
        from += usize::from(fate != Fate::Added);
        to += usize::from(fate != Fate::Removed);
        lines.push((fate, text));
    }
    lines
}

/// How many lines the rests of both have in common, by where they begin.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for from in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            common[from][to] = match old[from] == new[to] {
                true => common[from + 1][to + 1] + 1,
                false => common[from + 1][to].max(common[from][to + 1]),
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::super::Fate;
    use super::between;

    fn told(old: &str, new: &str) -> String {
        let mark = |fate: Fate| match fate {
            Fate::Kept => " ",
            Fate::Removed => "-",
            Fate::Added => "+",
            Fate::Skipped => "…",
        };
        let told = between(old, new).into_iter().map(|line| format!("{}{}", mark(line.fate), line.text));
        told.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_far_from_a_change_is_left_out() {
        let old = "a\nb\nc\nd\ne\nflag = true\nf\ng\nh\ni\nj";
        let new = "a\nb\nc\nd\ne\nlet guard = mark()\nf\ng\nh\ni\nj";
        assert_eq!(told(old, new), "…\n c\n d\n e\n-flag = true\n+let guard = mark()\n f\n g\n h\n…");
    }

    #[test]
    fn lines_are_added_and_removed_at_the_edges_and_all_of_nothing_is_new() {
        assert_eq!(told("a\nb", "b\nc"), "-a\n b\n+c");
        assert_eq!(told("", "a\nb"), "+a\n+b");
        assert_eq!(told("a", "a"), "…");
    }
}
