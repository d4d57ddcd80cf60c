//! The difference of two sources, line by line.

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::{DifferenceLine, Fate};

/// How many lines that stay are shown around those that do not.
const AROUND: usize = 3;

pub(super) fn between(old: &str, new: &str) -> Vec<DifferenceLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let groups = group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), AROUND);
    let mut lines = Vec::new();
    let mut seen = 0;
    for group in groups {
        if group.first().is_some_and(|first| first.old_range().start > seen) {
            lines.push(DifferenceLine { fate: Fate::Skipped, text: String::new() });
        }
        seen = group.last().map_or(seen, |last| last.old_range().end);
        group.iter().for_each(|change| tell(change, &old, &new, &mut lines));
    }
    if seen < old.len() {
        lines.push(DifferenceLine { fate: Fate::Skipped, text: String::new() });
    }
    lines
}

fn tell(change: &DiffOp, old: &[&str], new: &[&str], lines: &mut Vec<DifferenceLine>) {
    let mut add = |fate: Fate, texts: &[&str]| {
        lines.extend(texts.iter().map(|text| DifferenceLine { fate, text: (*text).to_owned() }));
    };
    match change {
        DiffOp::Equal { .. } => add(Fate::Kept, &old[change.old_range()]),
        _ => {
            add(Fate::Removed, &old[change.old_range()]);
            add(Fate::Added, &new[change.new_range()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fate;
    use super::between;

    #[test]
    fn what_is_far_from_a_change_is_left_out() {
        let old = "a\nb\nc\nd\ne\nflag = true\nf\ng\nh\ni\nj";
        let new = "a\nb\nc\nd\ne\nlet guard = mark()\nf\ng\nh\ni\nj";
        let mark = |fate: Fate| match fate {
            Fate::Kept => " ",
            Fate::Removed => "-",
            Fate::Added => "+",
            Fate::Skipped => "…",
        };
        let told: Vec<String> =
            between(old, new).iter().map(|line| format!("{}{}", mark(line.fate), line.text)).collect();
        assert_eq!(told.join("\n"), "…\n c\n d\n e\n-flag = true\n+let guard = mark()\n f\n g\n h\n…");
    }
}
