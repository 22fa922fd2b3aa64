//! Calls that make no sense: wrong roles, orders, lengths and handles, and callbacks that fail or lie.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};
use tls_capi::cert::*;
use tls_capi::code::*;
use tls_capi::conn::*;
use tls_capi::conn_setup::*;
use tls_capi::ctx::*;
use tls_capi::ctx_lists::*;
use tls_capi::ctx_trust::*;
use tls_capi::facts::*;
use tls_capi::io::*;
use tls_capi::keypair::*;
use tls_capi::pending::*;
use tls_capi::reason::*;
use tls_capi::test_hooks::tls_test_panic;
use tls_capi::verbs::*;

/// Every verb fails with this code and leaves this error.
fn failed_for_ever(conn: *mut tls_conn, code: c_int, number: c_int) {
    let mut buf = [0_u8; 4];
    let out = buf.as_mut_ptr().cast();
    for _ in 0..2 {
        assert_eq!(c!(tls_handshake(conn)), code);
        assert_eq!(c!(tls_read(conn, out, 4)), code as isize);
        assert_eq!(c!(tls_read(conn, null_mut(), 4)), code as isize);
        assert_eq!(c!(tls_write(conn, out, 4)), code as isize);
        assert_eq!(c!(tls_write(conn, out, 0)), code as isize);
        assert_eq!(c!(tls_flush(conn)), code);
        assert_eq!(c!(tls_close(conn)), code);
        assert_eq!(c!(tls_feed(conn, out, 4)), code as isize);
        assert_eq!(c!(tls_feed_eof(conn)), code);
        while c!(tls_drain(conn, out, 4)) > 0 {}
        assert_eq!(c!(tls_drain(conn, out, 4)), code as isize);
        assert!(c!(tls_conn_set_alpn(conn, c"h2".as_ptr())) < 0);
        assert_eq!(conn_error(conn).number, number);
        assert_eq!(c!(tls_conn_wants(conn)), 0);
    }
}

#[test]
fn wrong_roles() {
    assert!(tls_ctx_new(0).is_null());
    assert!(tls_ctx_new(4).is_null());
    assert!(tls_ctx_new(-1).is_null());
    let (client, server) = (client_ctx(), server_ctx("p256"));
    for conn in [
        c!(tls_conn_new(server, c"localhost".as_ptr())),
        c!(tls_conn_new_server(client)),
    ] {
        assert_eq!(conn_error(conn).number, TLS_REASON_WRONG_ROLE);
        failed_for_ever(conn, TLS_ERR_USAGE, TLS_REASON_WRONG_ROLE);
        c!(tls_conn_free(conn));
    }
    c!(tls_ctx_free(client));
    c!(tls_ctx_free(server));
}

#[test]
fn names_that_are_none() {
    let ctx = client_ctx();
    for name in [c"", c"a b", c"\xff\xfe", c"1.2.3.4.5"] {
        let conn = c!(tls_conn_new(ctx, name.as_ptr()));
        assert_eq!(conn_error(conn).number, TLS_REASON_BAD_SERVER_NAME);
        failed_for_ever(conn, TLS_ERR_USAGE, TLS_REASON_BAD_SERVER_NAME);
        c!(tls_conn_free(conn));
    }
    let conn = c!(tls_conn_new(ctx, null()));
    assert_eq!(
        c!(tls_conn_set_verify_name(conn, c"..".as_ptr())),
        TLS_ERR_USAGE
    );
    assert_eq!(conn_error(conn).number, TLS_REASON_BAD_SERVER_NAME);
    assert_eq!(
        c!(tls_conn_set_verify_name(conn, c"\xff".as_ptr())),
        TLS_ERR_USAGE
    );
    assert_eq!(c!(tls_handshake(conn)), TLS_ERR_USAGE);
    failed_for_ever(conn, TLS_ERR_USAGE, TLS_REASON_NO_SERVER_NAME);
    c!(tls_conn_free(conn));
    c!(tls_ctx_free(ctx));
}

