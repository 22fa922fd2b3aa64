//! A client and a server through the C functions.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use core::ffi::{c_char, c_int, c_void};
use core::ptr::{null, null_mut};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use tls_capi::cert::*;
use tls_capi::code::*;
use tls_capi::conn::*;
use tls_capi::conn_setup::*;
use tls_capi::ctx::*;
use tls_capi::ctx_lists::*;
use tls_capi::facts::*;
use tls_capi::io::*;
use tls_capi::reason::*;
use tls_capi::verbs::*;

#[test]
fn facts_of_a_connection() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    for ctx in [client, server] {
        assert_eq!(
            c!(tls_ctx_set_alpn_wire(ctx, b"\x03a\0b".as_ptr().cast(), 4)),
            TLS_OK
        );
    }
    let pair = Pair::of(client, server);
    for conn in [pair.client, pair.server] {
        assert!(c!(tls_conn_version(conn)).is_null());
        assert!(c!(tls_conn_alpn(conn, null_mut())).is_null());
        assert_eq!(c!(tls_conn_cipher_id(conn)), 0);
        assert_eq!(c!(tls_conn_established(conn)), 0);
        assert_eq!(c!(tls_conn_peer_cert_count(conn)), 0);
    }
    assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
    assert_eq!(c!(tls_conn_role(pair.client)), TLS_CLIENT);
    assert_eq!(c!(tls_conn_role(pair.server)), TLS_SERVER);
    for conn in [pair.client, pair.server] {
        let suite = "ECDHE-ECDSA-AES128-GCM-SHA256";
        assert_eq!(text(c!(tls_conn_version(conn))).as_deref(), Some("TLSv1.2"));
        assert_eq!(text(c!(tls_conn_cipher(conn))).as_deref(), Some(suite));
        let iana = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
        assert_eq!(text(c!(tls_conn_cipher_iana(conn))).as_deref(), Some(iana));
        assert_eq!(c!(tls_conn_cipher_id(conn)), 0xc02b);
        assert_eq!(c!(tls_conn_cipher_bits(conn)), 128);
        assert_eq!(text(c!(tls_conn_group(conn))).as_deref(), Some("x25519"));
        let scheme = "ecdsa_secp256r1_sha256";
        assert_eq!(text(c!(tls_conn_scheme(conn))).as_deref(), Some(scheme));
        assert_eq!(
            text(c!(tls_conn_server_name(conn))).as_deref(),
            Some("localhost")
        );
        assert_eq!(c!(tls_conn_extended_master_secret(conn)), 1);
        assert_eq!(c!(tls_conn_secure_renegotiation(conn)), 1);
        assert_eq!(c!(tls_conn_encrypt_then_mac(conn)), 0);
        assert_eq!(c!(tls_conn_established(conn)), 1);
        let mut len = 0;
        let alpn = c!(tls_conn_alpn(conn, &raw mut len));
        assert_eq!(len, 3);
        // SAFETY: three bytes and a NUL, as the length says.
        let bytes = unsafe { core::slice::from_raw_parts(alpn.cast::<u8>(), 4) };
        assert_eq!(bytes, b"a\0b\0");
        assert_eq!(
            c!(tls_conn_alpn(conn, null_mut())),
            alpn,
            "a text stays where it is"
        );
        assert_eq!(c!(tls_conn_cipher(conn)), c!(tls_conn_cipher(conn)));
        assert_eq!(conn_error(conn).number, 0);
        assert_eq!(
            text(c!(tls_conn_error_text(conn))).as_deref(),
            Some("no error")
        );
    }
    assert_eq!(c!(tls_conn_verified(pair.client)), 1);
    assert_eq!(c!(tls_conn_verified(pair.server)), 0);
}

