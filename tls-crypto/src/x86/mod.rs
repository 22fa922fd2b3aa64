//! What the kernels for x86-64 share.

pub(crate) mod aes;
pub(crate) mod partial;
