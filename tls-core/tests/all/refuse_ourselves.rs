//! Faults of our own side: randomness that fails, keys and verifiers that answer later, wrongly or
//! not at all, and calls that make no sense.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, CBC, GCM, Plan, RSA};
use common::puppet::{Puppet, params};
use common::wire::list16;
use common::{ScriptedRandom, certificates, config, keypair, read, server_config};
use std::sync::{Arc, Mutex};
use tls_core::cert::{CertificateVerifier, Keypair, VerifiedChain, VerifyRequest};
use tls_core::config::{Config, LEGACY, MODERN, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{
    Answer, KeyError, KeyKind, Later, Pending, PrivateKey, PublicKey, Reply, Secret, SignedBytes,
};
use tls_core::error::{Error, Reason};
use tls_core::wire::{
    AlertDescription as A, ContentType as C, ExtensionType as E, HandshakeType as T,
    NamedGroup as G, SignatureScheme as S,
};
use tls_crypto::DefaultProvider;

/// What ends no handshake.
const WARNINGS: [A; 3] = [A::CLOSE_NOTIFY, A::USER_CANCELED, A::NO_RENEGOTIATION];

/// A configuration whose randomness ends after `len` bytes.
fn with_random(mut config: Config, len: usize) -> Config {
    config.random = ScriptedRandom::new(&[&vec![0x42; len]]);
    config
}

#[test]
fn a_client_without_randomness_says_nothing() {
    for len in [0, 31] {
        let mut conn = common::client(with_random(config(&MODERN), len));
        assert_eq!(conn.handshake(), Err(Stop::Failed));
        assert_eq!(common::reason(&conn), Reason::RandomFailed);
        assert_eq!(common::take(&mut conn), [21, 3, 1, 0, 2, 2, 80]);
        assert_eq!(conn.handshake(), Err(Stop::Failed));
        assert!(conn.outgoing().is_empty());
    }
}

#[test]
fn randomness_that_ends_ends_the_connection() {
    // A server's random, its ephemeral key, and a client's ephemeral key.
    for len in [0, 31, 32, 63] {
        let config = with_random(GCM.server_config(), len);
        let mut puppet = Puppet::against_server(config);
        puppet.client_hello(&GCM.client_hello());
        puppet.refused(Reason::RandomFailed, A::INTERNAL_ERROR);
        assert_eq!(puppet.seen.len(), 1, "the alert alone");
    }
    let config = with_random(GCM.client_config(), 32);
    let mut puppet = GCM.client_with(config, AtClient::ServerHelloDone);
    puppet.seen.clear();
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::RandomFailed, A::INTERNAL_ERROR);
    assert_eq!(puppet.seen.len(), 1, "the alert alone");
    // RSA: a client's secret and the padding around it; a server's substitute for a bad secret.
    for (len, reason) in [
        (32, Reason::RandomFailed),
        (32 + 47, Reason::RandomFailed),
        (32 + 48, Reason::EncryptionFailed),
    ] {
        let config = with_random(RSA.client_config(), len);
        let mut puppet = RSA.client_with(config, AtClient::ServerHelloDone);
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(reason, A::INTERNAL_ERROR);
    }
    for len in [32, 32 + 47] {
        let config = with_random(RSA.server_config(), len);
        let mut puppet = RSA.server_with(config, AtServer::ClientKeyExchange);
        RSA.client_key_exchange(&mut puppet);
        puppet.refused(Reason::RandomFailed, A::INTERNAL_ERROR);
    }
}

#[test]
fn without_an_iv_nothing_is_sealed_not_even_the_alert() {
    // Enough for the handshake, and for nothing behind it.
    let config = with_random(CBC.server_config(), 32 + 32 + 16);
    let mut puppet = CBC.server_with(config, AtServer::Traffic);
    assert_eq!(puppet.conn.write(b"data"), Err(Stop::Failed));
    assert_eq!(common::reason(&puppet.conn), Reason::RandomFailed);
    assert!(puppet.conn.outgoing().is_empty());
    puppet.stays_dead();
}

/// x448
const NOBODYS: G = G(30);

#[test]
fn a_group_that_the_provider_lacks() {
    let mut config = GCM.client_config();
    config.groups.push(NOBODYS);
    let mut puppet = GCM.client_with(config, AtClient::ServerKeyExchange);
    let params = params(NOBODYS, &[9; 32]);
    puppet.server_key_exchange(&params, GCM.keypair, GCM.scheme);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::ProviderMissing, A::INTERNAL_ERROR);

    let mut config = GCM.server_config();
    config.groups = vec![NOBODYS];
    let mut hello = GCM.client_hello();
    hello
        .extensions
        .set(E::SUPPORTED_GROUPS, &list16(&[NOBODYS.0]));
    let mut puppet = Puppet::against_server(config);
    puppet.client_hello(&hello);
    puppet.refused(Reason::ProviderMissing, A::INTERNAL_ERROR);
}