#[test]
fn certificates_outlive_their_connection() {
    let pair = Pair::established();
    assert_eq!(c!(tls_conn_peer_cert_count(pair.server)), 0);
    assert_eq!(c!(tls_conn_peer_cert_count(pair.client)), 2);
    assert_eq!(c!(tls_conn_verified_cert_count(pair.client)), 3);
    assert!(c!(tls_conn_peer_cert(pair.client, 2)).is_null());
    let leaf = c!(tls_conn_peer_cert(pair.client, 0));
    assert_eq!(c!(tls_conn_peer_cert(pair.client, 0)), leaf);
    let kept = c!(tls_cert_ref(leaf));
    assert_eq!(kept.cast_const(), leaf);
    let (mut lens, der) = ([0, 0], c!(tls_cert_der(leaf, null_mut())));
    assert_eq!(c!(tls_cert_der(leaf, &raw mut lens[0])), der);
    let verified = c!(tls_conn_verified_cert(pair.client, 0));
    c!(tls_cert_der(verified, &raw mut lens[1]));
    assert_eq!(lens[0], lens[1]);
    drop(pair);

    // SAFETY: a live certificate lends its bytes.
    let der = unsafe { core::slice::from_raw_parts(der.cast::<u8>(), lens[0]) };
    assert_eq!(der[0], 0x30);
    let fingerprint = text(c!(tls_cert_fingerprint(kept))).unwrap();
    assert_eq!(fingerprint.len(), 64);
    assert!(text(c!(tls_cert_subject(kept))).unwrap().contains("CN="));
    assert_ne!(
        text(c!(tls_cert_issuer(kept))),
        text(c!(tls_cert_subject(kept)))
    );
    assert!(text(c!(tls_cert_serial(kept))).unwrap().len() >= 2);
    assert_eq!(c!(tls_cert_not_before(kept)), 1_577_836_800);
    assert_eq!(c!(tls_cert_not_after(kept)), 4_733_510_400);
    let names: Vec<(c_int, String)> = (0..c!(tls_cert_name_count(kept)))
        .map(|i| {
            (
                c!(tls_cert_name_type(kept, i)),
                text(c!(tls_cert_name(kept, i))).unwrap(),
            )
        })
        .collect();
    assert!(
        names.contains(&(TLS_NAME_DNS, "localhost".into())),
        "{names:?}"
    );
    assert!(
        names.contains(&(TLS_NAME_IP, "127.0.0.1".into())),
        "{names:?}"
    );
    assert!(c!(tls_cert_name(kept, names.len())).is_null());
    assert_eq!(c!(tls_cert_name_type(kept, names.len())), 0);
    c!(tls_cert_free(kept));
}

#[test]
fn data_and_both_ends() {
    let pair = Pair::established();
    let mut buf = [0; 16];
    assert_eq!(write(pair.client, b"hello"), 5);
    assert_eq!(write(pair.client, b"more"), TLS_WANT_WRITE as isize);
    assert_eq!(c!(tls_flush(pair.client)), TLS_WANT_WRITE);
    assert_eq!(
        c!(tls_conn_wants(pair.client)),
        TLS_WANTS_READ | TLS_WANTS_WRITE
    );
    carry(pair.client, pair.server);
    assert_eq!(c!(tls_flush(pair.client)), TLS_OK);
    assert_eq!(c!(tls_conn_has_pending(pair.server)), 1);
    assert_eq!(read(pair.server, &mut buf[..2]), 2);
    assert_eq!(c!(tls_conn_pending(pair.server)), 3);
    assert_eq!(read(pair.server, &mut buf), 3);
    assert_eq!(read(pair.server, &mut buf), TLS_WANT_READ as isize);
    assert_eq!(c!(tls_close(pair.client)), TLS_WANT_WRITE);
    assert_eq!(c!(tls_conn_close_sent(pair.client)), 1);
    carry(pair.client, pair.server);
    assert_eq!(c!(tls_close(pair.client)), TLS_OK);
    assert_eq!(c!(tls_feed(pair.server, b"plain".as_ptr().cast(), 5)), 5);
    assert_eq!(
        c!(tls_conn_unread(pair.server, buf.as_mut_ptr().cast(), 16)),
        0
    );
    assert_eq!(read(pair.server, &mut buf), 0);
    assert_eq!(c!(tls_conn_close_received(pair.server)), 1);
    assert_eq!(
        c!(tls_conn_unread(pair.server, buf.as_mut_ptr().cast(), 2)),
        2
    );
    assert_eq!(
        c!(tls_conn_unread(
            pair.server,
            buf[2..].as_mut_ptr().cast(),
            9
        )),
        3
    );
    assert_eq!(&buf[..5], b"plain");
    assert_eq!(write(pair.client, b"x"), TLS_ERR_USAGE as isize);
    assert_eq!(
        conn_error(pair.client).number,
        TLS_REASON_CLOSED_FOR_WRITING
    );
    assert_eq!(c!(tls_feed_eof(pair.client)), TLS_OK);
    assert_eq!(read(pair.client, &mut buf), TLS_ERR_IO as isize);
    assert_eq!(conn_error(pair.client).number, TLS_REASON_TRUNCATED);
    assert_eq!(conn_error(pair.client).family, TLS_FAMILY_TRANSPORT);
}

