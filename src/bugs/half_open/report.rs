use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A circuit breaker stands before a service that has gone down. One failure opens the circuit for 100 ms. \
              Three callers are rejected meanwhile, and all of them are told to come again at the same moment. One \
              more call, `late`, was sent before the outage and is still waiting for its answer.",
    symptoms: &[
        "Every time the break ends, the service is hit by everybody at once, and falls over again.",
        "The circuit is half-open, which should mean one careful question, and the log shows three.",
        "After a first repair, now and then: the circuit closes on a service that is still down.",
    ],
    request: "The circuit breaker makes the outage worse. As soon as the service gets up, we knock it down.",
    refined: "While the circuit is half-open, at most one call may be at the service; the others are to be rejected. \
              Only the answer to that call may close or reopen the circuit: an answer to a question that was asked \
              before the circuit opened must change nothing, whenever it comes.",
    approach: &[
        "Count who is at the service while it is known to be down, and step to the first moment when that is more \
         than one.",
        "Read what `call` does in each state: half-open, it stops nobody.",
        "Let one through and reject the others, and run it first in, first out. It holds.",
        "Then check every schedule of the half-fix: it breaks when `caller` half-opens the circuit before `late`, \
         whose answer came at the same moment, has been polled.",
        "Ask of every verdict: which question does it answer? The state that it happens to find does not say.",
    ],
    root_cause: "The first caller after the break sets the circuit half-open, and that state lets everybody through. \
                 The half-fix closes that door, and keeps a second one open: a verdict is judged by the state in which \
                 it arrives. The old success of `late` finds the circuit half-open, is taken for the probe's, and \
                 closes it, while the real probe is still waiting to hear that the service is down.",
    fix: "Whoever calls asks for a permit first. Half-open, there are as many permits as probes are wanted. A permit \
          carries the generation of the circuit in which it was given, and a verdict of another generation changes \
          nothing; one that is dropped gives its place back.",
    lessons: &[
        "Half-open is not a state of the circuit but a number of places.",
        "Judge an answer by when its question was asked, not by when it came.",
        "A break that ends for everybody at one moment is a stampede with an appointment.",
    ],
};
