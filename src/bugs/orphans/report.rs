use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "The three parts of a file are uploaded side by side, and the first failure is the failure of the whole \
              group. The line of the first part breaks after 100 ms. Whoever waited for the group hears that at once, \
              and removes the folder.",
    symptoms: &[
        "A folder that was removed is there again, with two parts of three in it.",
        "The error is reported, and the traffic goes on.",
        "After a first repair: uploads that nobody sees are `running` in the records, for ever.",
    ],
    request: "We clean up when an upload fails, and half an hour later the half-uploaded files are back.",
    refined: "When a group returns, for whatever reason, none of its children may be alive, and the record of each \
              must show a final state. Find out who owns a child after its group has returned early, and who writes \
              the last line of its record when it is cancelled.",
    approach: &[
        "Count the uploads that are under way when the group returns. It must be none.",
        "Step to the end of the group: `?` leaves the loop, and the handles of the other uploads are dropped.",
        "Ask what dropping a handle means. In most runtimes, here too, it detaches: the task runs on, owned by nobody.",
        "Cancel the others, and look at the records when all is quiet: two of them are still `running`.",
    ],
    root_cause: "Returning early drops the handles of the children that were not waited for, and a dropped handle \
                 cancels nothing. The half-fix cancels them, which drops their futures where they wait, so that the \
                 line after the await, which would have written their last state, is never reached.",
    fix: "The group owns its children. On the first failure it asks the others to stop, waits until they have, and \
          returns then. The last state of a child is written by the drop of a value that it owns, on every way out, \
          and a cancellation is one of them.",
    lessons: &[
        "Fail fast means to stop the others fast, not to return fast.",
        "A handle that is dropped has not stopped anything. Know who owns what still runs.",
        "After a cancelled await there is no next line: what must happen last belongs in a destructor.",
    ],
};
