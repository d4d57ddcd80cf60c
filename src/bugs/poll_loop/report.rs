use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A page asks its server for news every 100 ms. Each poll, when it has its answer, sets the timer for the \
              next, so that no two are ever under way. The server fails the second poll. At 400 ms the poller \
              is stopped, because the user goes to another view.",
    symptoms: &[
        "After one failed request the view never updates again. A reload helps.",
        "With that repaired: now and then the server is still being asked by a view that was closed long ago.",
        "Open the view again and there are two chains of polls, then three.",
    ],
    request: "stop() cancels only the current future, while an already-started callback can still schedule the next one \
              after stop returns.",
    refined: "While the poller is started, there is always a poll under way or a timer set; from the moment when it was \
              stopped, no timer is set any more. Name every path out of a poll, errors included, and every moment at \
              which a stop can come: while the timer runs, between its ring and the poll, and during the poll.",
    approach: &[
        "State both halves: while it is started, somebody will poll; once it is stopped, nobody will.",
        "Step to the failed request: the poll returns early, and with it the chain ends.",
        "Try the tempting fix, a guard that sets the timer on every path. First in, first out, it holds.",
        "Check every schedule of it: the stop comes while a poll is under way. There is no timer to clear, and the poll \
         sets one when it ends.",
        "Look for the place where it is written down that the poller is stopped. There is none.",
    ],
    root_cause: "The chain lives in its links: whether there is a next poll is decided by the end of the last one. A path \
                 that forgets it ends the loop, and a stop can only clear a timer that is set at that moment. That the \
                 poller is to be stopped is kept nowhere, so a poll under way cannot know it.",
    fix: "The loop is a loop again, and the stop is a state: a token that stays cancelled. The pause between two polls is \
          a wait for that token, so that a stop ends it at once, and an error is a matter of one turn of the loop and not \
          of the loop itself.",
    lessons: &[
        "A loop that is made of callbacks dies on the path that forgets the next one. Write a loop.",
        "To stop is to set a state that stays, not to clear what happens to be armed.",
        "What re-arms itself must ask, after its last await, whether it still may.",
        "Test a stop at three moments: before, during and just after a turn.",
    ],
};
