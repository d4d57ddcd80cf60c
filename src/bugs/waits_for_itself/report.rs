use crate::bugs::Writeup;

pub(super) const WRITEUP: Writeup = Writeup {
    context: "A pool of two workers serves reports. A report gathers its figures for 100 ms, and then needs a chart, \
              which it orders from the same pool and waits for. The second report is ordered at 100 ms, at the moment \
              in which the first orders its chart.",
    symptoms: &[
        "Most of the time everything works.",
        "On a busy day the pool stands still: no error, no load, all workers taken, the line grows.",
        "After a first repair: reports without charts, and the charts are drawn after nobody wants them any more.",
    ],
    request: "The report server hangs when two people want something at the same time. It does nothing at all then, \
              and a restart helps.",
    refined: "Show that whatever stands in line gets a worker at some time. Find the jobs that wait while they hold a \
              worker, and what they wait for; if that can stand in the same line, the pool can wait for itself.",
    approach: &[
        "State that at rest nobody stands in line, and run first in, first out: it holds.",
        "Check every schedule. One in three stands still, and all of them have in common that the second report gets \
         the worker which the first chart needed.",
        "Read the last step: whom does each task wait for? Both workers wait for results of jobs that are in line for \
         a worker.",
        "Try a time limit: it frees the workers, and each report then fails that would have been done in time.",
        "Try more workers, and you need more customers; the shape of the circle stays.",
    ],
    root_cause: "A report keeps its worker while it waits for its chart. The chart needs a worker of the same pool. As \
                 soon as as many reports are begun as there are workers, each waits for a job that stands behind them \
                 all. A time limit only breaks the circle by giving up what it was for.",
    fix: "Who waits for its own pool does no work meanwhile, so it lends its place to others: while a job of the runner \
          waits for another one, a third worker may run. The limit on work that is done at the same time holds as \
          before, and whoever gets a result waits for a place again before it goes on.",
    lessons: &[
        "Never hold a place in a pool while waiting for something that needs a place in that pool.",
        "A pool that is big enough for today is a deadlock with a date.",
        "A timeout turns a deadlock into failed work. It does not make the work possible.",
    ],
};
