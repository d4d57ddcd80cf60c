use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A task runner has a pool of two workers. Each takes a job from the queue, awaits it, and marks what came \
              of it. A client cancels two jobs that it no longer needs, submits a third and waits for it.",
    symptoms: &[
        "After a few cancelled tasks the runner accepts work and does none of it. No error, no log line.",
        "`stats()` says: running 0, pending 1. The process is alive, and its dashboard is green.",
        "It takes exactly as many cancels as there are workers; a restart helps until then.",
    ],
    request: "I cancel a task and after that new tasks just sit in the queue. Sometimes it takes two or three cancels.",
    refined: "After any number of cancelled jobs, as many workers must be alive as before. Follow one cancellation from \
              the caller through the job to every frame that it passes, and say for each frame whether the \
              cancellation was meant for it. A cancellation that is meant for the worker itself must still end it.",
    approach: &[
        "State what must hold: the number of workers does not change while jobs are cancelled. Count them after every step.",
        "Step to the first cancel. The client is content, the record is right, and the count goes from 2 to 1.",
        "Read the way that the error takes: out of the job's frame, through the worker's `await`, and on, because the \
         handler raises again what it caught.",
        "Try the tempting fix, to catch it and go on. The jobs are done now; then shut the runner down while one runs.",
        "Ask whether an error can ever say for whom it was meant. It cannot: both arrive at one `await`.",
    ],
    root_cause: "A job is awaited in the frame of its worker, and cancelling is an error that unwinds frames. The \
                 handler marks the job and raises again, which is the correct manner for a cancellation of oneself, \
                 but this one was for the job. Swallowing it instead breaks the other direction: the worker's own \
                 cancellation arrives at the same `await`, looks the same, and is swallowed too.",
    fix: "Cancelling is a request to a job, kept in its record, and stopping is what the worker does about it: it drops \
          the job's future and takes the next. Nothing unwinds the worker. A shutdown is a request to the runner, so \
          nobody has to guess from an error who was meant.",
    lessons: &[
        "An error type says what happened, never to whom. Judge a cancellation by who asked for it.",
        "Whoever runs other people's code must not share its fate: give a job a frame of its own.",
        "`except CancelledError: raise` is right in the one who was cancelled, and only there.",
        "Watch the number of live workers. A pool that dies one by one looks healthy until it is empty.",
    ],
};