#[test]
fn handles_of_another_kind() {
    let (ctx, pair) = (client_ctx(), Pair::established());
    let cert = c!(tls_conn_peer_cert(pair.client, 0));
    assert!(!cert.is_null());
    let wrong_ctx = [pair.client.cast::<tls_ctx>(), cert.cast_mut().cast()];
    for wrong in wrong_ctx {
        assert_eq!(
            c!(tls_ctx_set_policy(wrong, c"legacy".as_ptr())),
            TLS_ERR_USAGE
        );
        assert!(c!(tls_ctx_ref(wrong)).is_null());
        assert!(c!(tls_conn_new(wrong, null())).is_null());
        c!(tls_ctx_free(wrong));
    }
    assert_eq!(c!(tls_handshake(ctx.cast())), TLS_ERR_USAGE);
    assert_eq!(c!(tls_conn_wants(ctx.cast())), 0);
    c!(tls_conn_free(ctx.cast()));
    assert!(c!(tls_cert_subject(ctx.cast())).is_null());
    c!(tls_cert_free(ctx.cast()));
    assert_eq!(
        c!(tls_pending_answer_error(ctx.cast(), null())),
        TLS_ERR_USAGE
    );
    c!(tls_pending_free(pair.client.cast()));
    let odd = ctx.cast::<u8>().wrapping_add(1);
    assert_eq!(
        c!(tls_ctx_set_policy(odd.cast(), c"legacy".as_ptr())),
        TLS_ERR_USAGE
    );
    // All of them are as they were.
    assert_eq!(write(pair.client, b"x"), 1);
    assert_eq!(c!(tls_ctx_set_policy(ctx, c"legacy".as_ptr())), TLS_OK);
    c!(tls_ctx_free(ctx));
}

#[test]
fn lengths_and_pointers() {
    let pair = Pair::established();
    let conn = pair.client;
    let mut byte = 0_u8;
    let one = (&raw mut byte).cast::<c_void>();
    let usage = TLS_ERR_USAGE as isize;
    for (number, code) in [
        (TLS_REASON_BAD_ARGUMENT, c!(tls_read(conn, one, 0))),
        (TLS_REASON_BAD_ARGUMENT, c!(tls_read(conn, null_mut(), 0))),
        (TLS_REASON_BAD_ARGUMENT, c!(tls_drain(conn, one, 0))),
        (TLS_REASON_NULL_HANDLE, c!(tls_read(conn, null_mut(), 1))),
    ] {
        assert_eq!(code, usage, "{number}");
    }
    let error = |code: isize| {
        assert_eq!(code, usage);
        conn_error(conn).number
    };
    assert_eq!(error(c!(tls_read(conn, one, 0))), TLS_REASON_BAD_ARGUMENT);
    assert_eq!(
        error(c!(tls_read(conn, null_mut(), 1))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_read(conn, one, usize::MAX))),
        TLS_REASON_BAD_ARGUMENT
    );
    assert_eq!(
        error(c!(tls_write(conn, null(), 1))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_write(conn, one, 1 << 63))),
        TLS_REASON_BAD_ARGUMENT
    );
    assert_eq!(error(c!(tls_feed(conn, null(), 1))), TLS_REASON_NULL_HANDLE);
    assert_eq!(
        error(c!(tls_drain(conn, null_mut(), 1))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_conn_unread(conn, null_mut(), 1))),
        TLS_REASON_NULL_HANDLE
    );
    // The next verb forgets them.
    assert_eq!(c!(tls_write(conn, null(), 0)), 0);
    assert_eq!(conn_error(conn).number, 0);
    assert_eq!(c!(tls_feed(conn, null(), 0)), 0);
    assert_eq!(c!(tls_conn_unread(conn, null_mut(), 0)), 0);
    assert_eq!(c!(tls_conn_error(conn, null_mut())), TLS_ERR_USAGE);
    // Nothing was fatal.
    assert_eq!(c!(tls_write(conn, one, 1)), 1);
    assert_eq!(c!(tls_conn_set_fd(conn, -1)), TLS_ERR_USAGE);
    assert_eq!(c!(tls_conn_set_fds(conn, 0, -2)), TLS_ERR_USAGE);
    assert_eq!(
        c!(tls_conn_set_io(conn, None, Some(short_write), NULL)),
        TLS_ERR_USAGE
    );
    assert_eq!(
        c!(tls_conn_set_io(conn, Some(end), None, NULL)),
        TLS_ERR_USAGE
    );
    assert_eq!(conn_error(conn).number, TLS_REASON_NULL_HANDLE);
}

