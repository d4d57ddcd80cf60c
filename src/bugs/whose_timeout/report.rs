use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A runner gives every job a time limit and books how it ended. The report may take a second; its query \
              has a limit of its own, 50 ms, and the database is slow today. The album may take a second, too, and \
              waits for a photo, which is a job with a limit of 100 ms and takes 250.",
    symptoms: &[
        "The report is booked as `failed: its time ran out` after 50 ms of 1 s.",
        "Raising the job's limit changes nothing.",
        "After a first repair the report is right, and the album is booked as out of time after 100 ms of 1 s.",
    ],
    request: "Our jobs time out long before their timeout. We have raised it three times now.",
    refined: "A job may be booked as timed out only if its own limit fired. Say for every error that leaves a job who \
              made it: the runner, the job itself, or another job that it waited for; and book by that.",
    approach: &[
        "Compare, for every job that is booked as timed out, the time that it took with the time that it may take.",
        "Step to the first that took less: it is the report, in the step in which it gives up on its query.",
        "Follow the error outwards: `?` turns the end of an inner limit into the error that the runner makes itself.",
        "Give the runner an error of its own, and look for another way in which a job can come by one: from a job of \
         the same runner.",
    ],
    root_cause: "The runner asks the error what happened, and an error only says of which type it is. A job can have \
                 an error of that type for reasons of its own: from a time limit inside of it, or passed on from \
                 another job. The same confusion, with cancellations, keeps a circuit closed: a limiter inside of it \
                 reports its timeout as a kind of cancellation, and cancellations do not count.",
    fix: "The origin is a fact that the runner knows before there is an error: either its limit fired and it stopped \
          the job, or the job returned. What a job returns is its own error, even when it is another job's timeout.",
    lessons: &[
        "Judge by who fired, never by the type of the error.",
        "An error that crosses a boundary is somebody else's error from there on: wrap it.",
        "When raising a limit changes nothing, it was another limit.",
    ],
};
