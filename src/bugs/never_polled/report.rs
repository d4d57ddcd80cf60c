use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "Two jobs hash a text each. The function that hashes is async, so that a long text does not keep everybody \
              else from running; out of habit it is handed to a thread, which calls it.",
    symptoms: &[
        "Both jobs are done, suspiciously fast, and there are no digests.",
        "No error anywhere. In Python there is a warning when the interpreter exits: a coroutine was never awaited.",
        "After a first repair the digests come, some time after the jobs were reported as done.",
    ],
    request: "The hash jobs all succeed, but the digests are empty.",
    refined: "Every future that is made must be polled to its end, or be dropped on purpose. A job may be called done \
              only when what it was to compute is there.",
    approach: &[
        "Let every future remember whether it was ever polled, and report when it is dropped and was not.",
        "Step to the first report: it is the step in which the job says that it is done.",
        "Ask what the thread returned: the function was called and gave a future. Calling an async function runs \
         nothing of it.",
        "Spawn the future, and compare when the job is done with when its digest is there.",
    ],
    root_cause: "Calling an async function makes a future, and a future does nothing until it is polled. The thread \
                 calls the function, hands the future back as if it were the result, and the job drops it. Spawning \
                 it gets it polled, by somebody whom the job does not wait for.",
    fix: "The job awaits the future, and is done when that has returned. Work that really belongs on a thread is a \
          function that is not async.",
    lessons: &[
        "Calling is not running: an async function that nobody awaits has not happened.",
        "Spawned is not awaited. Who says done must have waited.",
        "Listen to `unused must_use` and `never awaited`: they name the bug, and only whisper.",
    ],
};
