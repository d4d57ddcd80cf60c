use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "One worker serves tasks over a line to a flaky external service. A to E are submitted together, and F \
              once they have ended. The service fails its first request.",
    symptoms: &[
        "F never runs, though nothing runs before it any more.",
        "The log says `was skipped: the worker says it is busy`, and nothing else.",
        "The line to the service is closed: the worker is idle, and its `is_processing` is still true.",
    ],
    request: "After one task fails, the worker ignores everything I give it. Restarting helps, until the next failure.",
    refined: "After a task ends with an error, `process` must leave the worker as it found it. Find every path out of \
              `process`, say what each leaves in `is_processing` and `active_task`, and make it impossible to leave \
              them set. A task that comes while another is served must wait or be told so, not be dropped in silence.",
    approach: &[
        "State what must hold: when nobody is served, the flags say so; who is refused by an idle worker is a bug.",
        "Step to the first moment when that breaks, which is long before F: it is the step in which A fails.",
        "Read the way out of `process` that A took: the error returns before the flags are cleared.",
        "Try the tempting fix, to clear the flags before the awaited release, under every schedule.",
    ],
    root_cause: "`is_processing` is set before the first await and cleared on the path of success only. The path of \
                 the error releases the line, returns early, and leaves the flag up, so that the guard at the top \
                 refuses every later task.",
    fix: "The flags are a value that clears them when it is dropped, so that no path out of `process` can forget it, \
          and it is dropped after the line was released. Tasks wait for a turn instead of being skipped, and an error \
          is returned to the one who asked.",
    lessons: &[
        "What is set before an await is cleared by a guard, not by a line of code on each path.",
        "Clear the flag last: who clears it before an awaited cleanup lets the next task into the ruins.",
        "A worker that drops work must say so to the one who submitted it.",
    ],
};
