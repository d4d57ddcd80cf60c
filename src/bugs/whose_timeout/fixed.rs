use super::{ALBUM, PHOTO, REPORT, TaskCx, TaskRunner, develop, job, ms, note_error, query, timeout};

/// The runner knows whether its own limit ended a job. Every error that a job
/// returns, whatever it is, is an error of the job.
pub async fn serve(runner: TaskRunner) {
    let report = job(|_| report()).name(REPORT.name).timeout(REPORT.limit);
    let report = runner.submit(report).await.expect("there is room");
    let album = job(album).name(ALBUM.name).timeout(ALBUM.limit);
    let album = runner.submit(album).await.expect("there is room");
    let _ = (report.await, album.await);
    runner.close();
}

async fn report() -> Result<(), String> {
    let answer = timeout(ms(50), query()).await;
    if answer.is_err() {
        note_error("gives up on its query");
    }
    answer.map_err(|error| error.to_string())
}

async fn album(cx: TaskCx) -> Result<(), String> {
    let photo = job(|_| photo()).name(PHOTO.name).timeout(PHOTO.limit);
    let photo = cx.submit(photo).await.map_err(|error| error.to_string())?.await;
    if photo.is_err() {
        note_error("has no photo");
    }
    photo.map_err(|error| error.to_string())
}

async fn photo() -> Result<(), String> {
    develop().await;
    Ok(())
}