/// What a key does with a request.
#[derive(Clone, Copy, Debug)]
enum Mood {
    Fails,
    /// Answers later, through what it left in `pending`.
    Later,
    /// Says that it will answer, and takes no handle for it.
    Forgets,
}

#[derive(Debug)]
struct MoodyKey {
    inner: Arc<dyn PrivateKey>,
    mood: Mood,
    pending: Mutex<Option<Arc<Pending>>>,
}

impl MoodyKey {
    fn reply<T>(&self, later: &Later) -> Reply<Result<T, KeyError>> {
        match self.mood {
            Mood::Fails => Reply::Now(Err(KeyError::Failed("the token was pulled out".into()))),
            Mood::Later => {
                *self.pending.lock().unwrap() = Some(later.pending());
                Reply::Later
            }
            Mood::Forgets => Reply::Later,
        }
    }
}

impl PrivateKey for MoodyKey {
    fn kind(&self) -> KeyKind {
        self.inner.kind()
    }
    fn schemes(&self) -> &[S] {
        self.inner.schemes()
    }
    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        self.inner.public_key()
    }
    fn sign(&self, _: S, _: &[u8], later: &Later) -> Reply<Result<SignedBytes, KeyError>> {
        self.reply(later)
    }
    fn decrypt_raw(&self, _: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        self.reply(later)
    }
}

/// A server whose key is in this mood, with its key, and with the client's hello taken.
fn moody_server(plan: Plan, mood: Mood) -> (Puppet, Arc<MoodyKey>) {
    let key = Arc::new(MoodyKey {
        inner: keypair(plan.keypair).key().clone(),
        mood,
        pending: Mutex::default(),
    });
    let chain = certificates(&format!("pki/{}.pem", plan.keypair));
    let keypair = Keypair::new(&DefaultProvider, chain, key.clone()).unwrap();
    let mut config = server_config(plan.policy, &[]);
    config.keypairs = vec![Arc::new(keypair)];
    let mut puppet = Puppet::against_server(config);
    puppet.client_hello(&plan.client_hello());
    (puppet, key)
}

#[test]
fn a_key_that_cannot_sign_ends_the_connection() {
    let (mut puppet, _) = moody_server(GCM, Mood::Fails);
    puppet.refused(Reason::SigningFailed, A::INTERNAL_ERROR);
    let text = puppet.conn.error().unwrap().text();
    assert!(text.contains("the token was pulled out"), "{text}");
}

#[test]
fn a_key_that_cannot_decrypt_looks_like_a_bad_secret() {
    let (mut puppet, _) = moody_server(RSA, Mood::Fails);
    puppet.accepted();
    RSA.client_key_exchange(&mut puppet);
    puppet.accepted();
    puppet.ccs();
    puppet.accepted();
    // The puppet is told the substitute; nobody else is.
    puppet.finished();
    puppet.established();
}

#[test]
fn later_without_a_handle_is_a_fault_of_the_callback() {
    let (mut puppet, _) = moody_server(GCM, Mood::Forgets);
    puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
    let (mut puppet, _) = moody_server(RSA, Mood::Forgets);
    puppet.accepted();
    RSA.client_key_exchange(&mut puppet);
    puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
}

fn waits(puppet: &mut Puppet) -> Arc<Pending> {
    assert_eq!(puppet.drive(), Err(Stop::WantApp));
    assert_eq!(puppet.drive(), Err(Stop::WantApp));
    puppet.conn.pending().unwrap().clone()
}

#[test]
fn an_answer_of_another_kind_is_a_fault_of_the_callback() {
    let wrong = [
        || Answer::Verdict(Ok(Arc::default())),
        || Answer::Decrypted(Ok(Secret::new(vec![1; 256]))),
    ];
    for answer in wrong {
        let (mut puppet, _) = moody_server(GCM, Mood::Later);
        waits(&mut puppet).answer(answer()).unwrap();
        puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
    }
    let (mut puppet, _) = moody_server(RSA, Mood::Later);
    puppet.accepted();
    RSA.client_key_exchange(&mut puppet);
    let signature = Answer::Signature(Ok(vec![1]));
    waits(&mut puppet).answer(signature).unwrap();
    puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
}

