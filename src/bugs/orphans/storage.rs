//! A folder in some storage, simulated: uploads into it take their time, and the first one fails.

use core::fmt;
use core::future::Future;
use std::rc::Rc;

use crate::executor::sleep;
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::Name;

/// A part of a file.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub name: Name,
    number: usize,
    takes: Duration,
}

pub(super) const PARTS: [Part; 3] = [
    Part { name: "upload-1", number: 1, takes: ms(100) },
    Part { name: "upload-2", number: 2, takes: ms(200) },
    Part { name: "upload-3", number: 3, takes: ms(300) },
];

impl Part {
    /// Its place in the order of parts.
    pub(super) fn place(self) -> usize {
        self.number - 1
    }
}

/// The line broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadError;

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the line broke")
    }
}

pub(super) struct Storage {
    /// The numbers of the parts in the folder.
    parts: Tracked<Vec<usize>>,
    removed: Tracked<bool>,
    uploading: Tracked<Vec<Name>>,
}

impl Storage {
    pub(super) fn new() -> Rc<Self> {
        let (parts, uploading) = (Tracked::default(), Tracked::default());
        Rc::new(Storage { parts, removed: Tracked::new(false), uploading })
    }

    /// Sends a part and puts it into the folder. The first part's line breaks.
    #[track_caller]
    pub(super) fn send(self: &Rc<Self>, part: Part) -> impl Future<Output = Result<(), UploadError>> + use<> {
        let (storage, sent) = (self.clone(), sleep(part.takes).labelled("its bytes to be sent"));
        async move {
            let under_way = UnderWay::begin(storage, part);
            sent.await;
            if part.number == 1 {
                return Err(UploadError);
            }
            under_way.storage.parts.update(|parts| parts.push(part.number));
            Ok(())
        }
    }

    pub(super) fn remove_folder(&self) {
        self.removed.set(true);
        self.parts.set(Vec::new());
    }

    /// Whose upload is under way.
    pub(super) fn uploading(&self) -> Vec<Name> {
        self.uploading.with(Clone::clone)
    }

    pub(super) fn folder(&self) -> String {
        let parts = self.parts.with(|parts| parts.iter().map(|part| format!("part {part}")).collect::<Vec<_>>());
        match (self.removed.get(), parts.is_empty()) {
            (false, true) => "empty".to_owned(),
            (true, true) => "removed".to_owned(),
            (false, false) => parts.join(", "),
            (true, false) => format!("removed, with {}", parts.join(", ")),
        }
    }

    /// A sentence about a part in a folder that is not there.
    pub(super) fn misuse(&self) -> Option<String> {
        let strays = self.removed.get() && !self.parts.with(Vec::is_empty);
        strays.then(|| format!("the folder was removed, and now it is there again: {}", self.folder()))
    }
}

/// An upload under way; it ends when this is dropped, however that comes.
struct UnderWay {
    storage: Rc<Storage>,
    part: Part,
}

impl UnderWay {
    fn begin(storage: Rc<Storage>, part: Part) -> Self {
        storage.uploading.update(|uploading| uploading.push(part.name));
        UnderWay { storage, part }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.storage.uploading.update(|uploading| uploading.retain(|name| *name != self.part.name));
    }
}
