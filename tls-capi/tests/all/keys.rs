//! Private keys behind callbacks, and their answers: at once, later, twice, never, too late.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use tls_capi::code::*;
use tls_capi::ctx::*;
use tls_capi::facts::*;
use tls_capi::keypair::*;
use tls_capi::pending::*;
use tls_capi::reason::*;
use tls_core::crypto::{Later, PrivateKey, Reply};
use tls_core::wire::SignatureScheme;

/// A pointer that a test hands to another thread.
#[derive(Clone, Copy, Debug)]
struct Sent(*mut tls_pending);

// SAFETY: tls_pending may be used by any thread, also by several.
unsafe impl Send for Sent {}
// SAFETY: as above.
unsafe impl Sync for Sent {}

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Now,
    Later,
    Refuses,
    SaysWhy,
    ForgetsToAnswer,
    WrongKind,
}

/// The program's side of the key; `arg` of the callbacks points to it.
struct Token {
    key: Arc<dyn PrivateKey>,
    manner: Manner,
    asked: Mutex<Vec<(Sent, SignatureScheme, Vec<u8>)>>,
    released: AtomicI32,
}

impl Token {
    fn new(manner: Manner) -> Self {
        let ctx = tls_std::Context::new(tls_std::Roles::Server);
        ctx.add_keypair_mem(&pem("server-p256.pem"), Some(&pem("server-p256.key")))
            .unwrap();
        Self {
            key: ctx.config().keypairs[0].key().clone(),
            manner,
            asked: Mutex::default(),
            released: AtomicI32::new(0),
        }
    }

    fn answer(&self, pending: *mut tls_pending, scheme: SignatureScheme, message: &[u8]) -> c_int {
        let Reply::Now(Ok(signature)) = self.key.sign(scheme, message, &Later::default()) else {
            panic!("the key does not sign");
        };
        c!(tls_pending_answer_signature(
            pending,
            signature.as_ptr().cast(),
            signature.len()
        ))
    }

    fn arg(&self) -> *mut c_void {
        (&raw const *self).cast_mut().cast()
    }

    fn question(&self) -> (Sent, SignatureScheme, Vec<u8>) {
        self.asked.lock().unwrap().pop().unwrap()
    }
}

extern "C" fn sign(
    pending: *mut tls_pending,
    scheme: c_int,
    message: *const u8,
    len: usize,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the test's own structure, and live bytes.
    let (token, message) = unsafe {
        (
            &*arg.cast::<Token>(),
            core::slice::from_raw_parts(message, len),
        )
    };
    let scheme = SignatureScheme(u16::try_from(scheme).unwrap());
    match token.manner {
        Manner::Now => {
            assert_eq!(token.answer(pending, scheme, message), TLS_OK);
            assert_eq!(token.answer(pending, scheme, message), TLS_ERR_USAGE);
            TLS_OK
        }
        Manner::Later => {
            let kept = Sent(c!(tls_pending_ref(pending)));
            token
                .asked
                .lock()
                .unwrap()
                .push((kept, scheme, message.to_vec()));
            TLS_WANT_APP
        }
        Manner::Refuses => -77,
        Manner::SaysWhy => {
            assert_eq!(
                c!(tls_pending_answer_error(pending, c"no card".as_ptr())),
                TLS_OK
            );
            TLS_ERR_IO
        }
        Manner::ForgetsToAnswer => TLS_OK,
        Manner::WrongKind => {
            let usage = TLS_ERR_USAGE;
            assert_eq!(
                c!(tls_pending_answer_decrypted(
                    pending,
                    b"x".as_ptr().cast(),
                    1
                )),
                usage
            );
            assert_eq!(c!(tls_pending_answer_signature(pending, null(), 1)), usage);
            assert_eq!(
                c!(tls_pending_answer_signature(
                    pending,
                    b"x".as_ptr().cast(),
                    0
                )),
                usage
            );
            assert_eq!(token.answer(pending, scheme, message), TLS_OK);
            TLS_OK
        }
    }
}

