use super::{Job, NoChart, Queue, Receiver, Report, Tracked, draw_chart, gather_figures};
use super::{ms, note, note_error, oneshot, spawn_named, timeout};
use std::future::Future;
use std::rc::Rc;

/// At most two workers take jobs from one line.
pub struct Pool {
    pub jobs: Queue<Job>,
    pub hired: Tracked<usize>,
}

impl Pool {
    pub fn submit<T: 'static>(self: &Rc<Self>, job: impl Future<Output = T> + 'static) -> Receiver<T> {
        let (sender, result) = oneshot::channel("a job's result");
        _ = self.jobs.try_put(Box::pin(async move {
            let _ = sender.send(job.await);
        }));
        let hired = self.hired.get();
        if let Some(name) = ["worker-1", "worker-2"].get(hired) {
            self.hired.set(hired + 1);
            drop(spawn_named(name, self.clone().work()));
        }
        result
    }

    async fn work(self: Rc<Self>) {
        while let Some(job) = self.jobs.take().await {
            job.await;
        }
    }

    pub async fn report(self: Rc<Self>, report: Report) -> Result<(), NoChart> {
        note(format_args!("begins {}", report.name));
        gather_figures().await;
        note(format_args!("needs {}, which is a job", report.chart));
        let chart = self.submit(async move {
            note(format_args!("begins {}", report.chart));
            draw_chart().await;
            note(format_args!("completes {}", report.chart));
        });
        // Gives up after a while, so that the worker is free again.
        let Ok(Ok(())) = timeout(ms(200), chart).await else {
            note_error(format_args!("gives up on {}", report.chart));
            return Err(NoChart);
        };
        note(format_args!("completes {}", report.name));
        Ok(())
    }
}
