//! Objects that C programs hold: reference-counted, as OpenSSL's are. `X_new` gives a reference, `X_up_ref` one
//! more, `X_free` takes one back.

use core::cell::UnsafeCell;
use core::ops::Deref;
use core::ptr::NonNull;
use std::sync::Arc;

/// Types whose values live inside of an [`Owned`] alone.
///
/// # Safety
/// Every value of the type is made by [`Owned::new`]: only then does a `&T` that C lends point to a count.
pub(crate) unsafe trait Counted {}

/// One reference, with the layout of a pointer that is not NULL. A function that takes `Option<Owned<T>>` takes the
/// reference away from its caller, one that returns it gives it to him.
#[repr(transparent)]
pub struct Owned<T>(NonNull<T>);

impl<T> Owned<T> {
    pub(crate) fn new(value: T) -> Self {
        let pointer = Arc::into_raw(Arc::new(value)).cast_mut();
        // SAFETY: an Arc's value has an address.
        Self(unsafe { NonNull::new_unchecked(pointer) })
    }

    /// The pointer that C knows the object by; no reference goes with it.
    pub(crate) fn pointer(&self) -> *mut T {
        self.0.as_ptr()
    }

    /// The reference goes to C.
    pub(crate) fn into_raw(self) -> *mut T {
        let pointer = self.0.as_ptr();
        core::mem::forget(self);
        pointer
    }

    /// Whether this is the only reference.
    pub(crate) fn is_last(&self) -> bool {
        // SAFETY: the pointer came from Arc::into_raw; the Arc made of it is forgotten again.
        let arc = core::mem::ManuallyDrop::new(unsafe { Arc::from_raw(self.0.as_ptr()) });
        Arc::strong_count(&arc) == 1
    }
}

#[allow(private_bounds, reason = "other crates make no objects")]
impl<T: Counted> Owned<T> {
    /// One more reference to an object that C lent.
    pub(crate) fn again(object: &T) -> Self {
        let pointer = core::ptr::from_ref(object);
        // SAFETY: `Counted` values live inside of an `Arc`.
        unsafe { Arc::increment_strong_count(pointer) };
        Self(NonNull::from(object))
    }

    /// A reference that was put into a list as a bare pointer.
    ///
    /// # Safety
    /// `pointer` came from [`Owned::into_raw`], and nobody else takes this reference.
    pub(crate) unsafe fn from_raw(pointer: *mut T) -> Option<Self> {
        NonNull::new(pointer).map(Self)
    }
}

impl<T> Clone for Owned<T> {
    fn clone(&self) -> Self {
        // SAFETY: made by Arc::into_raw, and alive while `self` is.
        unsafe { Arc::increment_strong_count(self.0.as_ptr()) };
        Self(self.0)
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: made by Arc::into_raw; this reference is ours to give back.
        drop(unsafe { Arc::from_raw(self.0.as_ptr()) });
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: alive while `self` is, and only ever lent as shared references.
        unsafe { self.0.as_ref() }
    }
}

/// A field under OpenSSL's rule for what it does not lock, which its programs keep: any number of threads read it
/// while none changes it. (A RefCell would count its readers, and not atomically.)
#[repr(transparent)]
pub(crate) struct Plain<T>(UnsafeCell<T>);

impl<T> Plain<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// `f` runs nothing of the program's, which could change the value meanwhile.
    pub(crate) fn read<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        // SAFETY: nobody changes it now: the program's promise for other threads, and `f`'s for this one.
        f(unsafe { &*self.0.get() })
    }

    /// `f` runs nothing of the program's.
    pub(crate) fn change<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: the program has the object alone, and nothing in `f` looks at it in another way.
        f(unsafe { &mut *self.0.get() })
    }
}

/// The pointer of what may be there, for functions that lend (`get0`).
pub(crate) fn lend<T>(owned: Option<&Owned<T>>) -> *mut T {
    owned.map_or(core::ptr::null_mut(), Owned::pointer)
}

/// The reference of what may be there, for functions that give (`get1`).
pub(crate) fn give<T>(owned: Option<Owned<T>>) -> *mut T {
    owned.map_or(core::ptr::null_mut(), Owned::into_raw)
}