#[test]
fn file_descriptors_that_block() {
    let pair = Pair::new();
    let (a, b) = UnixStream::pair().unwrap();
    assert_eq!(c!(tls_conn_set_fd(pair.client, a.as_raw_fd())), TLS_OK);
    assert_eq!(
        c!(tls_conn_set_fds(pair.server, b.as_raw_fd(), b.as_raw_fd())),
        TLS_OK
    );
    let server = pair.server as usize;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let server = server as *mut tls_conn;
            let mut buf = [0; 1000];
            let mut total = 0;
            loop {
                match read(server, &mut buf) {
                    0 => break,
                    n => total += n,
                }
            }
            assert_eq!(total, 200_000);
            assert_eq!(write(server, b"done"), 4);
            assert_eq!(c!(tls_close(server)), TLS_OK);
        });
        assert_eq!(write(pair.client, &[9; 200_000]), 200_000);
        assert_eq!(c!(tls_close(pair.client)), TLS_OK);
        let mut buf = [0; 8];
        assert_eq!(read(pair.client, &mut buf), 4);
        assert_eq!(read(pair.client, &mut buf), 0);
    });
    drop(b);
    assert_eq!(read(pair.client, &mut [0; 8]), 0, "a clean end stays one");
}

extern "C" fn fd_read(_: *mut tls_conn, buf: *mut c_void, len: usize, arg: *mut c_void) -> isize {
    // SAFETY: a live buffer of so many bytes.
    let n = unsafe { libc::read(arg as c_int, buf, len) };
    if n < 0 { TLS_ERR_IO as isize } else { n }
}

extern "C" fn fd_write(
    _: *mut tls_conn,
    buf: *const c_void,
    len: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: as above.
    let n = unsafe { libc::send(arg as c_int, buf, len, libc::MSG_NOSIGNAL) };
    if n < 0 { TLS_ERR_IO as isize } else { n }
}

#[test]
fn callbacks_that_block() {
    let pair = Pair::new();
    let (a, b) = UnixStream::pair().unwrap();
    for (conn, fd) in [(pair.client, a.as_raw_fd()), (pair.server, b.as_raw_fd())] {
        let arg = fd as usize as *mut c_void;
        assert_eq!(
            c!(tls_conn_set_io(conn, Some(fd_read), Some(fd_write), arg)),
            TLS_OK
        );
    }
    let server = pair.server as usize;
    std::thread::scope(|scope| {
        scope.spawn(move || assert_eq!(c!(tls_handshake(server as *mut tls_conn)), TLS_OK));
        assert_eq!(c!(tls_handshake(pair.client)), TLS_OK);
    });
    assert_eq!(write(pair.client, b"hi"), 2);
    let mut buf = [0; 4];
    assert_eq!(read(pair.server, &mut buf), 2);
}