#[test]
fn a_question_that_nobody_can_answer_ends_as_a_failure_does() {
    let (mut puppet, _) = moody_server(GCM, Mood::Later);
    waits(&mut puppet).answer(Answer::Never).unwrap();
    puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
    // Nobody but us learns that a decryption failed (RFC 5246 §7.4.7.1), whatever the answer was.
    let failed = || KeyError::Failed("gone".into());
    let answers = [
        Answer::Never,
        Answer::Failed(failed()),
        Answer::Decrypted(Err(failed())),
        Answer::Decrypted(Ok(Secret::new(vec![]))),
        Answer::Decrypted(Ok(Secret::new(vec![7; 256]))),
    ];
    for answer in answers {
        let (mut puppet, _) = moody_server(RSA, Mood::Later);
        puppet.accepted();
        RSA.client_key_exchange(&mut puppet);
        waits(&mut puppet).answer(answer).unwrap();
        puppet.accepted();
        puppet.ccs();
        puppet.accepted();
        // The puppet is told the substitute.
        puppet.finished();
        puppet.established();
    }
}

#[test]
fn a_late_failure_is_a_failure() {
    let (mut puppet, _) = moody_server(GCM, Mood::Later);
    let failed = Answer::Signature(Err(KeyError::Failed("too late".into())));
    waits(&mut puppet).answer(failed).unwrap();
    puppet.refused(Reason::SigningFailed, A::INTERNAL_ERROR);
}

#[test]
fn a_question_is_answered_once_and_also_when_nobody_waits_any_more() {
    let (mut puppet, key) = moody_server(GCM, Mood::Later);
    let pending = waits(&mut puppet);
    assert!(pending.answer(Answer::Signature(Ok(vec![1]))).is_ok());
    assert!(pending.answer(Answer::Signature(Ok(vec![2]))).is_err());
    puppet.accepted();
    assert!(pending.answer(Answer::Signature(Ok(vec![3]))).is_err());
    drop(puppet);
    let (puppet, _) = {
        let (mut puppet, key) = moody_server(GCM, Mood::Later);
        waits(&mut puppet);
        (puppet, key)
    };
    drop(puppet);
    let orphan = key.pending.lock().unwrap().take().unwrap();
    assert!(orphan.answer(Answer::Signature(Ok(vec![4]))).is_err());
}

#[test]
fn what_comes_while_a_question_waits_is_judged_after_the_answer() {
    // A client that does not wait for the server's flight.
    let (mut puppet, _) = moody_server(GCM, Mood::Later);
    let pending = waits(&mut puppet);
    puppet.record(C::CHANGE_CIPHER_SPEC, &[1]);
    assert_eq!(puppet.drive(), Err(Stop::WantApp));
    pending.answer(Answer::Signature(Ok(vec![1]))).unwrap();
    puppet.refused(Reason::UnexpectedCcs, A::UNEXPECTED_MESSAGE);
    // A fatal alert.
    let (mut puppet, _) = moody_server(GCM, Mood::Later);
    let pending = waits(&mut puppet);
    puppet.record(C::ALERT, &[2, 40]);
    assert_eq!(puppet.drive(), Err(Stop::WantApp));
    pending.answer(Answer::Signature(Ok(vec![1]))).unwrap();
    puppet.told(A::HANDSHAKE_FAILURE);
    // The end of the transport.
    let (mut puppet, _) = moody_server(GCM, Mood::Later);
    let pending = waits(&mut puppet);
    puppet.conn.transport_eof();
    assert_eq!(puppet.drive(), Err(Stop::WantApp));
    pending.answer(Answer::Signature(Ok(vec![1]))).unwrap();
    puppet.refused(Reason::EofInHandshake, None);
}

#[derive(Debug)]
struct LateVerdict;

impl CertificateVerifier for LateVerdict {
    fn verify(&self, _: &VerifyRequest<'_>, later: &Later) -> Reply<Result<VerifiedChain, Error>> {
        let _handle = later.pending();
        Reply::Later
    }
}

