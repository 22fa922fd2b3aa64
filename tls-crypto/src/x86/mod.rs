//! What the kernels for x86-64 share.

pub(crate) mod aes;
pub(crate) mod partial;
mod vector;
mod widths;

pub(crate) use vector::Vector;
pub(crate) use widths::{Four, One, Two};

/// A local with an address and the alignment of the widest vectors. The compiler aligns a function's frame for such a
/// one, but not for the vectors that it has to put there itself: each of them would lie across two lines of the cache
/// in three calls out of four, which costs a kernel a tenth.
#[repr(align(64))]
pub(crate) struct Aligned<T>(pub(crate) T);
