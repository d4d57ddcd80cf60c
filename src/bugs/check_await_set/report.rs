use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "Simulation workers get their jobs from a server. A timer makes each worker poll every 100 ms: it looks \
              whether it is idle, claims a job and says that it is busy. An answer of the server takes 100 ms, and a \
              status that is written takes 150 ms to arrive. One worker, three jobs.",
    symptoms: &[
        "In the dashboard one worker processes three jobs at a time; it should be one.",
        "With a slow network it happens to every worker. On the developer's machine it never does.",
        "The log shows three polls, and each of them has read `idle`.",
    ],
    request: "It also seems like one worker is processing 3 simultaneous jobs.",
    refined: "A worker must never hold more than one job, however its polls and the server's answers interleave. Show \
              every await between the look at the status and the write of it, and what another poll can do there. \
              Then make looking and taking one step.",
    approach: &[
        "State what must hold: at every moment, the server has at most one active job of this worker.",
        "Step to the first moment when it does not, and go back from there to the look on which the second claim rests.",
        "Count the awaits between that look and the write that it should have seen: there are two, of 100 and 150 ms.",
        "Try the obvious repair, a flag in memory that is set as soon as the job has come. First in, first out, it holds.",
        "Check every schedule of the repair: it breaks when the next poll and the answer to the last fall on one moment.",
    ],
    root_cause: "Check, await, set. Every poll that starts between the check and the set passes the check. The remote \
                 status makes that gap 350 ms wide. The flag in memory, which is what the report's authors shipped, \
                 still leaves the claim itself in it: it is set when the job has come, and what has to be guarded is \
                 the asking.",
    fix: "The turn is taken before the first await, in one step that looks and takes: `try_acquire` gives a permit or \
          nothing. The permit is a value that gives the turn back when it is dropped, on whatever path the poll leaves.",
    lessons: &[
        "Nothing is atomic across an `await`: a check is about the moment before it, and only that.",
        "Take first, ask afterwards. A flag that is set when the answer has come guards the wrong thing.",
        "A status on a server is a report about the past, not a lock.",
        "A repair that makes a window narrower passes more tests. It does not close the window.",
    ],
};
