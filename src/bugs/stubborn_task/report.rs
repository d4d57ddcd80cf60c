use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A job uploads seven pages to an archive, 100 ms each. It is meant to survive a bad line, and so it catches \
              every error and goes on with the next page. At 200 ms the runner is shut down, with a grace period of \
              100 ms, and then the archive is closed.",
    symptoms: &[
        "The shutdown hangs until the job feels like ending, and the process is killed from outside.",
        "The same job ignores its timeout: the limit passes, and nothing happens.",
        "With a limit around the waiting, the shutdown is punctual, and there are writes to a closed archive.",
    ],
    request: "The worker's shutdown hangs on tasks that ignore cancellation.",
    refined: "From the moment of a cancel, the code of a job may run for the grace period, and not longer, whatever that \
              code does about it. When the shutdown has returned, no code of a job may run. Say who enforces that, and \
              with what, if the job does not want to.",
    approach: &[
        "State what must hold: a job that was cancelled is gone when the grace period is over. Look at the clock after \
         every step.",
        "Step to the cancel, and see where it ends: in a handler of the job that was written for something else.",
        "Ask what the runner can do now. In asyncio: cancel again, or wait. It has no other means.",
        "Try the tempting fix, to wait for the grace period only. Then look what the job does after the shutdown.",
        "Tell two facts apart: that the waiting is over, and that the work is.",
    ],
    root_cause: "Cancelling by an error is a request to the code that is to be cancelled, and that code may catch it, by \
                 mistake or on purpose. Whoever awaits its end then waits for its good will. A timeout around that \
                 await ends the waiting, and leaves the job to run on, unseen, with resources that are being taken down.",
    fix: "A request comes first, and the job may use the grace period to tidy up. Then its future is dropped: code that \
          is not polled does not run, and what it holds is given back by destructors. Dropping needs no consent, so the \
          end of the grace period is the end of the job.",
    lessons: &[
        "Cancelling is a request; only stopping is a fact. Never report the one as the other.",
        "Catch what you expect. A handler for everything is a handler for your own cancellation.",
        "A timeout around a wait ends the wait.",
        "Work that cannot be stopped, a thread or a call to the outside, has to be counted as running until it ends.",
    ],
};