extern "C" fn release(arg: *mut c_void) {
    // SAFETY: the test's own structure.
    let token = unsafe { &*arg.cast::<Token>() };
    token.released.fetch_add(1, Ordering::SeqCst);
}

static CALLBACKS: tls_key_callbacks = tls_key_callbacks {
    sign: Some(sign),
    decrypt: None,
    release: Some(release),
};

fn add(ctx: *mut tls_ctx, cert: &[u8], token: &Token) -> c_int {
    let (data, len) = (cert.as_ptr().cast(), cert.len());
    c!(tls_ctx_add_keypair_callback(
        ctx,
        data,
        len,
        &raw const CALLBACKS,
        token.arg()
    ))
}

fn pair(token: &Token) -> Pair {
    let ctx = tls_ctx_new(TLS_SERVER);
    assert_eq!(add(ctx, &pem("server-p256.pem"), token), TLS_OK);
    Pair::of(client_ctx(), ctx)
}

#[test]
fn at_once_and_released_once() {
    for manner in [Manner::Now, Manner::WrongKind] {
        let token = Token::new(manner);
        let pair = pair(&token);
        assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
        assert_eq!(token.released.load(Ordering::SeqCst), 0);
        drop(pair);
        assert_eq!(token.released.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn what_was_not_added_is_not_released() {
    let token = Token::new(Manner::Now);
    let ctx = tls_ctx_new(TLS_SERVER);
    assert_eq!(add(ctx, b"no certificate", &token), TLS_ERR_USAGE);
    assert_eq!(ctx_error(ctx).number, TLS_REASON_BAD_PEM);
    let unable = tls_key_callbacks {
        sign: None,
        ..CALLBACKS
    };
    let cert = pem("server-p256.pem");
    let (data, len) = (cert.as_ptr().cast(), cert.len());
    let code = c!(tls_ctx_add_keypair_callback(
        ctx,
        data,
        len,
        &raw const unable,
        token.arg()
    ));
    assert_eq!(code, TLS_ERR_USAGE);
    let code = c!(tls_ctx_add_keypair_callback(
        ctx,
        data,
        len,
        null(),
        token.arg()
    ));
    assert_eq!(code, TLS_ERR_USAGE);
    assert_eq!(ctx_error(ctx).number, TLS_REASON_NULL_HANDLE);
    c!(tls_ctx_free(ctx));
    assert_eq!(token.released.load(Ordering::SeqCst), 0);
}

#[test]
fn later_from_another_thread() {
    static WOKEN: AtomicI32 = AtomicI32::new(0);
    extern "C" fn wake(arg: *mut c_void) {
        assert_eq!(arg as usize, 7);
        WOKEN.fetch_add(1, Ordering::SeqCst);
    }
    let token = Token::new(Manner::Later);
    let pair = pair(&token);
    assert!(c!(tls_conn_question(pair.server)).is_null());
    assert_eq!(pair.handshake().1, TLS_WANT_APP);
    assert_eq!(c!(tls_conn_wants(pair.server)), TLS_WANTS_APP);
    assert_eq!(conn_error(pair.server).number, 0);
    let question = c!(tls_conn_question(pair.server));
    assert_eq!(c!(tls_conn_question(pair.server)), question);
    // A later one takes the place of an earlier one.
    assert_eq!(
        c!(tls_pending_set_wake(question, Some(wake), 8 as *mut c_void)),
        TLS_OK
    );
    assert_eq!(c!(tls_pending_set_wake(question, None, null_mut())), TLS_OK);
    assert_eq!(
        c!(tls_pending_set_wake(question, Some(wake), 7 as *mut c_void)),
        TLS_OK
    );

    let (sent, scheme, message) = token.question();
    let sent = &sent;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let Sent(pending) = *sent;
            assert_eq!(token.answer(pending, scheme, &message), TLS_OK);
            assert_eq!(token.answer(pending, scheme, &message), TLS_ERR_USAGE);
            assert_eq!(c!(tls_pending_answer_error(pending, null())), TLS_ERR_USAGE);
            c!(tls_pending_free(pending));
        });
    });
    assert_eq!(WOKEN.load(Ordering::SeqCst), 1);
    assert_eq!(
        c!(tls_pending_set_wake(question, Some(wake), 7 as *mut c_void)),
        TLS_OK
    );
    assert_eq!(
        WOKEN.load(Ordering::SeqCst),
        2,
        "the answer is there already"
    );
    assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
    assert!(c!(tls_conn_question(pair.server)).is_null());
}

