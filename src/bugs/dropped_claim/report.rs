use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "The same worker and the same job server. A flag in memory sees to it now that the worker does one job at \
              a time: a poll that comes back with a job and finds the worker busy returns. A second worker \
              takes whatever still waits.",
    symptoms: &[
        "Jobs never leave the state `active`, and the list of active jobs grows.",
        "`complete_job` is not sent for them, though no job fails and nothing is in the log but `busy`.",
        "The worker next door goes idle while jobs are left: as far as the server knows, none of them waits.",
    ],
    request: "The active job never leaves. Are we sending a complete_job notice to the API? It is not being sent at all \
              for any of the jobs.",
    refined: "Every job that the server has handed over must be either done and completed, or given back. Follow each \
              path out of `poll` from the line where the claim returns, and say for each who owns the job then. Do not \
              look at the sending of `complete_job`: it is right, and is not reached.",
    approach: &[
        "State what must hold: every active job is being worked on. Check it after every step, not at the end.",
        "Step to the first moment when it breaks: a poll has returned with a job in its hand.",
        "Compare the two ledgers there: the server's list of active jobs, and the jobs that somebody does.",
        "Try the tempting repair, not to ask while the worker is busy, under every schedule. A question that is on its \
         way when the first job comes is still answered with a second one.",
        "Make the claim a value, so that no path can forget it.",
    ],
    root_cause: "To claim is to take over a duty: from then on the server waits for `complete_job`, and offers the job \
                 to nobody else. The early return drops the job, which is a plain value, and with it the duty. To look \
                 at the flag before asking only narrows the gap, because the answer takes a round trip, and the worker \
                 can become busy in the meantime.",
    fix: "The claim is a guard: completing it uses it up, and dropping it gives the job back to the server. The busy \
          poll can return as before, and so can any path that somebody adds later, or a cancellation in the middle of \
          the work.",
    lessons: &[
        "Whoever claims owns. A job that is let go of must be given back, or it belongs to someone who does not know it.",
        "Trace end to end: the symptom was in completing, the mistake was in claiming.",
        "If a value carries a duty, let its `Drop` do the duty.",
        "For the case that nobody is left to give it back, the server needs a lease that runs out.",
    ],
};
