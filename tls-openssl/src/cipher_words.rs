//! What programs write in cipher lists, before libtlscore reads it.

use crate::ctx::tell;
use crate::err::{self, Lib};
use crate::native::Ctx;
use crate::sys::{tls_ctx_set_cipher_list, tls_ctx_set_policy, tls_error_info};
use core::ffi::{CStr, c_int};
use std::borrow::Cow;
use std::ffi::CString;

/// What became of a cipher list.
pub(crate) enum Listed {
    Taken,
    /// It cannot be read: the one before stays.
    Unread,
    /// It selects nothing: nothing is left, as in OpenSSL.
    Nothing,
}

/// Sets a cipher list with `set`. A word that nobody knows is left out, as OpenSSL does: where nothing is left, that is an
/// error.
pub(crate) fn set_list(list: &CStr, set: impl Fn(&CStr) -> Result<(), tls_error_info>) -> Listed {
    if commands(list).any(|command| !is_command(command)) {
        err::put(Lib::Ssl, err::ssl::INVALID_COMMAND, "");
        return Listed::Unread;
    }
    if words(list).any(|word| word.starts_with(b"SUITEB")) {
        let text = "a list for Suite B alone does not make Suite B of certificates and signatures";
        err::put(Lib::Ssl, err::ssl::NO_CIPHER_MATCH, text);
        return Listed::Nothing;
    }
    let list = &*by_name_alone(list);
    let first = set(list);
    if first.is_ok() {
        return Listed::Taken;
    }
    let known = known_words(list);
    let taken = tell(match known {
        Some(known) if known.as_c_str() != list => set(&known),
        _ => first,
    });
    match taken {
        true => Listed::Taken,
        false => Listed::Nothing,
    }
}

/// What a list asks for behind an `@`.
fn commands(list: &CStr) -> impl Iterator<Item = &[u8]> {
    words(list).flat_map(|word| word.split(|byte| *byte == b'@').skip(1))
}

fn is_command(command: &[u8]) -> bool {
    command == b"STRENGTH" || matches!(command.strip_prefix(b"SECLEVEL="), Some([b'0'..=b'5']))
}

/// The security level that a list asks for.
pub(crate) fn level_of(list: &CStr) -> Option<c_int> {
    let level = |command: &[u8]| match command.strip_prefix(b"SECLEVEL=") {
        Some([digit @ b'0'..=b'5']) => Some(c_int::from(digit - b'0')),
        _ => None,
    };
    commands(list).filter_map(level).last()
}

/// The words of a list that libtlscore knows.
fn known_words(list: &CStr) -> Option<CString> {
    let trial = Ctx::new()?;
    trial
        // SAFETY: a live context and a text.
        .set(|ctx| unsafe { tls_ctx_set_policy(ctx, c"legacy".as_ptr()) })
        .ok()?;
    let known = |word: &&[u8]| {
        let bare = word
            .strip_prefix(b"!")
            .or_else(|| word.strip_prefix(b"-"))
            .or_else(|| word.strip_prefix(b"+"))
            .unwrap_or(word);
        // What a word selects, which may be nothing, and all the rest.
        let whole = CString::new([bare, b":ALL"].concat()).unwrap_or_default();
        let set = trial.set(|ctx| unsafe {
            // SAFETY: as above.
            tls_ctx_set_cipher_list(ctx, whole.as_ptr())
        });
        word.starts_with(b"@") || set.is_ok()
    };
    let words: Vec<&[u8]> = words(list).filter(known).collect();
    CString::new(words.join(&b':')).ok()
}

fn words(list: &CStr) -> impl Iterator<Item = &[u8]> {
    let separator = |byte: &u8| b":,; ".contains(byte);
    let words = list.to_bytes().split(separator);
    words.filter(|word| !word.is_empty())
}

/// 3DES (Sweet32, CVE-2016-2183) is in no `ALL`, `MEDIUM` or `DEFAULT`, as OpenSSL is built without it: a list has it that
/// names it.
fn by_name_alone(list: &CStr) -> Cow<'_, CStr> {
    let names = |word: &[u8]| {
        let is = |part: &[u8]| word.windows(part.len()).any(|at| at == part);
        !b"!-+".contains(&word[0]) && (is(b"3DES") || is(b"DES-CBC3"))
    };
    if words(list).any(names) {
        return Cow::Borrowed(list);
    }
    let less = [list.to_bytes(), b":!3DES"].concat();
    CString::new(less).map_or(Cow::Borrowed(list), Cow::Owned)
}

/// Numbers of TLS 1.3 suites: `SSL_CTX_set_ciphersuites` knows their names, and there is nothing to choose.
const TLS13: [&[u8]; 5] = [
    b"TLS_AES_128_GCM_SHA256",
    b"TLS_AES_256_GCM_SHA384",
    b"TLS_CHACHA20_POLY1305_SHA256",
    b"TLS_AES_128_CCM_SHA256",
    b"TLS_AES_128_CCM_8_SHA256",
];

/// Whether a list names TLS 1.3 suites alone; the empty list does.
pub(crate) fn are_tls13(list: &[u8]) -> bool {
    list.split(|byte| *byte == b':')
        .filter(|name| !name.is_empty())
        .all(|name| TLS13.contains(&name))
}
