use core::ops::{Deref, DerefMut};

/// A list that is short as a rule: up to `N` values stand in it, more on the heap. A hello has a dozen lists,
/// and most of them hold a handful of numbers.
#[derive(Clone)]
pub(crate) struct Short<T, const N: usize>(Place<T, N>);

#[derive(Clone)]
enum Place<T, const N: usize> {
    Nowhere,
    /// So many of them; the others are copies of the first.
    Inline([T; N], usize),
    Heap(Vec<T>),
}

impl<T: Copy, const N: usize> Short<T, N> {
    /// Without values.
    pub(crate) const fn new() -> Self {
        Self(Place::Nowhere)
    }

    /// Appends a value.
    pub(crate) fn push(&mut self, value: T) {
        match &mut self.0 {
            Place::Nowhere => self.0 = Place::Inline([value; N], 1),
            Place::Inline(values, len) if *len < N => {
                values[*len] = value;
                *len += 1;
            }
            Place::Inline(values, _) => {
                let mut heap = Vec::with_capacity(2 * N);
                heap.extend_from_slice(values);
                heap.push(value);
                self.0 = Place::Heap(heap);
            }
            Place::Heap(values) => values.push(value),
        }
    }
}

impl<T: Copy, const N: usize> Default for Short<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy, const N: usize> From<&[T]> for Short<T, N> {
    fn from(all: &[T]) -> Self {
        let Some(first) = all.first() else {
            return Self::new();
        };
        if all.len() > N {
            return Self(Place::Heap(all.to_vec()));
        }
        let mut values = [*first; N];
        values[..all.len()].copy_from_slice(all);
        Self(Place::Inline(values, all.len()))
    }
}

impl<T: Copy, const N: usize> FromIterator<T> for Short<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut list = Self::new();
        all.into_iter().for_each(|value| list.push(value));
        list
    }
}

impl<T, const N: usize> Deref for Short<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.0 {
            Place::Nowhere => &[],
            Place::Inline(values, len) => &values[..*len],
            Place::Heap(values) => values,
        }
    }
}

impl<T, const N: usize> DerefMut for Short<T, N> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Place::Nowhere => &mut [],
            Place::Inline(values, len) => &mut values[..*len],
            Place::Heap(values) => values,
        }
    }
}

impl<T: core::fmt::Debug, const N: usize> core::fmt::Debug for Short<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self[..].fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_list_of_any_length() {
        for len in 0..20 {
            let all: Vec<u16> = (0..len).collect();
            let mut pushed: Short<u16, 8> = all.iter().copied().collect();
            assert_eq!(pushed[..], all[..]);
            assert_eq!(Short::<u16, 8>::from(&all[..])[..], all[..]);
            pushed.reverse();
            assert!(pushed.iter().rev().eq(&all));
            assert_eq!(pushed.clone()[..], pushed[..]);
            assert_eq!(matches!(pushed.0, Place::Heap(_)), len > 8);
        }
    }
}
