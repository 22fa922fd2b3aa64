//! Handles: what a C pointer must be before it is believed.
//!
//! A handle points to a [`Tagged`] value. Its magic number catches a pointer to another kind of
//! object and, as long as the memory was not given out again, a freed one. It is a net under honest
//! mistakes, no defence against a wild pointer.

use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use tls_core::error::Reason;

/// The Rust side of an opaque C type.
pub(crate) trait Handle: Sized {
    /// What the pointer leads to.
    type Value;
    /// Tells the kinds of objects apart.
    const MAGIC: u64;
}

/// A value behind its magic number.
#[repr(C)]
pub(crate) struct Tagged<T> {
    magic: AtomicU64,
    pub(crate) value: T,
}

impl<T> Tagged<T> {
    pub(crate) fn new<H: Handle<Value = T>>(value: T) -> Self {
        Self {
            magic: AtomicU64::new(H::MAGIC),
            value,
        }
    }
}

impl<T> Drop for Tagged<T> {
    fn drop(&mut self) {
        self.magic.store(0, Ordering::Relaxed);
    }
}

/// The value behind a handle; `NullHandle` or `BadArgument` when it is none of its kind.
///
/// # Safety
/// `handle` is NULL, or points to at least 8 readable bytes; if those are `H`'s magic number, it came
/// from this library, was not freed, and is not freed within `'a`.
pub(crate) unsafe fn value<'a, H: Handle>(handle: *const H) -> Result<&'a H::Value, Reason> {
    let tagged = handle.cast::<Tagged<H::Value>>();
    if tagged.is_null() {
        return Err(Reason::NullHandle);
    }
    if !tagged.is_aligned() {
        return Err(Reason::BadArgument);
    }
    // SAFETY: not NULL and aligned; the caller promises readable bytes. The magic number is the
    // first field of every object (repr(C)), and atomic: a shared object may be read meanwhile.
    let magic = unsafe { (*tagged.cast::<AtomicU64>()).load(Ordering::Relaxed) };
    if magic != H::MAGIC {
        return Err(Reason::BadArgument);
    }
    // SAFETY: the caller promises that a pointer with this magic number is a live object of this kind,
    // and objects are only ever lent as shared references.
    Ok(unsafe { &(*tagged).value })
}

/// A new reference-counted object.
pub(crate) fn shared<H: Handle>(value: H::Value) -> *mut H {
    Arc::into_raw(Arc::new(Tagged::new::<H>(value)))
        .cast::<H>()
        .cast_mut()
}

/// One more reference, for the caller; the same pointer, or NULL when it is no handle.
///
/// # Safety
/// As for [`value`], for an object of [`shared`].
pub(crate) unsafe fn add_ref<H: Handle>(handle: *const H) -> *mut H {
    // SAFETY: the caller's promise.
    match unsafe { value(handle) } {
        Ok(_) => {
            // SAFETY: a live object of this kind, made by Arc::into_raw.
            unsafe { Arc::increment_strong_count(handle.cast::<Tagged<H::Value>>()) };
            handle.cast_mut()
        }
        Err(_) => core::ptr::null_mut(),
    }
}

/// A reference of our own to an object of [`shared`]: where callbacks run that may give the caller's back.
pub(crate) struct Held<H: Handle>(Arc<Tagged<H::Value>>);

impl<H: Handle> core::ops::Deref for Held<H> {
    type Target = H::Value;
    fn deref(&self) -> &H::Value {
        &self.0.value
    }
}

impl<H: Handle> Held<H> {
    /// Whether anybody else has a reference.
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

/// Takes one more reference, for as long as the result lives.
///
/// # Safety
/// As for [`value`], for an object of [`shared`].
pub(crate) unsafe fn held<H: Handle>(handle: *const H) -> Result<Held<H>, Reason> {
    let tagged = handle.cast::<Tagged<H::Value>>();
    // SAFETY: the caller's promise; a live object of this kind, made by Arc::into_raw, gets one more
    // reference, which the Arc here gives back.
    unsafe {
        value(handle)?;
        Arc::increment_strong_count(tagged);
        Ok(Held(Arc::from_raw(tagged)))
    }
}

/// Gives a reference back.
///
/// # Safety
/// As for [`value`], for an object of [`shared`]; the caller owns one reference and gives it up.
pub(crate) unsafe fn release<H: Handle>(handle: *const H) {
    // SAFETY: the caller's promise.
    if unsafe { value(handle) }.is_ok() {
        // SAFETY: a live object of this kind, made by Arc::into_raw; the reference is the caller's.
        drop(unsafe { Arc::from_raw(handle.cast::<Tagged<H::Value>>()) });
    }
}
