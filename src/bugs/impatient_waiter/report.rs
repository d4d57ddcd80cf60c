use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "Several callers wait for one job: a lookup, a download, a result in a cache. `impatient` is willing to \
              wait for 100 ms, `patient` for a second. The job takes 300 ms. `patient` comes to wait 100 ms after \
              `impatient`, with the handle in its hand from the start.",
    symptoms: &[
        "`patient`, with plenty of time left, gets `CancelledError`. It has cancelled nothing, nor has its caller.",
        "It happens under load, when somebody else's request for the same thing is slow.",
        "The job is run again and again, and never gets to its end.",
    ],
    request: "Timeout on one connection can cause CancelledError on other connections.",
    refined: "A waiter's timeout may change the outcome of that waiter only. List who holds the shared job, who waits \
              for it, and who may end it; then make sure that running out of patience is not a right to end it.",
    approach: &[
        "State what must hold: if the job can be done, a waiter with time left gets its result.",
        "Step to the moment when `impatient` gives up, and see whom its step wakes: not itself, but the worker.",
        "Look up what the timeout does with what it wraps. In asyncio, `wait_for` cancels it; here, `wait_for` does the \
         same in a line of its own.",
        "Try the tempting fix, to cancel only when nobody waits any more. First in, first out, `patient` is there in time.",
        "Check every schedule: in the one in which `impatient` leaves first, the count is 0, and `patient` is on its way.",
    ],
    root_cause: "A timeout around an await ends what is awaited, and what is awaited here is not the caller's own wait \
                 but the job that everybody shares. Counting the waiters does not say who will come: a handle that \
                 nobody awaits at this moment is still a promise.",
    fix: "Waiting and owning are two things. A wait is a place in the job's line, and dropping it gives up that place \
          and nothing else; the runner owns the job. Whoever wants it to stop says so, with `cancel`.",
    lessons: &[
        "Put a timeout around your wait, never around somebody else's work.",
        "In asyncio: `wait_for(shield(future))`, or `asyncio.wait`, for everything that is shared.",
        "Count owners, not waiters. Whoever holds a handle may come back.",
        "A cancellation that nobody asked for is a finding: print who fired it.",
    ],
};
