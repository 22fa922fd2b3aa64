//! Private keys that live elsewhere.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::sync::{Arc, Mutex};
use tls_std::tls_core::crypto::{
    Answer, KeyError, Later, Pending, PrivateKey, Reply, Secret, SignedBytes,
};
use tls_std::tls_core::wire::SignatureScheme;
use tls_std::{Context, KeyOperations, Reason, Roles, Stop};

/// What the key does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Manner {
    Now,
    Later,
    Refuses,
    LaterWithoutHandle,
}

/// Where the answer goes, and what is to be signed how.
type Question = (Arc<Pending>, SignatureScheme, Vec<u8>);

#[derive(Debug)]
struct Token {
    key: Arc<dyn PrivateKey>,
    manner: Manner,
    decrypts: bool,
    asked: Mutex<Vec<Question>>,
}

impl Token {
    fn new(name: &str, manner: Manner, decrypts: bool) -> Arc<Self> {
        // The key of a context is as good as any to sign with.
        let key = server_ctx(name).config().keypairs[0].key().clone();
        Arc::new(Self {
            key,
            manner,
            decrypts,
            asked: Mutex::default(),
        })
    }

    fn signature(&self, scheme: SignatureScheme, message: &[u8]) -> SignedBytes {
        match self.key.sign(scheme, message, &Later::default()) {
            Reply::Now(Ok(signature)) => signature,
            other => panic!("{other:?}"),
        }
    }
}

impl KeyOperations for Token {
    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        match self.manner {
            Manner::Now => Reply::Now(Ok(self.signature(scheme, message))),
            Manner::Later => {
                let question = (later.pending(), scheme, message.to_vec());
                self.asked.lock().unwrap().push(question);
                Reply::Later
            }
            Manner::Refuses => Reply::Now(Err(KeyError::Failed("the token is locked".into()))),
            Manner::LaterWithoutHandle => Reply::Later,
        }
    }

    fn can_decrypt(&self) -> bool {
        self.decrypts
    }

    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        assert!(self.decrypts);
        self.key.decrypt_raw(ciphertext, later)
    }
}

fn ctx(name: &str, token: &Arc<Token>) -> Context {
    let ctx = Context::new(Roles::Server);
    let cert = std::fs::read(pki(&format!("server-{name}.pem"))).unwrap();
    ctx.add_keypair_external(&cert, token.clone()).unwrap();
    ctx
}

#[test]
fn every_kind_of_key_signs() {
    for name in ["rsa", "rsapss", "p256", "p384", "p521", "ed25519"] {
        let token = Token::new(name, Manner::Now, false);
        let mut client = client_ctx().client(Some("localhost"));
        shake(&mut client, &mut ctx(name, &token).server()).unwrap();
    }
}

#[test]
fn answers_come_later_from_another_thread() {
    let token = Token::new("rsa", Manner::Later, false);
    let mut server = ctx("rsa", &token).server();
    let mut client = client_ctx().client(Some("localhost"));
    let _ = client.handshake();
    carry(&mut client, &mut server);
    for _ in 0..3 {
        assert_eq!(server.handshake(), Err(Stop::WantApp));
        // The hello and the certificate may go already.
        assert_eq!((server.wants().app, server.wants().read), (true, false));
        assert!(server.error().is_none());
    }
    let question = server.question().unwrap().clone();
    let woken = Arc::new(Mutex::new(0));
    let count = woken.clone();
    question.set_waker(move || *count.lock().unwrap() += 1);
    let (pending, scheme, message) = token.asked.lock().unwrap().pop().unwrap();
    assert!(Arc::ptr_eq(&question, &pending));
    let answerer = std::thread::spawn({
        let token = token.clone();
        move || {
            let signature = token.signature(scheme, &message);
            pending.answer(Answer::Signature(Ok(signature))).unwrap();
            pending
                .answer(Answer::Failed(KeyError::Failed("twice".into())))
                .unwrap_err();
        }
    });
    answerer.join().unwrap();
    assert_eq!(*woken.lock().unwrap(), 1);
    assert_eq!(server.handshake(), Err(Stop::WantWrite));
    assert!(server.question().is_none());
    shake(&mut client, &mut server).unwrap();
    // A waker that comes too late is called at once.
    let count = woken.clone();
    question.set_waker(move || *count.lock().unwrap() += 1);
    assert_eq!(*woken.lock().unwrap(), 2);
}

