//! EVP_MD_CTX: hashes over bytes that come piece by piece, and hashes at once.

use super::EVP_MD;
use crate::args::Out;
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::object::{Owned, Plain};
use core::ffi::{c_int, c_uchar, c_uint, c_void};
use sha2::digest::DynDigest;

/// A hash that goes on.
pub struct EVP_MD_CTX(Plain<State>);

#[derive(Clone, Default)]
struct State {
    md: Option<&'static EVP_MD>,
    /// `None` before it begins and once it is told: then there is nothing to add to.
    hash: Option<Box<dyn DynDigest>>,
}

impl State {
    /// Begins with `md`, or with the one before; false: there is none.
    fn begin(&mut self, md: Option<&'static EVP_MD>) -> bool {
        self.md = md.or(self.md);
        self.hash = self.md.map(EVP_MD::start);
        self.hash.is_some()
    }
}

/// Writes a hash, and its length.
///
/// # Safety
/// `out` has room for it.
pub(crate) unsafe fn tell(hash: &[u8], out: *mut c_uchar, len: Out<'_, c_uint>) {
    // SAFETY: the caller's promise; our bytes do not overlap it.
    unsafe { core::ptr::copy_nonoverlapping(hash.as_ptr(), out, hash.len()) };
    // EVP_MAX_MD_SIZE is 64.
    len.set(hash.len() as c_uint);
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_CTX_new() -> Option<Owned<EVP_MD_CTX>> {
    guard(None, || {
        Some(Owned::new(EVP_MD_CTX(Plain::new(State::default()))))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_CTX_free(ctx: Option<Owned<EVP_MD_CTX>>) {
    guard((), || drop(ctx));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_CTX_reset(ctx: Option<&EVP_MD_CTX>) -> c_int {
    guard(0, || {
        if let Some(ctx) = ctx {
            ctx.0.change(|state| *state = State::default());
        }
        1
    })
}

/// Another hash goes on from where this one is; of one that did not begin there is nothing to copy.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_CTX_copy_ex(
    to: Option<&EVP_MD_CTX>,
    from: Option<&EVP_MD_CTX>,
) -> c_int {
    guard(0, || {
        let Some((to, from)) = to.zip(from) else {
            return 0;
        };
        let begun = from.0.read(State::clone);
        to.0.change(|state| *state = begun);
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_CTX_copy(
    to: Option<&EVP_MD_CTX>,
    from: Option<&EVP_MD_CTX>,
) -> c_int {
    tlscore_EVP_MD_CTX_copy_ex(to, from)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_CTX_get0_md(ctx: Option<&EVP_MD_CTX>) -> *const EVP_MD {
    ctx.and_then(|ctx| ctx.0.read(|state| state.md))
        .map_or(core::ptr::null(), core::ptr::from_ref)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_DigestInit_ex(
    ctx: Option<&EVP_MD_CTX>,
    md: Option<&'static EVP_MD>,
    _engine: *mut c_void,
) -> c_int {
    guard(0, || {
        let begun = ctx.is_some_and(|ctx| ctx.0.change(|state| state.begin(md)));
        if !begun {
            err::put(Lib::Evp, err::evp::NO_DIGEST_SET, "");
        }
        c_int::from(begun)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_DigestInit_ex2(
    ctx: Option<&EVP_MD_CTX>,
    md: Option<&'static EVP_MD>,
    _params: *const c_void,
) -> c_int {
    tlscore_EVP_DigestInit_ex(ctx, md, core::ptr::null_mut())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_DigestInit(
    ctx: Option<&EVP_MD_CTX>,
    md: Option<&'static EVP_MD>,
) -> c_int {
    tlscore_EVP_MD_CTX_reset(ctx);
    tlscore_EVP_DigestInit_ex(ctx, md, core::ptr::null_mut())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_DigestUpdate(
    ctx: Option<&EVP_MD_CTX>,
    data: *const c_void,
    len: usize,
) -> c_int {
    guard(0, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let bytes = unsafe { crate::args::bytes(data, len) };
        let add = |state: &mut State| state.hash.as_mut().map(|hash| hash.update(bytes));
        // Nothing can always be added.
        let added = len == 0 || ctx.and_then(|ctx| ctx.0.change(add)).is_some();
        if !added {
            err::put(Lib::Evp, err::evp::UPDATE_ERROR, "");
        }
        c_int::from(added)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_DigestFinal_ex(
    ctx: Option<&EVP_MD_CTX>,
    out: *mut c_uchar,
    len: Out<'_, c_uint>,
) -> c_int {
    guard(0, || {
        let hash = ctx.and_then(|ctx| ctx.0.change(|state| state.hash.take()));
        let Some(hash) = hash else {
            err::put(Lib::Evp, err::evp::FINAL_ERROR, "");
            return 0;
        };
        // SAFETY: room for a digest: the manual's promise.
        unsafe { tell(&hash.finalize(), out, len) };
        1
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_DigestFinal(
    ctx: Option<&EVP_MD_CTX>,
    out: *mut c_uchar,
    len: Out<'_, c_uint>,
) -> c_int {
    // SAFETY: the manual's promise.
    let told = unsafe { tlscore_EVP_DigestFinal_ex(ctx, out, len) };
    tlscore_EVP_MD_CTX_reset(ctx);
    told
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_Digest(
    data: *const c_void,
    count: usize,
    out: *mut c_uchar,
    len: Out<'_, c_uint>,
    md: Option<&'static EVP_MD>,
    _engine: *mut c_void,
) -> c_int {
    guard(0, || {
        let Some(md) = md else {
            err::put(Lib::Evp, err::evp::NO_DIGEST_SET, "");
            return 0;
        };
        // SAFETY: `count` readable bytes, and room for a digest: the manual's promise.
        unsafe { tell(&md.of(crate::args::bytes(data, count)), out, len) };
        1
    })
}
