use core::ops::{Deref, DerefMut};

/// A list that is short as a rule: up to `N` values stand in it, more on the heap. A hello has a dozen lists,
/// and most of them hold a handful of numbers.
///
/// A struct and no enum: whether there is something to free then follows from one field that is always written
/// (memory checkers see compilers look at the capacity first, at that of no list where an enum is inline).
#[derive(Clone)]
pub(crate) struct Short<T, const N: usize> {
    /// Up to `N`, and how many; the others are copies of the first.
    inline: Option<([T; N], usize)>,
    /// All of them where they are more.
    heap: Vec<T>,
}

impl<T: Copy, const N: usize> Short<T, N> {
    /// Without values.
    pub(crate) const fn new() -> Self {
        Self {
            inline: None,
            heap: Vec::new(),
        }
    }

    /// Appends a value.
    pub(crate) fn push(&mut self, value: T) {
        if !self.heap.is_empty() {
            return self.heap.push(value);
        }
        match &mut self.inline {
            None => self.inline = Some(([value; N], 1)),
            Some((values, len)) if *len < N => {
                values[*len] = value;
                *len += 1;
            }
            Some((values, _)) => {
                self.heap.reserve_exact(2 * N);
                self.heap.extend_from_slice(values);
                self.heap.push(value);
            }
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
        let mut list = Self::new();
        if all.len() > N {
            list.heap = all.to_vec();
        } else if let Some(first) = all.first() {
            let mut values = [*first; N];
            values[..all.len()].copy_from_slice(all);
            list.inline = Some((values, all.len()));
        }
        list
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
        match &self.inline {
            Some((values, len)) if self.heap.is_empty() => &values[..*len],
            _ => &self.heap,
        }
    }
}

impl<T, const N: usize> DerefMut for Short<T, N> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.inline {
            Some((values, len)) if self.heap.is_empty() => &mut values[..*len],
            _ => &mut self.heap,
        }
    }
}

impl<T: core::fmt::Debug, const N: usize> core::fmt::Debug for Short<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self[..].fmt(f)
    }
}

/// Sorts a list whose length is bounded by our own tables, equals in their order. By insertion: the standard library's sort
/// is made for long lists, and 10 kB for each kind of them.
pub(crate) fn sort_short<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..list.len() {
        for at in (1..=end).rev() {
            if key(&list[at - 1]) <= key(&list[at]) {
                break;
            }
            list.swap(at - 1, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_equals_in_their_order() {
        for len in 0..40u32 {
            let mut list: Vec<u32> = (0..len).map(|i| ((i * 37 % 23) << 8) | i).collect();
            let mut expected = list.clone();
            expected.sort_by_key(|value| value >> 8);
            sort_short(&mut list, |value| value >> 8);
            assert_eq!(list, expected);
        }
    }

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
            assert_eq!(pushed.heap.is_empty(), len <= 8);
        }
    }
}
