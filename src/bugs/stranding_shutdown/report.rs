use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A task runner is shut down for a deployment. At that moment `job-1` runs, `job-2` stands in the queue, \
              which has one place, and a third client is just about to submit `job-3`.",
    symptoms: &[
        "`shutdown()` returns, and the process does not end: somebody still awaits a result.",
        "The stack of whoever hangs shows `await handle`, or `await queue.put(...)`, and nothing behind it.",
        "It hangs only when the queue is not empty, which is to say: never in the tests.",
    ],
    request: "Tasks submitted to shutting down executors are sometimes neither executed nor rejected.",
    refined: "When `shutdown` has returned, nobody may wait for this runner any more. List everybody who can wait for \
              it: those whose job runs, those whose job is in line, and those who wait for a place in line. For each, \
              say who tells them. A submit that comes during the shutdown or after it must be refused.",
    approach: &[
        "State what must hold: after the shutdown nobody waits. Check it when nothing can happen any more.",
        "Look at who is left, and for what each of them waits: a result, and a place in the queue.",
        "Read `shutdown` for what it tells to whom: it tells the workers.",
        "Try the tempting fix: refuse at the door, and empty the queue at the end. First in, first out, it holds.",
        "Check every schedule of it: a client that came through the door a moment before the shutdown waits for a place, \
         and gets one, because the queue is emptied. It puts its job into the queue of a runner that has gone.",
    ],
    root_cause: "Workers are not the only ones with something to lose. A job in the queue has waiters, and in front of a \
                 full queue there are submitters, and nobody who remains would ever wake them. Emptying the queue is \
                 worse than it looks: every place that comes free invites one more job in.",
    fix: "Closing is a state of the runner, and entering it settles everybody: jobs in line are cancelled, submitters in \
          front of the queue are refused, and what runs is stopped. The submitters stand in a line that the runner \
          owns, so that it knows them. `shutdown` returns a report of what became of each.",
    lessons: &[
        "Every exit settles everybody. Write down who can wait for you, and tell each of them.",
        "A check at the door does not hold for those who are inside and still waiting.",
        "Close first, then drain. A queue that is emptied while it is open fills up again.",
        "Test the shutdown with a full queue, and a submitter in front of it.",
    ],
};
