//! Certificates verified without a connection.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::sync::Arc;
use std::time::Duration;
use tls_std::tls_core::cert::{
    CertificateVerifier, Purpose, UnixTime, VerifiedChain, VerifyRequest,
};
use tls_std::tls_core::config::Clock;
use tls_std::tls_core::crypto::{Later, Reply};
use tls_std::{Context, Reason, Roles};

fn reason(result: tls_std::Result<VerifiedChain>) -> Option<Reason> {
    result.err().map(|error| error.reason())
}

#[test]
fn what_a_context_trusts_is_what_is_verified() {
    let ctx = client_ctx();
    let mut verify = ctx.verify();
    assert_eq!(
        verify
            .verify_file(pki("server-p256.pem"))
            .unwrap()
            .path
            .len(),
        3
    );
    verify.set_name(Some("example.test")).unwrap();
    verify.verify_file(pki("server-p256.pem")).unwrap();
    verify.set_name(Some("other.test")).unwrap();
    let error = verify.verify_file(pki("server-p256.pem")).unwrap_err();
    assert_eq!(error.reason(), Reason::CertificateNameMismatch);
    assert_eq!(error.certificate(), Some(0));
    verify.set_name(None).unwrap();
    verify.set_purpose(Purpose::Client);
    let server = verify.verify_file(pki("server-p256.pem"));
    assert_eq!(reason(server), Some(Reason::CertificateUsage));
    verify.verify_file(pki("client-p256.pem")).unwrap();
    // The system's CAs vouch for servers.
    let mut untold = Context::new(Roles::Client).verify();
    untold.set_purpose(Purpose::Client);
    let stranger = untold.verify_file(pki("client-p256.pem"));
    assert_eq!(reason(stranger), Some(Reason::NoTrustAnchors));
    // Danger is for connections alone.
    ctx.danger_accept_any_cert();
    let expired = ctx.verify().verify_file(pki("bad-expired.pem"));
    assert_eq!(reason(expired), Some(Reason::CertificateExpired));
}

#[test]
fn an_intermediate_comes_from_anywhere() {
    let mut verify = client_ctx().verify();
    let error = verify.verify_file(pki("bad-missing-int.pem")).unwrap_err();
    assert_eq!(error.reason(), Reason::CertificateUntrusted);
    verify.add_untrusted_file(pki("ca.pem")).unwrap();
    verify.add_untrusted_file(pki("int.pem")).unwrap();
    let path = verify.verify_file(pki("bad-missing-int.pem")).unwrap().path;
    assert_eq!(path.len(), 3);
    verify.verify(&path[0]).unwrap();
    let pem = std::fs::read(pki("deep-unordered.pem")).unwrap();
    assert_eq!(verify.verify_mem(&pem).unwrap().path.len(), 6);
    // A large pool does no harm, until it is out of all proportion.
    for n in 0_u32..9_990 {
        let junk = n.to_be_bytes().to_vec();
        verify.add_untrusted(junk.into()).unwrap();
    }
    verify.verify(&path[0]).unwrap();
    for _ in 0..10 {
        let _full = verify.add_untrusted(path[1].clone());
    }
    let error = verify.add_untrusted(path[1].clone()).unwrap_err();
    assert_eq!(error.reason(), Reason::BadArgument);
}

#[test]
fn files_and_names_that_are_no_good_are_named() {
    let mut verify = client_ctx().verify();
    for file in ["no-such-file", "README.md", "server-p256.key"] {
        let untrusted = verify.add_untrusted_file(pki(file)).unwrap_err();
        let leaf = verify.verify_file(pki(file)).unwrap_err();
        for error in [untrusted, leaf] {
            assert!(error.text().contains(file), "{error}");
        }
    }
    let missing = verify.verify_file("no-such-file").unwrap_err();
    assert_eq!(
        (missing.reason(), missing.os_error()),
        (Reason::FileUnreadable, Some(2))
    );
    assert_eq!(reason(verify.verify_mem(b"")), Some(Reason::BadPem));
    assert_eq!(
        reason(verify.verify_mem(&[0x30, 0])),
        Some(Reason::CertificateMalformed)
    );
    let error = verify.set_name(Some("bücher.test")).unwrap_err();
    assert_eq!(error.reason(), Reason::BadServerName);
    assert!(error.text().contains("xn--"), "{error}");
    let error = client_ctx()
        .client(Some("bücher.test"))
        .error()
        .cloned()
        .unwrap();
    assert!(error.text().contains("A-labels"), "{error}");
    assert_eq!(
        verify.set_depth(7).unwrap_err().reason(),
        Reason::BadArgument
    );
}

#[derive(Debug)]
struct At(u64);

impl Clock for At {
    fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(self.0))
    }
}

