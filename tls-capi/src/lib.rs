//! The C library of tlscore: `libtlscore.so.1` and `<tlscore/tls.h>`.
#![allow(non_camel_case_types)]

pub mod code;
pub mod reason;

pub mod version;

pub mod error;

pub mod ctx;
pub mod ctx_lists;
pub mod ctx_trust;

pub mod keypair;

pub mod conn;

pub mod conn_setup;

pub mod io;

pub mod verbs;

pub mod facts;

pub mod cert;

pub mod pending;

fn stub<T>(value: T) -> T {
    value
}
