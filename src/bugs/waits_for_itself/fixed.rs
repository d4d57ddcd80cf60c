use super::{NoChart, Report, TaskCx, TaskRunner, draw_chart, gather_figures, job, note};

/// At most two workers take jobs from one line.
pub struct Pool {
    pub runner: TaskRunner,
}

impl Pool {
    pub fn start() -> Self {
        let runner = TaskRunner::builder().workers(2).build().expect("there are workers");
        runner.start();
        Pool { runner }
    }

    pub async fn report(&self, report: Report) -> Result<(), NoChart> {
        let job = job(move |cx: TaskCx| async move {
            note(format_args!("begins {}", report.name));
            gather_figures().await;
            note(format_args!("needs {}, which is a job", report.chart));
            let chart = cx.submit(job(move |_| async move {
                note(format_args!("begins {}", report.chart));
                draw_chart().await;
                note(format_args!("completes {}", report.chart));
                Ok::<_, NoChart>(())
            }));
            // Who waits for its own runner lends its slot to others.
            let chart = chart.await.map_err(|_| NoChart)?;
            chart.await.map_err(|_| NoChart)?;
            note(format_args!("completes {}", report.name));
            Ok::<_, NoChart>(())
        });
        let ordered = self.runner.submit(job).await.map_err(|_| NoChart)?;
        ordered.await.map_err(|_| NoChart)
    }
}