#[test]
fn by_the_clock_of_the_context_or_a_time_of_its_own() {
    let ctx = client_ctx();
    ctx.set_clock(Arc::new(At(1_609_459_200)));
    let mut verify = ctx.verify();
    verify.verify_file(pki("bad-expired.pem")).unwrap();
    verify.set_time(Some(At(1_700_000_000).now()));
    let late = verify.verify_file(pki("bad-expired.pem"));
    assert_eq!(reason(late), Some(Reason::CertificateExpired));
    verify.set_time(None);
    verify.verify_file(pki("bad-expired.pem")).unwrap();
}

#[derive(Debug)]
struct Slow;

impl CertificateVerifier for Slow {
    fn verify(
        &self,
        _: &VerifyRequest<'_>,
        later: &Later,
    ) -> Reply<Result<VerifiedChain, tls_std::tls_core::error::Error>> {
        let _pending = later.pending();
        Reply::Later
    }
}

#[test]
fn a_verifier_that_answers_later_is_for_connections() {
    let ctx = Context::new(Roles::Client);
    ctx.set_verifier(Arc::new(Slow));
    let error = ctx
        .verify()
        .verify_file(pki("server-p256.pem"))
        .unwrap_err();
    assert_eq!(error.reason(), Reason::WrongOrder);
}

/// A clock that comes back to the context.
#[derive(Debug)]
struct ComesBack(std::sync::Mutex<Option<Context>>);

impl Clock for ComesBack {
    fn now(&self) -> UnixTime {
        if let Some(ctx) = self.0.lock().unwrap().take() {
            ctx.request_scts(true);
        }
        At(1_700_000_000).now()
    }
}

#[test]
fn a_clock_may_come_back_where_a_staple_is_checked() {
    let clock = Arc::new(ComesBack(None.into()));
    let ctx = Context::new(Roles::Server);
    ctx.set_clock(clock.clone());
    ctx.add_keypair_file(pki("server-p256.pem"), Some(&pki("server-p256.key")))
        .unwrap();
    *clock.0.lock().unwrap() = Some(ctx.clone());
    // OCSPResponse of tryLater (RFC 6960 §4.2.1): it parses, and vouches for nothing.
    let later = [0x30, 3, 0x0a, 1, 3];
    let (done, is_done) = std::sync::mpsc::channel();
    let set = ctx.clone();
    std::thread::spawn(move || done.send(set.set_ocsp_response(0, Some(&later)).is_ok()));
    let wait = is_done.recv_timeout(Duration::from_secs(60));
    assert_eq!(wait, Ok(true));
    assert!(clock.0.lock().unwrap().is_none());
}

/// A pinned key vouches for a peer that proves that it has it: without a connection nobody does.
#[test]
fn pins_alone_vouch_for_nothing_without_a_connection() {
    let ctx = client_ctx();
    let pem = std::fs::read(pki("self-leaf.pem")).unwrap();
    let leaf = &tls_std::read_certificates(&pem).unwrap()[0];
    ctx.add_pin(tls_std::spki_sha256(leaf).unwrap());
    ctx.trust_pins_alone(true);
    let verdict = ctx.verify().verify_mem(&pem);
    assert_eq!(reason(verdict), Some(Reason::CertificateUntrusted));
    // Trusted beside it, it is both.
    ctx.add_ca_mem(&pem).unwrap();
    ctx.verify().verify_mem(&pem).unwrap();
    // They stay one requirement more.
    let other = ctx.verify().verify_file(pki("server-p256.pem"));
    assert_eq!(reason(other), Some(Reason::CertificateNotPinned));
}

/// Whoever reads the DER elsewhere would see another certificate than the one that was verified.
#[test]
fn a_block_inside_of_der_is_not_read() {
    let pem = std::fs::read(pki("server-p256.pem")).unwrap();
    let verify = client_ctx().verify();
    verify.verify_mem(&pem).unwrap();
    let length = |len: usize| [0x82, (len >> 8) as u8, len as u8];
    let inner = [&[0x04][..], &length(pem.len() + 1), b"\n", &pem].concat();
    let whole = [&[0x30][..], &length(inner.len()), &inner].concat();
    let cut = whole[..whole.len() - 1].to_vec();
    let more = [&whole[..], b"\n"].concat();
    let indefinite = [&[0x30, 0x80][..], &inner, &[0, 0]].concat();
    for der in [whole, cut, more, indefinite] {
        assert!(verify.verify_mem(&der).is_err());
        assert!(tls_std::read_certificates(&der).is_err());
        let ctx = Context::new(Roles::Client);
        assert!(ctx.add_ca_mem(&der).is_err());
        assert!(ctx.add_crl_mem(&der).is_err());
    }
}
