//! BIO chains: filters in front of a source.

use super::{BIO, ctrl};
use crate::guard::guard;
use crate::object::{Owned, lend};
use core::ffi::c_int;

/// The last BIO of a chain.
fn last(bio: &BIO) -> Owned<BIO> {
    let mut last = Owned::again(bio);
    while let Some(next) = last.next() {
        last = next;
    }
    last
}

/// Puts `next` behind the end of `bio`'s chain. The reference to `next` goes to the chain.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_push(bio: Option<&BIO>, next: Option<Owned<BIO>>) -> *mut BIO {
    let Some(bio) = bio else {
        // As in OpenSSL: the chain is `next` alone.
        return crate::object::give(next);
    };
    guard((), || {
        let end = last(bio);
        if let Some(next) = &next {
            next.prev.set(end.pointer());
        }
        *end.next.borrow_mut() = next;
        bio.command(ctrl::PUSH);
    });
    core::ptr::from_ref(bio).cast_mut()
}

/// Takes `bio` out of its chain and returns what was behind it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_pop(bio: Option<&BIO>) -> *mut BIO {
    let Some(bio) = bio else {
        return core::ptr::null_mut();
    };
    guard(core::ptr::null_mut(), || {
        bio.command(ctrl::POP);
        let next = bio.next.take();
        let prev = bio.prev.replace(core::ptr::null());
        if let Some(next) = &next {
            next.prev.set(prev);
        }
        // SAFETY: the BIO in front lives while it has this one in its chain.
        let Some(prev) = (unsafe { prev.as_ref() }) else {
            return crate::object::give(next);
        };
        let pointer = lend(next.as_ref());
        // What the chain in front held of `bio` is the caller's now.
        let us = core::mem::replace(&mut *prev.next.borrow_mut(), next);
        core::mem::forget(us);
        pointer
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_next(bio: Option<&BIO>) -> *mut BIO {
    bio.map_or(core::ptr::null_mut(), |bio| {
        lend(bio.next.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_next(bio: Option<&BIO>, next: Option<Owned<BIO>>) {
    if let Some(bio) = bio {
        let old = core::mem::replace(&mut *bio.next.borrow_mut(), next);
        // OpenSSL's field is a bare pointer.
        core::mem::forget(old);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_find_type(bio: Option<&BIO>, kind: c_int) -> *mut BIO {
    let mut at = bio.map(Owned::again);
    let class = kind & 0xff == 0;
    while let Some(bio) = at {
        let ours = bio.kind();
        if ours == kind || class && ours & kind != 0 {
            return bio.pointer();
        }
        at = bio.next();
    }
    core::ptr::null_mut()
}

/// Gives back each BIO of the chain, up to one that others hold, too.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_free_all(bio: Option<Owned<BIO>>) {
    guard((), || free_all(bio));
}

pub(crate) fn free_all(bio: Option<Owned<BIO>>) {
    let mut at = bio;
    while let Some(bio) = at {
        let alone = bio.is_last();
        at = if alone { bio.next.take() } else { None };
    }
}