#[test]
fn never_and_after_the_connection_is_gone() {
    let token = Token::new(Manner::Later);
    let abandoned = pair(&token);
    assert_eq!(abandoned.handshake().1, TLS_WANT_APP);
    let (Sent(pending), scheme, message) = token.question();
    drop(abandoned);
    assert_eq!(token.answer(pending, scheme, &message), TLS_OK);
    assert_eq!(token.answer(pending, scheme, &message), TLS_ERR_USAGE);
    c!(tls_pending_free(pending));

    let unanswered = pair(&token);
    assert_eq!(unanswered.handshake().1, TLS_WANT_APP);
    let (Sent(pending), ..) = token.question();
    // Nobody can answer any more: that is an answer.
    c!(tls_pending_free(pending));
    assert_eq!(
        c!(tls_capi::verbs::tls_handshake(unanswered.server)),
        TLS_ERR_USAGE
    );
    drop(unanswered);
    assert_eq!(token.released.load(Ordering::SeqCst), 2);
}

#[test]
fn failures() {
    for (manner, says) in [
        (Manner::Refuses, "returned -77"),
        (Manner::SaysWhy, "no card"),
        (Manner::ForgetsToAnswer, "without an answer"),
    ] {
        let token = Token::new(manner);
        let pair = pair(&token);
        assert_eq!(pair.handshake(), (TLS_ERR_TLS, TLS_ERR_TLS));
        let info = conn_error(pair.server);
        assert_eq!(info.number, TLS_REASON_SIGNING_FAILED);
        assert!(message(&info).contains(says), "{}", message(&info));
        // To the peer it is all the same.
        let heard = conn_error(pair.client);
        assert_eq!((heard.number, heard.alert), (TLS_REASON_ALERT_RECEIVED, 80));
    }
    // Later, and with a reason.
    let token = Token::new(Manner::Later);
    let pair = pair(&token);
    assert_eq!(pair.handshake().1, TLS_WANT_APP);
    let (Sent(pending), ..) = token.question();
    assert_eq!(
        c!(tls_pending_answer_error(pending, c"\xff".as_ptr())),
        TLS_OK
    );
    c!(tls_pending_free(pending));
    assert_eq!(pair.handshake(), (TLS_ERR_TLS, TLS_ERR_TLS));
    assert_eq!(conn_error(pair.server).number, TLS_REASON_SIGNING_FAILED);
}

#[test]
fn rubbish_signatures_are_noticed_by_the_peer() {
    let token = Token::new(Manner::Later);
    let pair = pair(&token);
    assert_eq!(pair.handshake().1, TLS_WANT_APP);
    let (Sent(pending), ..) = token.question();
    let rubbish = [0x30_u8; 70];
    let code = c!(tls_pending_answer_signature(
        pending,
        rubbish.as_ptr().cast(),
        70
    ));
    assert_eq!(code, TLS_OK);
    c!(tls_pending_free(pending));
    assert_eq!(pair.handshake(), (TLS_ERR_TLS, TLS_ERR_TLS));
    assert_eq!(conn_error(pair.client).number, TLS_REASON_BAD_SIGNATURE);
}
