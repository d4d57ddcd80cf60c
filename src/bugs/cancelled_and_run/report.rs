use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A task runner with one worker. `job-1` runs, `job-2` stands in line behind it. A client cancels `job-2` at \
              about the moment at which `job-1` ends. Before the worker runs a job, it opens a connection for it, in \
              50 ms.",
    symptoms: &[
        "`cancel()` returns `true`, and the record says `cancelled`.",
        "A little later the record says `done`. The mail was sent, the invoice was written.",
        "Whoever waited for the job had been told long before that it was cancelled.",
    ],
    request: "Revoked task still executes?",
    refined: "A job whose cancellation was confirmed must not run, nor change its status again. Name every place that \
              knows of a job, that is its record, the queue and the worker, and say which of them decides whether it \
              runs. Then make taking a job out of the line and marking it as running one step.",
    approach: &[
        "State what must hold: once the client was told that a job is cancelled, its status stays that.",
        "Step to the cancel: the record changes, and the queue does not.",
        "Follow `job-2` to the worker: what comes out of the queue is run, whatever the record says.",
        "Try the tempting fix, to look at the record when the job comes out. First in, first out, it holds.",
        "Check every schedule of it: the worker takes `job-2` a moment before the cancel, looks, and waits for its \
         connection; the cancel finds `pending`, and marks a job that is about to run.",
    ],
    root_cause: "Two places keep one fact. The record says what shall happen, the queue what will, and cancelling tells \
                 only the first. A look at the record on the way out of the queue is a check, and the mark `running` is \
                 set one await later: in between the job is neither in line nor running, and a cancel that comes then \
                 is confirmed and lost.",
    fix: "A job has one status, with one table of what may follow what. To leave the line and to run are one step of it, \
          taken by the worker before its first await, so that a cancel finds the job either in line, and removes it, or \
          running, and stops it. What is terminal can follow nothing.",
    lessons: &[
        "Do not answer `true` before it is true. Say what was done: removed from the line, or asked to stop.",
        "A job that was taken from the queue and is not yet marked as running is nobody's. Leave no such gap.",
        "Terminal is terminal: give the status one setter that knows the table, and let it refuse.",
        "A flag that somebody has to look at is a wish. Taking the job out of the queue is a fact.",
    ],
};
