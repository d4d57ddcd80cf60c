//! What is to be seen of a demo, and where.

use unstuck::demo::{Action, Block, Session, Snapshot, Tone};

pub fn open(address: &str) -> (Session, Snapshot) {
    let session = Session::open(address);
    let snapshot = session.snapshot();
    assert_eq!(snapshot.notice, None, "{address}");
    (session, snapshot)
}

pub fn end_of(address: &str) -> Snapshot {
    open(address).0.apply(&Action::End).unwrap()
}

pub fn go(session: &mut Session, to: u32) -> Snapshot {
    session.apply(&Action::Go { to }).unwrap()
}

/// The first step whose sentence begins like this, and what is to be seen then.
pub fn at(address: &str, lead: &str) -> (Session, Snapshot) {
    let (mut session, first) = open(address);
    let step = (0..=first.last).find(|step| go(&mut session, *step).said.lead.starts_with(lead));
    let step = step.unwrap_or_else(|| panic!("nothing at {address} begins with {lead:?}"));
    let snapshot = go(&mut session, step);
    (session, snapshot)
}

pub fn all(block: &Block) -> Vec<&Block> {
    std::iter::once(block).chain(block.blocks.iter().flat_map(all)).collect()
}

pub fn tone(snapshot: &Snapshot, name: &str) -> Tone {
    let blocks = all(&snapshot.pipeline);
    blocks.iter().find(|block| block.name == name).unwrap_or_else(|| panic!("there is no box {name}")).tone
}
