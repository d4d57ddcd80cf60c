//! Numbers of schedules in words.

use crate::explore::Report;

/// Such as `21 of 21 schedules, 0 fail`, or `3 of 21 schedules fail`.
pub(crate) fn counted(report: &Report) -> String {
    let (tried, failing) = match report.executions {
        0 => (report.samples, report.failing_samples),
        tried => (tried, report.failing),
    };
    let fail = if failing == 1 { "fails" } else { "fail" };
    let (tried, failing) = (grouped(tried), grouped(failing));
    match (report.holds(), report.exhausted) {
        (true, true) => format!("{tried} of {tried} schedules, 0 fail"),
        (true, false) => format!("the first {tried} schedules, 0 fail"),
        (false, true) => format!("{failing} of {tried} schedules {fail}"),
        (false, false) => format!("{failing} of the first {tried} schedules {fail}"),
    }
}

/// `1185` as `1,185`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_set_apart() {
        let told = [0, 21, 148, 1185, 40_103, 1_523_325].map(super::grouped).join(" ");
        assert_eq!(told, "0 21 148 1,185 40,103 1,523,325");
    }
}
