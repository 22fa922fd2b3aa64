//! What the kernels for x86-64 share.

pub(crate) mod aes;
pub(crate) mod partial;
mod vector;
mod widths;

pub(crate) use vector::Vector;
pub(crate) use widths::{Four, One, Two};
