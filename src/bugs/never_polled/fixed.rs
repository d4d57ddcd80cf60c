use super::{Store, Text, Watched, digest, hash_part, note, to_thread};
use std::rc::Rc;

pub async fn run(text: Text, store: Rc<Store>) {
    let hash = to_thread(|| compute_hash(text, &store)).await;
    hash.await; // calling it has only made it
    note("is done");
    store.complete(text);
}

/// Hashes a text, with a turn for everybody else in between.
fn compute_hash(text: Text, store: &Rc<Store>) -> Watched<impl Future<Output = ()> + use<>> {
    let into = store.clone();
    store.watch(text, async move {
        hash_part().await;
        note("has computed a digest");
        into.put(text, digest(text));
    })
}