#[test]
fn an_answer_to_a_connection_that_is_gone_is_harmless() {
    let token = Token::new("p256", Manner::Later, false);
    let mut server = ctx("p256", &token).server();
    let mut client = client_ctx().client(Some("localhost"));
    let _ = client.handshake();
    carry(&mut client, &mut server);
    assert_eq!(server.handshake(), Err(Stop::WantApp));
    drop(server);
    let (pending, scheme, message) = token.asked.lock().unwrap().pop().unwrap();
    let signature = token.signature(scheme, &message);
    pending.answer(Answer::Signature(Ok(signature))).unwrap();
}

#[test]
fn refusals_and_wrong_answers_end_the_connection() {
    let outcome = |manner, answer: Option<Answer>| {
        let token = Token::new("p256", manner, false);
        let mut server = ctx("p256", &token).server();
        let mut client = client_ctx().client(Some("localhost"));
        let _ = client.handshake();
        carry(&mut client, &mut server);
        let _ = server.handshake();
        if let Some(answer) = answer {
            let (pending, ..) = token.asked.lock().unwrap().pop().unwrap();
            pending.answer(answer).unwrap();
        }
        let outcome = shake(&mut client, &mut server).unwrap_err();
        let text = server.error().or(client.error()).unwrap().text().to_owned();
        (outcome.0, outcome.1, text)
    };
    let (_, reason, text) = outcome(Manner::Refuses, None);
    assert_eq!(reason, Reason::SigningFailed);
    assert!(text.contains("the token is locked"), "{text}");
    let failed = Answer::Failed(KeyError::Failed("no reader".into()));
    let (side, reason, text) = outcome(Manner::Later, Some(failed));
    assert_eq!((side, reason), ("server", Reason::SigningFailed));
    assert!(text.contains("no reader"), "{text}");
    let (_, reason, _) = outcome(
        Manner::Later,
        Some(Answer::Decrypted(Ok(vec![0; 32].into()))),
    );
    assert_eq!(reason, Reason::CallbackMisbehaved);
    let (_, reason, _) = outcome(Manner::LaterWithoutHandle, None);
    assert_eq!(reason, Reason::CallbackMisbehaved);
    // Signatures are the peer's to check.
    let rubbish = Answer::Signature(Ok(vec![1; 70]));
    let (_, reason, text) = outcome(Manner::Later, Some(rubbish));
    assert!(
        matches!(reason, Reason::BadSignature | Reason::AlertReceived),
        "{reason:?} {text}"
    );
}

#[test]
fn rsa_key_exchange_only_with_a_key_that_decrypts() {
    for decrypts in [true, false] {
        let token = Token::new("rsa", Manner::Now, decrypts);
        let server = ctx("rsa", &token);
        let client = client_ctx();
        for ctx in [&server, &client] {
            ctx.set_policy("legacy").unwrap();
        }
        client.set_cipher_list("AES128-SHA").unwrap();
        let outcome = shake(&mut client.client(Some("localhost")), &mut server.server());
        match decrypts {
            true => assert_eq!(outcome, Ok(())),
            false => assert!(outcome.is_err()),
        }
        // With ECDHE it need not decrypt.
        client.set_cipher_list("ECDHE-RSA-AES128-SHA").unwrap();
        shake(&mut client.client(Some("localhost")), &mut server.server()).unwrap();
    }
}

#[test]
fn certificates_that_do_not_parse() {
    let ctx = Context::new(Roles::Server);
    let token = Token::new("p256", Manner::Now, false);
    for bad in [&b""[..], b"0\x03\x02\x01\x05", b"nothing"] {
        assert!(ctx.add_keypair_external(bad, token.clone()).is_err());
    }
    assert!(ctx.config().keypairs.is_empty());
}

#[test]
fn no_wake_up_runs_behind_its_end() {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    let later = tls_core::crypto::Later::new(tls_core::crypto::AnswerKind::Signature);
    let question = later.pending();
    let (began, let_it_go) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
    let shared = Arc::new((began, let_it_go, AtomicU32::new(0)));
    let in_wake = shared.clone();
    let again = question.clone();
    question.set_waker(move || {
        in_wake.0.wait();
        in_wake.1.wait();
        // A wake-up may set another one; that does not wait for itself.
        again.clear_waker();
        in_wake.2.fetch_add(1, SeqCst);
    });
    let answering = std::thread::spawn({
        let question = question.clone();
        move || question.answer(Answer::Signature(Ok(vec![1]))).unwrap()
    });
    shared.0.wait();
    let clearing = std::thread::spawn({
        let (question, shared) = (question.clone(), shared.clone());
        move || {
            question.clear_waker();
            shared.2.load(SeqCst)
        }
    });
    shared.1.wait();
    assert_eq!(clearing.join().unwrap(), 1, "the wake-up had returned");
    answering.join().unwrap();
}
