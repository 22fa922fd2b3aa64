//! The group of a key: that of a handshake's key exchange (`SSL_get_peer_tmp_key`), and of keys on curves.

use super::{EVP_PKEY, Kind};
use crate::args::{Out, Str, copy_text};
use crate::guard::guard;
use crate::native::text;
use crate::object::Owned;
use crate::ssl::SSL;
use crate::sys;
use core::ffi::{CStr, c_char, c_int};

/// A group under OpenSSL's name, if it has one, the kind of keys that it has, and its size.
#[derive(Clone, Copy)]
pub(super) struct Group {
    name: Option<&'static CStr>,
    pub(super) kind: &'static CStr,
    pub(super) bits: c_int,
}

macro_rules! groups {
    ($($ours:literal $name:expr, $kind:literal $bits:literal;)*) => {
        fn named(name: &[u8]) -> Option<Group> {
            match name {
                $($ours => Some(Group { name: $name, kind: $kind, bits: $bits }),)*
                _ => None,
            }
        }
    };
}

groups! {
    b"secp256r1" Some(c"prime256v1"), c"EC" 256;
    b"secp384r1" Some(c"secp384r1"), c"EC" 384;
    b"secp521r1" Some(c"secp521r1"), c"EC" 521;
    b"x25519" None, c"X25519" 253;
    b"ffdhe2048" Some(c"ffdhe2048"), c"DH" 2048;
    b"ffdhe3072" Some(c"ffdhe3072"), c"DH" 3072;
    b"ffdhe4096" Some(c"ffdhe4096"), c"DH" 4096;
    b"ffdhe6144" Some(c"ffdhe6144"), c"DH" 6144;
    b"ffdhe8192" Some(c"ffdhe8192"), c"DH" 8192;
}

impl EVP_PKEY {
    /// What is known of the server's key of this handshake; `None` where there is none. As OpenSSL's, servers forget their
    /// client's.
    pub(crate) fn ephemeral(ssl: &SSL) -> Option<Owned<Self>> {
        if ssl.role() == Some(crate::ssl::Role::Server) {
            return None;
        }
        // SAFETY: a live connection, whose text stays while it does.
        let group = ssl.look(|conn| unsafe {
            let group =
                text(sys::tls_conn_group(conn.raw())).and_then(|name| named(name.to_bytes()));
            group.or_else(|| match sys::tls_conn_dh_bits(conn.raw()) {
                0 => None,
                bits => Some(Group {
                    name: None,
                    kind: c"DH",
                    bits,
                }),
            })
        })??;
        Some(Owned::new(Self {
            kind: Kind::Ephemeral(group),
        }))
    }

    fn group_name(&self) -> Option<&'static CStr> {
        if let Kind::Ephemeral(group) = &self.kind {
            return group.name;
        }
        if self.type_name() != c"EC" {
            return None;
        }
        let curve: &[u8] = match super::tlscore_EVP_PKEY_get_bits(Some(self)) {
            256 => b"secp256r1",
            384 => b"secp384r1",
            521 => b"secp521r1",
            _ => return None,
        };
        named(curve)?.name
    }
}

/// The name of a key's group under OpenSSL's name, as text of `room` bytes at most, its NUL among them; 0: there is none, or
/// no room. `len` (may be NULL) receives its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_PKEY_get_group_name(
    key: Option<&EVP_PKEY>,
    out: *mut c_char,
    room: usize,
    len: Out<'_, usize>,
) -> c_int {
    guard(0, || {
        let Some(name) = key.and_then(EVP_PKEY::group_name) else {
            return 0;
        };
        len.set(name.count_bytes());
        if !out.is_null() && room <= name.count_bytes() {
            return 0;
        }
        // SAFETY: room for as many bytes, or NULL: the manual's promise.
        unsafe { copy_text(name.to_bytes(), out, room) };
        1
    })
}

/// Of a key's parameters "group" is there, as `EVP_PKEY_get_group_name` has it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_PKEY_get_utf8_string_param(
    key: Option<&EVP_PKEY>,
    name: Str<'_>,
    out: *mut c_char,
    room: usize,
    len: Out<'_, usize>,
) -> c_int {
    if name.bytes() != Some(b"group") {
        return 0;
    }
    // SAFETY: the manual's promise.
    unsafe { tlscore_EVP_PKEY_get_group_name(key, out, room, len) }
}
