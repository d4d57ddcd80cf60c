use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A runner has a future for every job, by its name, and `wait` gives what it was completed with. A job \
              takes 100 ms. Ann waits for it from the beginning; Bob asks for it just when it is done.",
    symptoms: &[
        "Bob is told that there is no such job. The job is done, and Ann has its result.",
        "When Bob asks a moment earlier, he gets it. When he asks twice, he gets it once.",
        "After a first repair everybody gets the result, and the memory of the runner only grows.",
    ],
    request: "Sometimes the result of a job is gone. It says that the job does not exist, but it ran, we have the log.",
    refined: "Everybody who may ask for a job's outcome must get it, whenever and however often they ask. When nobody \
              is left who may ask, it must not be kept. Say who may, and make that something that the program knows.",
    approach: &[
        "State both: that nobody who asks goes away empty, and that at rest nothing is kept.",
        "Run it first in, first out: it holds, because Bob comes before Ann has read.",
        "Check every schedule. It breaks where Ann is polled between the end of the job and Bob.",
        "Read `wait`: it removes the future after its own wait, as if it had been the only one.",
        "Remove nothing, and look at the second statement.",
    ],
    root_cause: "The one who reads a result decides that it is not needed any more, and cannot know that: waiting for a \
                 value is not owning it. Never to remove it only moves the decision to nobody.",
    fix: "A job has handles. Whoever holds one may wait for the outcome, any number of times, and gets it at once when \
          the job has ended. The outcome is kept until the last handle is dropped, and not longer.",
    lessons: &[
        "Waiting and owning are different: reading a result must not use it up.",
        "A table from names to results needs somebody who knows when the last reader is gone.",
        "When something is removed, ask who else could still want it; when nothing is, ask who will remove it.",
    ],
};