#[test]
fn settings_of_contexts_that_make_no_sense() {
    let ctx = tls_ctx_new(TLS_CLIENT);
    assert_eq!(ctx_error(ctx).number, 0);
    assert_eq!(ctx_error(ctx).alert, -1);
    let error = |code: c_int| {
        assert_eq!(code, TLS_ERR_USAGE);
        ctx_error(ctx).number
    };
    assert_eq!(
        error(c!(tls_ctx_set_policy(ctx, null()))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_ctx_set_policy(ctx, c"\xff".as_ptr()))),
        TLS_REASON_BAD_POLICY_NAME
    );
    assert_eq!(
        error(c!(tls_ctx_set_cipher_list(ctx, c"\xff".as_ptr()))),
        TLS_REASON_BAD_CIPHER_LIST
    );
    assert_eq!(
        error(c!(tls_ctx_set_alpn(ctx, c"\xff".as_ptr()))),
        TLS_REASON_BAD_ARGUMENT
    );
    assert_eq!(
        error(c!(tls_ctx_set_alpn(ctx, c",".as_ptr()))),
        TLS_REASON_BAD_ALPN_LIST
    );
    assert_eq!(
        error(c!(tls_ctx_set_alpn_wire(ctx, null(), 1))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_ctx_set_preference(ctx, 2))),
        TLS_REASON_BAD_ARGUMENT
    );
    assert_eq!(
        error(c!(tls_ctx_set_verify(ctx, 0))),
        TLS_REASON_BAD_ARGUMENT
    );
    assert_eq!(
        error(c!(tls_ctx_set_legacy_common_name(ctx, 2))),
        TLS_REASON_BAD_ARGUMENT
    );
    assert_eq!(
        error(c!(tls_ctx_add_ca_file(ctx, null()))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_ctx_add_ca_file(ctx, c"/no/such".as_ptr()))),
        TLS_REASON_FILE_UNREADABLE
    );
    let info = ctx_error(ctx);
    assert_eq!(
        (info.os_errno, info.family),
        (libc::ENOENT, TLS_FAMILY_MISUSE)
    );
    assert!(
        message(&info).starts_with("/no/such: "),
        "{}",
        message(&info)
    );
    assert_eq!(
        error(c!(tls_ctx_add_ca_mem(ctx, null(), 0))),
        TLS_REASON_BAD_PEM
    );
    assert_eq!(
        error(c!(tls_ctx_add_keypair_mem(ctx, null(), 0, null(), 3))),
        TLS_REASON_NULL_HANDLE
    );
    assert_eq!(
        error(c!(tls_ctx_add_keypair_file(ctx, null(), null()))),
        TLS_REASON_NULL_HANDLE
    );
    // Paths need not be UTF-8.
    assert_eq!(
        error(c!(tls_ctx_add_ca_file(ctx, c"/no/\xff".as_ptr()))),
        TLS_REASON_FILE_UNREADABLE
    );
    c!(tls_ctx_free(ctx));
}

