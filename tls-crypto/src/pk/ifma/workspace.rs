use super::lanes::{Lanes, Numbers, Shifted, wipe};

/// What a chain of multiplications works on. Wiped when dropped.
pub(super) struct Workspace<const L: usize, const V: usize, const W: usize> {
    /// The number so far.
    pub(super) number: Numbers<V>,
    /// The same, moved up: of no meaning between multiplications.
    pub(super) shifted: Shifted<L, W>,
}

impl<const L: usize, const V: usize, const W: usize> Workspace<L, V, W> {
    pub(super) fn new(number: Numbers<V>) -> Self {
        Self {
            number,
            shifted: Shifted([[Lanes::ZERO; W]; L]),
        }
    }
}

impl<const L: usize, const V: usize, const W: usize> Drop for Workspace<L, V, W> {
    fn drop(&mut self) {
        wipe(&mut self.number);
        self.shifted.wipe();
    }
}
