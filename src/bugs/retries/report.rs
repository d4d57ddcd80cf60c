use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "Three clients ask a service at the moment in which it restarts, and none gets an answer. The policy is to \
              try three times, 100 ms apart. One client, `list`, asks without an input; `get-7` and `get-8` with one. \
              The service serves two requests at a time, and falls over at three.",
    symptoms: &[
        "Some calls are retried and some are not. It is always the same ones.",
        "After a first repair: the service is up again, and down again exactly 100 ms later, and again 100 ms later.",
        "All clients give up at the same moment, though the service would have served each of them alone.",
    ],
    request: "Retries do not work. Since we fixed that, a short restart takes the whole service down.",
    refined: "Whatever the path by which a call is made, the number of its attempts must be what the policy says. And \
              the retries of all callers together must never be more than the service can take at a time: what is \
              retried, when, and how much of it in all?",
    approach: &[
        "Count the attempts of each call that failed, and compare with the policy: `get-7` was tried once.",
        "Read `run`: the policy is wrapped around one arm of a `match`.",
        "Wrap both, and look at who is at the service when the retries come: everybody, in the same millisecond.",
        "Ask what made them come together: they failed together, and all wait for the same time.",
    ],
    root_cause: "The policy stands inside of the task, on one of two ways through it, and the other way leads past it. \
                 Put on both ways it makes the outage longer: callers that failed at one moment and wait for the same \
                 time are a load test, repeated until the last attempt.",
    fix: "The policy is wrapped around the task as a whole. The delay is drawn between nothing and twice the backoff, \
          which spreads the callers, and a budget that all share bounds the part of the calls that may be retries.",
    lessons: &[
        "A policy belongs around a call, not into it: what is around cannot be gone past.",
        "Without jitter, the clients of a service act as one.",
        "Retries are load. Give them a budget before an outage does.",
    ],
};
