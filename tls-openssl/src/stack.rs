//! OPENSSL_STACK: lists of pointers. The header makes `STACK_OF(X509)` and its like of them.

use crate::args::count;
use crate::guard::guard;
use crate::object::{Counted, Owned, Plain};
use core::cell::Cell;
use core::ffi::{c_int, c_void};

pub(crate) type CompareFn =
    unsafe extern "C" fn(*const *const c_void, *const *const c_void) -> c_int;
pub(crate) type FreeFn = unsafe extern "C" fn(*mut c_void);
pub(crate) type CopyFn = unsafe extern "C" fn(*const c_void) -> *mut c_void;

/// A list of pointers.
pub struct OPENSSL_STACK {
    items: Plain<Vec<*mut c_void>>,
    compare: Cell<Option<CompareFn>>,
    /// What a list of ours does with its items when it goes; the program's lists leave them alone.
    free: Option<FreeFn>,
}

/// A list of certificates, as the header types it.
pub type X509_STACK = OPENSSL_STACK;
/// A list of names.
pub type NAME_STACK = OPENSSL_STACK;

/// What a store trusts.
pub type OBJECT_STACK = OPENSSL_STACK;

/// A list of cipher suites.
pub type CIPHER_STACK = OPENSSL_STACK;

// SAFETY: made in `new` and `owning` alone, inside of an Owned.
unsafe impl Counted for OPENSSL_STACK {}

impl OPENSSL_STACK {
    pub(crate) fn new(items: Vec<*mut c_void>) -> Owned<Self> {
        Owned::new(Self {
            items: Plain::new(items),
            compare: Cell::new(None),
            free: None,
        })
    }

    /// A list that programs look at and do not free, and that holds references.
    pub(crate) fn owning(items: Vec<*mut c_void>, free: FreeFn) -> Owned<Self> {
        Owned::new(Self {
            items: Plain::new(items),
            compare: Cell::new(None),
            free: Some(free),
        })
    }

    pub(crate) fn push(&self, item: *mut c_void) {
        self.items.change(|items| items.push(item));
    }

    pub(crate) fn items(&self) -> Vec<*mut c_void> {
        self.items.read(Vec::clone)
    }
}

impl Drop for OPENSSL_STACK {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            for item in self.items.change(core::mem::take) {
                // SAFETY: each item is a reference of ours, given back by its own function.
                unsafe { free(item) };
            }
        }
    }
}