#[test]
fn long_texts_are_cut() {
    let ctx = tls_ctx_new(TLS_CLIENT);
    let long = std::ffi::CString::new("\u{e9}".repeat(1000)).unwrap();
    assert_eq!(
        c!(tls_ctx_set_cipher_list(ctx, long.as_ptr())),
        TLS_ERR_USAGE
    );
    let text = message(&ctx_error(ctx));
    assert!(text.ends_with("...") && text.len() > 400, "{text}");
    c!(tls_ctx_free(ctx));
}

extern "C" fn end(_: *mut tls_conn, _: *mut c_void, _: usize, _: *mut c_void) -> isize {
    0
}

extern "C" fn short_write(_: *mut tls_conn, _: *const c_void, len: usize, _: *mut c_void) -> isize {
    len.min(7).cast_signed()
}

/// What the callbacks return; the argument points to it.
struct Returns {
    read: isize,
    write: isize,
    os_errno: c_int,
}

extern "C" fn returns_read(
    conn: *mut tls_conn,
    _: *mut c_void,
    _: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: the test's own structure.
    let returns = unsafe { &*arg.cast::<Returns>() };
    c!(tls_conn_set_os_error(conn, returns.os_errno));
    returns.read
}

extern "C" fn returns_write(
    conn: *mut tls_conn,
    _: *const c_void,
    len: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: the test's own structure.
    let returns = unsafe { &*arg.cast::<Returns>() };
    c!(tls_conn_set_os_error(conn, returns.os_errno));
    match returns.write {
        1 => len.cast_signed(),
        other => other,
    }
}

fn with_callbacks(read: isize, write: isize, os_errno: c_int, check: impl FnOnce(*mut tls_conn)) {
    let pair = Pair::new();
    let returns = Returns {
        read,
        write,
        os_errno,
    };
    let arg = (&raw const returns).cast_mut().cast();
    let (read, write) = (Some(returns_read as _), Some(returns_write as _));
    assert_eq!(c!(tls_conn_set_io(pair.client, read, write, arg)), TLS_OK);
    check(pair.client);
}

#[test]
fn callbacks_that_want() {
    for want in [TLS_WANT_READ, TLS_WANT_WRITE, TLS_WANT_APP] {
        for (read, write) in [(want as isize, 1), (0, want as isize)] {
            with_callbacks(read, write, 0, |conn| {
                assert_eq!(c!(tls_handshake(conn)), want);
                assert_eq!(conn_error(conn).number, 0);
                let bits = [TLS_WANTS_READ, TLS_WANTS_WRITE, TLS_WANTS_APP];
                assert_eq!(c!(tls_conn_wants(conn)), bits[(-2 - want) as usize]);
            });
        }
    }
}

#[test]
fn callbacks_that_fail() {
    for (read, write) in [(TLS_ERR_IO as isize, 1), (0, TLS_ERR_IO as isize)] {
        with_callbacks(read, write, libc::ECONNRESET, |conn| {
            assert_eq!(c!(tls_handshake(conn)), TLS_ERR_IO);
            assert_eq!(conn_error(conn).os_errno, libc::ECONNRESET);
            failed_for_ever(conn, TLS_ERR_IO, TLS_REASON_TRANSPORT_FAILED);
            assert_eq!(conn_error(conn).os_errno, libc::ECONNRESET);
        });
    }
    with_callbacks(TLS_ERR_IO as isize, 1, 0, |conn| {
        assert_eq!(c!(tls_handshake(conn)), TLS_ERR_IO);
        assert_eq!(conn_error(conn).os_errno, 0);
    });
    with_callbacks(0, 1, 5, |conn| {
        failed_for_ever(conn, TLS_ERR_IO, TLS_REASON_EOF_IN_HANDSHAKE)
    });
}

