use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "Two tasks tell a bus when they start and when they are done. Two subscribers hear of it: a mailer, whose \
              mailbox has room for two mails, and a log.",
    symptoms: &[
        "`fetch` has done its work and is reported as failed, with an error about a mailbox.",
        "The log, which subscribed after the mailer, does not know of the last events.",
        "After a first repair: now and then the log says that things were done before they started.",
    ],
    request: "Since we added mail notifications, jobs fail that have nothing to do with mail.",
    refined: "A task's outcome must be the same with and without subscribers, whatever they do. Every subscriber must \
              hear of every event, in the order in which they happened, and an error of one must concern nobody else.",
    approach: &[
        "State that no outcome depends on a subscriber, and that the log is in order.",
        "Step to the first failure: `fetch` fails in the line in which it tells that it is done.",
        "Read `emit`: it calls the subscribers one after the other in the task that emits, and returns their errors \
         to it. Whoever subscribed later is not even called.",
        "Give each call a task of its own, run it first in, first out, and it holds. Then check every schedule: two \
         tasks that were spawned in order run in any order.",
    ],
    root_cause: "Emitting is a function call in disguise. The subscriber runs on the producer's stack, in its time and \
                 with its errors. Spawning a task for each event sets the producer free, and gives up the order: who \
                 was spawned first need not run first.",
    fix: "Publishing puts the event in line for each subscriber and returns. Each subscriber is one task that takes \
          its own line in order, in its own time; an error ends in it, and a full line is its own matter, by a policy \
          that it has chosen.",
    lessons: &[
        "An observer that can fail what it observes is a participant.",
        "Pull, do not push: then the slow and the broken slow down and break only themselves.",
        "A task for each event is no order of events.",
    ],
};