/// Keeps a list that a program is lent for as long as `lent` lives; a list of the same items is the same again.
pub(crate) fn keep(
    lent: &mut Vec<Owned<OPENSSL_STACK>>,
    list: Owned<OPENSSL_STACK>,
) -> Owned<OPENSSL_STACK> {
    let items = list.items();
    if let Some(known) = lent.iter().find(|known| known.items() == items) {
        return known.clone();
    }
    lent.push(list.clone());
    list
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_new_null() -> Option<Owned<OPENSSL_STACK>> {
    guard(None, || Some(OPENSSL_STACK::new(Vec::new())))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_new(
    compare: Option<CompareFn>,
) -> Option<Owned<OPENSSL_STACK>> {
    guard(None, || {
        let stack = OPENSSL_STACK::new(Vec::new());
        stack.compare.set(compare);
        Some(stack)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_num(stack: Option<&OPENSSL_STACK>) -> c_int {
    stack.map_or(-1, |stack| count(stack.items.read(Vec::len)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_value(
    stack: Option<&OPENSSL_STACK>,
    at: c_int,
) -> *mut c_void {
    let at = usize::try_from(at).ok();
    let item =
        |(stack, at): (&OPENSSL_STACK, usize)| stack.items.read(|items| items.get(at).copied());
    stack
        .zip(at)
        .and_then(item)
        .unwrap_or(core::ptr::null_mut())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_set(
    stack: Option<&OPENSSL_STACK>,
    at: c_int,
    item: *const c_void,
) -> *mut c_void {
    let Some((stack, at)) = stack.zip(usize::try_from(at).ok()) else {
        return core::ptr::null_mut();
    };
    let set = |items: &mut Vec<*mut c_void>| {
        *items.get_mut(at)? = item.cast_mut();
        Some(item.cast_mut())
    };
    stack.items.change(set).unwrap_or(core::ptr::null_mut())
}

/// Puts an item before the one at `at`, or at the end, and returns how many there are; 0: it could not.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_insert(
    stack: Option<&OPENSSL_STACK>,
    item: *const c_void,
    at: c_int,
) -> c_int {
    guard(0, || {
        let Some(stack) = stack else { return 0 };
        stack.items.change(|items| {
            let at = usize::try_from(at).unwrap_or(usize::MAX).min(items.len());
            items.insert(at, item.cast_mut());
            count(items.len())
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_push(
    stack: Option<&OPENSSL_STACK>,
    item: *const c_void,
) -> c_int {
    tlscore_OPENSSL_sk_insert(stack, item, -1)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_unshift(
    stack: Option<&OPENSSL_STACK>,
    item: *const c_void,
) -> c_int {
    tlscore_OPENSSL_sk_insert(stack, item, 0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_delete(
    stack: Option<&OPENSSL_STACK>,
    at: c_int,
) -> *mut c_void {
    let at = usize::try_from(at).ok();
    let take = |(stack, at): (&OPENSSL_STACK, usize)| {
        stack
            .items
            .change(|items| (at < items.len()).then(|| items.remove(at)))
    };
    stack
        .zip(at)
        .and_then(take)
        .unwrap_or(core::ptr::null_mut())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_pop(stack: Option<&OPENSSL_STACK>) -> *mut c_void {
    let pop = |stack: &OPENSSL_STACK| stack.items.change(Vec::pop);
    stack.and_then(pop).unwrap_or(core::ptr::null_mut())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_shift(stack: Option<&OPENSSL_STACK>) -> *mut c_void {
    tlscore_OPENSSL_sk_delete(stack, 0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_zero(stack: Option<&OPENSSL_STACK>) {
    if let Some(stack) = stack {
        stack.items.change(Vec::clear);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_dup(
    stack: Option<&OPENSSL_STACK>,
) -> Option<Owned<OPENSSL_STACK>> {
    guard(None, || Some(OPENSSL_STACK::new(stack?.items())))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OPENSSL_sk_deep_copy(
    stack: Option<&OPENSSL_STACK>,
    copy: Option<CopyFn>,
    _free: Option<FreeFn>,
) -> Option<Owned<OPENSSL_STACK>> {
    guard(None, || {
        let (stack, copy) = stack.zip(copy)?;
        // SAFETY: the program's function, for its items.
        let copied = |item: *mut c_void| {
            if item.is_null() {
                item
            } else {
                // SAFETY: as the comment above says.
                unsafe { copy(item) }
            }
        };
        Some(OPENSSL_STACK::new(
            stack.items().into_iter().map(copied).collect(),
        ))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_sk_free(stack: Option<Owned<OPENSSL_STACK>>) {
    guard((), || drop(stack));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OPENSSL_sk_pop_free(
    stack: Option<Owned<OPENSSL_STACK>>,
    free: Option<FreeFn>,
) {
    guard((), || {
        let Some((stack, free)) = stack.zip(free) else {
            return;
        };
        let items = stack.items.change(core::mem::take);
        for item in items.into_iter().filter(|item| !item.is_null()) {
            // SAFETY: the program's function, for its items.
            unsafe { free(item) };
        }
    });
}

/// The place of an item, by the comparison of the list or, without one, by its address; -1: it is not there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OPENSSL_sk_find(
    stack: Option<&OPENSSL_STACK>,
    item: *const c_void,
) -> c_int {
    guard(-1, || {
        let Some(stack) = stack else { return -1 };
        let same = |other: &*mut c_void| match stack.compare.get() {
            None => core::ptr::eq(*other, item),
            // SAFETY: the program's function, for its items.
            Some(compare) => unsafe {
                compare(
                    core::ptr::from_ref(&item),
                    core::ptr::from_ref(other).cast(),
                ) == 0
            },
        };
        stack.items().iter().position(same).map_or(-1, count)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OPENSSL_sk_sort(stack: Option<&OPENSSL_STACK>) {
    guard((), || {
        let Some((stack, compare)) =
            stack.and_then(|stack| stack.compare.get().map(|f| (stack, f)))
        else {
            return;
        };
        let mut items = stack.items();
        items.sort_by(|a, b| {
            // SAFETY: the program's function, for its items.
            unsafe { compare(core::ptr::from_ref(a).cast(), core::ptr::from_ref(b).cast()) }.cmp(&0)
        });
        stack.items.change(|place| *place = items);
    });
}
