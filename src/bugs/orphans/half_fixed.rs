use super::{CancelReason, JoinHandle, PARTS, Part, Records, Storage, TaskState, UploadError};
use super::{note, note_error, spawn_named};
use std::rc::Rc;

/// Uploads the parts of a file side by side. The first error is the group's.
pub struct Group {
    pub storage: Rc<Storage>,
    pub records: Rc<Records>,
}

type Upload = JoinHandle<Result<(), UploadError>>;

impl Group {
    pub async fn run(&self) -> Result<(), UploadError> {
        let mut uploads = PARTS.map(|part| self.spawn(part)).into_iter();
        while let Some(upload) = uploads.next() {
            if let Err(error) = upload.await.unwrap_or(Err(UploadError)) {
                for other in uploads {
                    other.cancel(CancelReason::ParentEnded);
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn spawn(&self, part: Part) -> Upload {
        let (storage, records) = (self.storage.clone(), self.records.clone());
        spawn_named(part.name, async move {
            records.set(part, TaskState::Running);
            let outcome = storage.send(part).await;
            // Whoever is cancelled never comes here.
            match outcome {
                Ok(()) => note("has written its part"),
                Err(_) => note_error("failed: the line broke"),
            }
            records.finish(part, &outcome);
            outcome
        })
    }
}
