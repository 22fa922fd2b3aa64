//! OpenSSL's libssl as C programs see it, over libtlscore: `libtlscore_openssl.so.1`.
//!
//! The functions are OpenSSL's with `tlscore_` in front, so that a process may have both libraries;
//! `<tlscore/openssl_compat.h>` gives them OpenSSL's names. OpenSSL's manual describes them: what is said here is
//! where they differ. The stack is libtlscore.so's, by its public interface ([`sys`]): there is no protocol here, and no
//! signature is verified. What OpenSSL finds in certificates beside that, and in which order, is judged in x509/ (judge.rs,
//! findings.rs, strength.rs, check.rs).
//!
//! ```text
//!  program ─▶ SSL, SSL_CTX, BIO, X509 … (objects of this crate: settings, callbacks, the error queue)
//!                │ start: the first verb makes libtlscore's connection of an SSL's settings
//!                ▼
//!          libtlscore.so: tls_ctx, tls_conn ──▶ questions (certificate, ClientHello) wait until the call has returned
//!                │                                 └▶ X509_STORE_CTX ─▶ tls_verify, and the program's callbacks
//!                ▼
//!          rbio, wbio: one record at a time, unless read-ahead is on
//! ```
//!
//! Arguments are Rust's types where those have C's layout: `Option<&T>` is a pointer that may be NULL,
//! `Option<Owned<T>>` one whose reference goes along. A caller in C vouches for them, as everywhere in C.
#![allow(
    non_camel_case_types,
    non_snake_case,
    reason = "these are OpenSSL's names"
)]
#![allow(
    missing_docs,
    reason = "OpenSSL's manual pages describe what does not differ"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "OpenSSL's manual pages are the contract"
)]
#![allow(clippy::result_large_err, reason = "errors are rare, and told at once")]
#![allow(clippy::upper_case_acronyms, reason = "these are OpenSSL's names")]

pub mod args;
pub mod asn1;
pub mod bio;
pub mod cipher;
pub mod cipher_lists;
mod cipher_words;
pub mod crypto;
pub mod ctx;
mod der;
pub mod err;
mod errno;
pub mod evp;
pub mod ex_data;
mod guard;
mod native;
pub mod object;
mod objects;
pub mod pem;
pub mod rand_file;
pub mod session;
pub mod ssl;
pub mod stack;
pub mod sys;
pub mod x509;
