use super::lanes::{Lanes, Numbers};
use super::vector::Vector;

/// Of each number in `out` the entry of `table` whose index its lanes of `indices` have. All of the
/// table is read, whatever the indices.
#[inline(always)]
pub(super) fn select<X: Vector, const V: usize>(
    table: &[Numbers<V>],
    indices: &Lanes,
    out: &mut Numbers<V>,
) {
    let indices = X::load(indices);
    let mut chosen = [X::splat(0); V];
    let mut index = X::splat(0);
    for entry in table {
        let here = index.equal(indices);
        for (chosen, entry) in chosen.iter_mut().zip(entry) {
            *chosen = chosen.or_where(here, X::load(entry));
        }
        index = index.add(X::splat(1));
    }
    for (chosen, out) in chosen.iter().zip(out) {
        chosen.store(out);
    }
}
