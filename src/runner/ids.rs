//! Which job has which id: pages of consecutive ids, since ids are counted.

use std::collections::BTreeMap;

use super::table::NOBODY;

const PAGE: usize = 256;

/// From ids to slots. Ids that lie close together share a page, so a thousand jobs need a handful of them.
#[derive(Default)]
pub(super) struct Ids {
    pages: BTreeMap<u64, Box<Page>>,
}

struct Page {
    used: usize,
    slots: [u32; PAGE],
}

fn place(id: u64) -> (u64, usize) {
    (id / PAGE as u64, (id % PAGE as u64) as usize)
}

impl Ids {
    #[inline]
    pub(super) fn insert(&mut self, id: u64, slot: u32) {
        let (number, place) = place(id);
        let page = self.pages.entry(number).or_insert_with(|| Box::new(Page { used: 0, slots: [NOBODY; PAGE] }));
        page.used += 1;
        page.slots[place] = slot;
    }

    #[inline]
    pub(super) fn remove(&mut self, id: u64) {
        let (number, place) = place(id);
        let Some(page) = self.pages.get_mut(&number) else { return };
        page.slots[place] = NOBODY;
        page.used -= 1;
        if page.used == 0 {
            self.pages.remove(&number);
        }
    }

    #[inline]
    pub(super) fn get(&self, id: u64) -> Option<u32> {
        let (number, place) = place(id);
        self.pages.get(&number).map(|page| page.slots[place]).filter(|slot| *slot != NOBODY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emptied_page_is_given_back() {
        let mut ids = Ids::default();
        (0..1_000).for_each(|id| ids.insert(id, id as u32));
        ids.insert(u64::MAX, 7);
        (0..999).for_each(|id| ids.remove(id));
        assert_eq!((ids.get(998), ids.get(999), ids.get(u64::MAX)), (None, Some(999), Some(7)));
        assert_eq!(ids.pages.len(), 2);
    }
}
