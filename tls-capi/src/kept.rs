//! What is lent to C.

use core::cell::RefCell;
use std::rc::Rc;

/// For how many handshakes of a connection a value stays that is asked for no more.
const HANDSHAKES: u32 = 8;

/// Values that C may hold pointers to. A renegotiation changes facts: the new ones are kept beside the old
/// ones, which stay where they are until [`HANDSHAKES`] more are complete.
pub(crate) struct Kept<T> {
    values: RefCell<Vec<Lent<T>>>,
}

struct Lent<T> {
    value: Rc<T>,
    /// How many handshakes were complete when it was last asked for.
    handshakes: u32,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            values: RefCell::default(),
        }
    }
}

impl<T> Kept<T> {
    /// The value that is `same`, made when there is none. A pointer into it is good for as long as this says
    /// in [`Kept`], not only for as long as what is returned.
    pub(crate) fn get(
        &self,
        handshakes: u32,
        same: impl Fn(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> Rc<T> {
        let mut values = self.values.borrow_mut();
        if let Some(lent) = values.iter_mut().find(|lent| same(&lent.value)) {
            lent.handshakes = handshakes;
            return lent.value.clone();
        }
        values.retain(|lent| handshakes.saturating_sub(lent.handshakes) < HANDSHAKES);
        let value = Rc::new(make());
        values.push(Lent {
            value: value.clone(),
            handshakes,
        });
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(kept: &Kept<String>, handshakes: u32, text: &str) -> *const u8 {
        kept.get(handshakes, |k| k == text, || text.into()).as_ptr()
    }

    #[test]
    fn values_stay_where_they_are() {
        let kept = Kept::<String>::default();
        let first = ask(&kept, 1, "one");
        let second = ask(&kept, 1, "two");
        assert_ne!(first, second);
        for handshakes in 1..HANDSHAKES {
            let more = format!("more {handshakes}");
            ask(&kept, handshakes, &more);
        }
        assert_eq!(ask(&kept, HANDSHAKES, "one"), first);
        assert_eq!(ask(&kept, HANDSHAKES, "two"), second);
    }

    #[test]
    fn what_nobody_asks_for_goes() {
        let kept = Kept::<String>::default();
        for handshakes in 1..10_000 {
            ask(&kept, handshakes, "always");
            ask(&kept, handshakes, &format!("once {handshakes}"));
            assert!(kept.values.borrow().len() <= 1 + HANDSHAKES as usize);
        }
        let values = kept.values.borrow();
        assert!(values.iter().any(|lent| *lent.value == "always"));
    }
}
