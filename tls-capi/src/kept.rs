//! What is lent to C for as long as a connection lives.

use core::cell::OnceCell;

/// Values that C may hold pointers to. A renegotiation changes facts: the new ones are kept beside the
/// old ones, which stay where they are.
pub(crate) struct Kept<T> {
    value: OnceCell<T>,
    next: OnceCell<Box<Kept<T>>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            value: OnceCell::new(),
            next: OnceCell::new(),
        }
    }
}

impl<T> Kept<T> {
    /// The value that is `same`, made when there is none.
    pub(crate) fn get(&self, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> &T {
        let mut place = self;
        while let Some(value) = place.value.get() {
            if same(value) {
                return value;
            }
            place = place.next.get_or_init(Box::default);
        }
        place.value.get_or_init(make)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_where_they_are() {
        let kept = Kept::<String>::default();
        let get = |text: &str| kept.get(|k| k == text, || text.into());
        let first = get("one").as_ptr();
        let second = get("two").as_ptr();
        assert_ne!(first, second);
        assert_eq!(get("one").as_ptr(), first);
        assert_eq!(get("two").as_ptr(), second);
        assert_eq!(get("one"), "one");
    }
}