#[test]
fn a_client_sends_nothing_before_the_verdict() {
    let waiting = || {
        let mut config = config(&LEGACY);
        config.verification = Verification::Required(Arc::new(LateVerdict));
        let mut puppet = GCM.client_with(config, AtClient::ServerHelloDone);
        puppet.seen.clear();
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        let pending = waits(&mut puppet);
        assert_eq!(puppet.seen, []);
        (puppet, pending)
    };
    let (mut puppet, pending) = waiting();
    let no = Err(Reason::CertificateRevoked.into());
    pending.answer(Answer::Verdict(no)).unwrap();
    puppet.refused(Reason::CertificateRevoked, A::CERTIFICATE_REVOKED);
    for nonsense in [Answer::Signature(Ok(vec![])), Answer::Never] {
        let (mut puppet, pending) = waiting();
        pending.answer(nonsense).unwrap();
        puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
    }
    // A refusal is a fatal alert, whatever the verifier would say instead.
    for alert in WARNINGS {
        let (mut puppet, pending) = waiting();
        let no = Error::new(Reason::CertificateRevoked).and_alert(alert);
        pending.answer(Answer::Verdict(Err(no))).unwrap();
        puppet.refused(Reason::CertificateRevoked, A::CERTIFICATE_REVOKED);
    }
    let (mut puppet, pending) = waiting();
    pending.answer(Answer::Verdict(Ok(Arc::default()))).unwrap();
    puppet.accepted();
    assert_eq!(
        puppet.seen.len(),
        3,
        "ClientKeyExchange, ChangeCipherSpec, Finished"
    );
    // The server goes on too early: it is looked at when the verdict is there.
    let (mut puppet, pending) = waiting();
    puppet.record(C::APPLICATION_DATA, b"early");
    assert_eq!(puppet.drive(), Err(Stop::WantApp));
    pending.answer(Answer::Verdict(Ok(Arc::default()))).unwrap();
    puppet.refused(Reason::ApplicationDataEarly, A::UNEXPECTED_MESSAGE);
}

#[test]
fn the_layer_above_can_end_a_connection() {
    for (error, alert) in [
        (Error::new(Reason::TransportFailed), None),
        (
            Error::new(Reason::CallbackMisbehaved),
            Some(A::INTERNAL_ERROR),
        ),
        (
            Error::with(Reason::Bug, "gone").and_alert(A::USER_CANCELED),
            Some(A::USER_CANCELED),
        ),
    ] {
        for mut puppet in [
            GCM.client(AtClient::ServerHello),
            GCM.server(AtServer::Ccs),
            CBC.client(AtClient::Traffic),
        ] {
            puppet.seen.clear();
            puppet.conn.fail(error.clone());
            // The first error stays.
            puppet.conn.fail(Reason::Panicked.into());
            puppet.refused(error.reason(), alert);
            assert_eq!(puppet.conn.error(), Some(&error));
        }
    }
}

#[test]
fn a_connection_that_is_born_failed_says_why_for_ever() {
    let mut no_suites = config(&MODERN);
    no_suites.suites.clear();
    let mut puppet = Puppet::against_server({
        let mut config = server_config(&MODERN, &["server-rsa"]);
        config.suites.clear();
        config
    });
    puppet.refused(Reason::BadCipherList, None);
    let mut conn = common::client(no_suites);
    assert_eq!(conn.handshake(), Err(Stop::Failed));
    assert_eq!(common::reason(&conn), Reason::BadCipherList);
    assert!(conn.outgoing().is_empty());
    let error = Error::with(Reason::FileUnreadable, "no such file");
    let mut conn = Connection::born_failed(
        Arc::new(config(&MODERN)),
        tls_core::conn::Role::Client,
        error.clone(),
    );
    for _ in 0..2 {
        assert_eq!(conn.handshake(), Err(Stop::Failed));
        assert_eq!(conn.error(), Some(&error));
        assert_eq!(read(&mut conn, 9), Err(Stop::Failed));
        assert_eq!(conn.close(), Err(Stop::Failed));
        assert!(conn.outgoing().is_empty());
    }
}

#[test]
fn calls_that_make_no_sense_change_nothing() {
    let mut puppet = GCM.client(AtClient::Traffic);
    assert_eq!(puppet.conn.read(&mut []), Err(Stop::Failed));
    assert_eq!(common::reason(&puppet.conn), Reason::BadArgument);
    assert!(!puppet.conn.is_failed());
    assert_eq!(puppet.conn.write(b""), Ok(0));
    assert!(puppet.conn.error().is_none(), "forgotten by the next verb");
    puppet.data(b"data");
    assert_eq!(puppet.conn.read(&mut []), Err(Stop::Failed));
    assert_eq!(read(&mut puppet.conn, 9).unwrap(), b"data");
    // More than there is.
    puppet.conn.sent(1000);
    puppet.conn.received(0);
    assert!(puppet.conn.take_unread().is_empty());
    assert_eq!(puppet.conn.write(b"data"), Ok(4));
    // Nothing is taken while sealed bytes wait.
    assert_eq!(puppet.conn.write(b"more"), Err(Stop::WantWrite));
    assert!(puppet.conn.error().is_none());
}