#[test]
fn callbacks_that_return_nonsense() {
    let huge = isize::MAX;
    for nonsense in [-1, -6, -77, -100, -101, isize::MIN, 1 << 20, huge] {
        for (read, write) in [(nonsense, 1), (0, nonsense)] {
            with_callbacks(read, write, 0, |conn| {
                failed_for_ever(conn, TLS_ERR_USAGE, TLS_REASON_CALLBACK_MISBEHAVED);
            });
        }
    }
    // Nothing written is no progress: a want is the way to say so.
    with_callbacks(0, 0, 0, |conn| {
        failed_for_ever(conn, TLS_ERR_USAGE, TLS_REASON_CALLBACK_MISBEHAVED);
    });
}

thread_local! {
    static SEEN: Cell<(c_int, isize, c_int, c_int)> = const { Cell::new((0, 0, 0, 0)) };
}

/// Calls back into its own connection.
extern "C" fn reenters(conn: *mut tls_conn, buf: *mut c_void, len: usize, _: *mut c_void) -> isize {
    let read = c!(tls_read(conn, buf, len));
    let seen = (
        c!(tls_handshake(conn)),
        read,
        conn_error(conn).number,
        c!(tls_conn_role(conn)),
    );
    SEEN.set(seen);
    assert!(c!(tls_conn_cipher(conn)).is_null());
    assert!(c!(tls_conn_question(conn)).is_null());
    c!(tls_conn_free(conn));
    TLS_WANT_READ as isize
}

#[test]
fn callbacks_that_call_their_connection_are_refused() {
    let pair = Pair::new();
    c!(tls_conn_set_io(
        pair.client,
        Some(reenters),
        Some(short_write),
        NULL
    ));
    assert_eq!(c!(tls_handshake(pair.client)), TLS_WANT_READ);
    let usage = TLS_ERR_USAGE;
    assert_eq!(
        SEEN.get(),
        (usage, usage as isize, TLS_REASON_WRONG_ORDER, 0)
    );
    // It was not harmed, nor freed.
    assert_eq!(conn_error(pair.client).number, 0);
    assert_eq!(c!(tls_conn_role(pair.client)), TLS_CLIENT);
}

#[test]
fn panics_stay_inside_and_end_the_connection() {
    let pair = Pair::established();
    assert_eq!(c!(tls_test_panic(null_mut())), TLS_ERR_USAGE);
    assert_eq!(c!(tls_test_panic(pair.client)), TLS_ERR_PANIC);
    failed_for_ever(pair.client, TLS_ERR_PANIC, TLS_REASON_PANICKED);
    assert_eq!(c!(tls_conn_established(pair.client)), 0);
    assert!(
        text(c!(tls_conn_error_text(pair.client)))
            .unwrap()
            .starts_with("PANICKED: ")
    );
    // The other one does not care.
    assert_eq!(write(pair.server, b"x"), 1);
}

#[test]
fn errors_name_their_alert_and_its_direction() {
    let pair = Pair::new();
    assert_eq!(
        c!(tls_conn_set_verify_name(
            pair.client,
            c"other.test".as_ptr()
        )),
        TLS_OK
    );
    assert_eq!(pair.handshake(), (TLS_ERR_TLS, TLS_ERR_TLS));
    let (client, server) = (conn_error(pair.client), conn_error(pair.server));
    assert_eq!(client.number, TLS_REASON_NAME_MISMATCH);
    assert_eq!(client.family, TLS_FAMILY_CERTIFICATE);
    assert_eq!((client.alert, client.alert_direction), (42, TLS_ALERT_SENT));
    assert_eq!(server.number, TLS_REASON_ALERT_RECEIVED);
    assert_eq!(
        (server.alert, server.alert_direction),
        (42, TLS_ALERT_RECEIVED)
    );
    assert!(message(&server).contains("bad_certificate"));
    failed_for_ever(pair.client, TLS_ERR_TLS, TLS_REASON_NAME_MISMATCH);
    failed_for_ever(pair.server, TLS_ERR_TLS, TLS_REASON_ALERT_RECEIVED);
}