#[test]
fn settings_of_one_connection() {
    let (client, server) = (client_ctx(), tls_ctx_new(TLS_SERVER));
    let pair = Pair::of(client, server);
    assert_eq!(conn_error(pair.server).number, TLS_REASON_NO_KEYPAIR);
    let (cert, key) = (pem("server-rsa.pem"), pem("server-rsa.key"));
    let mem = |key: *const c_void, len| {
        c!(tls_conn_set_keypair_mem(
            pair.server,
            cert.as_ptr().cast(),
            cert.len(),
            key,
            len
        ))
    };
    assert_eq!(mem(null(), 0), TLS_ERR_USAGE);
    assert_eq!(mem(key.as_ptr().cast(), key.len()), TLS_OK);
    assert_eq!(conn_error(pair.server).number, 0);
    let name = |f: unsafe extern "C" fn(*mut tls_conn, *const c_char) -> c_int,
                name: &core::ffi::CStr| {
        // SAFETY: a live connection and a string.
        unsafe { f(pair.client, name.as_ptr()) }
    };
    assert_eq!(name(tls_conn_set_server_name, c"other.test."), TLS_OK);
    assert_eq!(name(tls_conn_set_verify_name, c"::1"), TLS_OK);
    assert_eq!(name(tls_conn_set_alpn, c"h2,http/1.1"), TLS_OK);
    assert_eq!(
        c!(tls_conn_set_alpn_wire(
            pair.server,
            b"\x02h2".as_ptr().cast(),
            3
        )),
        TLS_OK
    );
    assert_eq!(name(tls_conn_set_cipher_list, c"AES256+ECDHE"), TLS_OK);
    assert_eq!(c!(tls_conn_danger_accept_any_name(pair.client)), TLS_OK);
    assert_eq!(
        c!(tls_conn_set_verify(pair.client, TLS_VERIFY_REQUIRED)),
        TLS_OK
    );
    assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
    assert_eq!(
        text(c!(tls_conn_server_name(pair.server))).as_deref(),
        Some("other.test")
    );
    assert_eq!(
        text(c!(tls_conn_alpn(pair.client, null_mut()))).as_deref(),
        Some("h2")
    );
    assert_eq!(c!(tls_conn_cipher_bits(pair.client)), 256);
}

#[test]
fn resolved_lists_are_copied_whole_or_not_at_all() {
    let ctx = tls_ctx_new(TLS_CLIENT | TLS_SERVER);
    assert_eq!(
        c!(tls_ctx_set_cipher_list(
            ctx,
            c"ECDHE-RSA-AES128-GCM-SHA256".as_ptr()
        )),
        TLS_OK
    );
    assert_eq!(
        c!(tls_ctx_set_groups(ctx, c"P-256:X25519".as_ptr())),
        TLS_OK
    );
    assert_eq!(c!(tls_ctx_set_sigalgs(ctx, c"ed25519".as_ptr())), TLS_OK);
    type List = unsafe extern "C" fn(*const tls_ctx, *mut c_char, usize) -> isize;
    let lists: [(List, &str); 3] = [
        (tls_ctx_ciphers, "ECDHE-RSA-AES128-GCM-SHA256"),
        (tls_ctx_groups, "secp256r1:x25519"),
        (tls_ctx_sigalgs, "ed25519"),
    ];
    for (list, expected) in lists {
        let mut buf = [1 as c_char; 64];
        assert_eq!(c!(list(ctx, null_mut(), 0)), expected.len().cast_signed());
        assert_eq!(c!(list(ctx, null_mut(), 1)), TLS_ERR_USAGE as isize);
        c!(list(ctx, buf.as_mut_ptr(), expected.len()));
        assert_eq!(buf, [1; 64]);
        c!(list(ctx, buf.as_mut_ptr(), expected.len() + 1));
        assert_eq!(text(buf.as_ptr()).as_deref(), Some(expected));
        assert_eq!(buf[expected.len() + 1], 1);
    }
    c!(tls_ctx_free(ctx));
}
