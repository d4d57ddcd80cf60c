//! Which job has which id: pages of consecutive ids, since ids are counted.

use super::table::NOBODY;

const PAGE: usize = 256;

/// From ids to slots. Ids that lie close together share a page, so a thousand jobs need a handful of them.
#[derive(Default)]
pub(super) struct Ids {
    /// In the order of their numbers: jobs come in at the last, and most are forgotten at the first.
    pages: Vec<Page>,
}

struct Page {
    number: u64,
    used: usize,
    slots: Box<[u32; PAGE]>,
}

fn place(id: u64) -> (u64, usize) {
    (id / PAGE as u64, (id % PAGE as u64) as usize)
}

impl Ids {
    #[inline]
    pub(super) fn insert(&mut self, id: u64, slot: u32) {
        let (number, place) = place(id);
        let page = match self.find(number) {
            Ok(page) => page,
            Err(page) => {
                self.pages.insert(page, Page { number, used: 0, slots: Box::new([NOBODY; PAGE]) });
                page
            }
        };
        let page = &mut self.pages[page];
        page.used += 1;
        page.slots[place] = slot;
    }

    #[inline]
    pub(super) fn remove(&mut self, id: u64) {
        let (number, place) = place(id);
        let Ok(found) = self.find(number) else { return };
        let page = &mut self.pages[found];
        page.slots[place] = NOBODY;
        page.used -= 1;
        if page.used == 0 {
            self.pages.remove(found);
        }
    }

    #[inline]
    pub(super) fn get(&self, id: u64) -> Option<u32> {
        let (number, place) = place(id);
        let page = self.find(number).ok()?;
        Some(self.pages[page].slots[place]).filter(|slot| *slot != NOBODY)
    }

    /// Where the page of this number is, or would be.
    #[inline]
    fn find(&self, number: u64) -> Result<usize, usize> {
        match (self.pages.first(), self.pages.last()) {
            (_, Some(last)) if last.number == number => Ok(self.pages.len() - 1),
            (Some(first), _) if first.number == number => Ok(0),
            _ => self.pages.binary_search_by_key(&number, |page| page.number),
        }
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
