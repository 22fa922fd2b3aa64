//! Client certificates: what a server asks, which CAs it names, and what a client answers.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common::*;
use tls_std::{ClientAuth, Connection, Context, Reason};

fn asking(asked: ClientAuth) -> Context {
    let ctx = server_ctx("p256");
    ctx.add_ca_file(pki("ca.pem")).unwrap();
    ctx.set_client_auth(asked);
    ctx
}

fn client_with(names: &[&str]) -> Context {
    let ctx = client_ctx();
    // Every handshake is a full one: a resumed one asks for nothing.
    ctx.set_client_session_cache(0);
    for name in names {
        let key = pki(&format!("{name}.key"));
        ctx.add_keypair_file(pki(&format!("{name}.pem")), Some(&key))
            .unwrap();
    }
    ctx
}

fn run(client: &Context, server: &Context) -> (Connection, Connection) {
    let (mut c, mut s) = (client.client(Some("localhost")), server.server());
    shake(&mut c, &mut s).unwrap();
    (c, s)
}

fn named(conn: &Connection) -> Vec<Vec<u8>> {
    let requested = conn.facts().certificate_requested.as_ref().unwrap();
    requested.iter().map(<[u8]>::to_vec).collect()
}

/// The subject of a CA, by way of what its context names.
fn subject(file: &str) -> Vec<u8> {
    let ctx = Context::new(tls_std::Roles::Server);
    ctx.set_client_ca_file(pki(file)).unwrap();
    ctx.config().client_authorities.as_ref().unwrap()[0].clone()
}

#[test]
fn requested_required_and_not_asked() {
    for (asked, client, verified) in [
        (ClientAuth::None, "client-p256", false),
        (ClientAuth::Request, "client-p256", true),
        (ClientAuth::Require, "client-rsa", true),
    ] {
        let (c, s) = run(&client_with(&[client]), &asking(asked));
        assert_eq!(!s.verified_chain().is_empty(), verified);
        assert_eq!(!s.peer_chain().is_empty(), verified);
        assert_eq!(c.facts().certificate_requested.is_some(), verified);
        assert_eq!(c.facts().local_keypair, verified.then_some(0));
    }
    let (_, s) = run(&client_ctx(), &asking(ClientAuth::Request));
    assert!(s.peer_chain().is_empty() && s.verified_chain().is_empty());
    let (mut c, mut s) = (
        client_ctx().client(Some("localhost")),
        asking(ClientAuth::Require).server(),
    );
    assert_eq!(
        shake(&mut c, &mut s),
        Err(("server", Reason::ClientCertificateMissing))
    );
}

#[test]
fn the_cas_that_are_named() {
    let (client, server) = (client_with(&["client-p256"]), asking(ClientAuth::Require));
    let names = || named(&run(&client, &server).0);
    assert_eq!(names(), [subject("ca.pem")], "those that are trusted");
    server.set_client_ca_file(pki("other-ca.pem")).unwrap();
    assert_eq!(names(), [subject("other-ca.pem")]);
    let pem = std::fs::read(pki("ca.pem")).unwrap();
    server.set_client_ca_mem(&pem).unwrap();
    assert_eq!(names(), [subject("ca.pem")]);
    server.set_client_ca_mem(&[]).unwrap();
    assert!(names().is_empty());
    server
        .set_client_ca_names(Some(vec![vec![0x30, 0], vec![0x30, 0]]))
        .unwrap();
    assert_eq!(names(), [[0x30, 0], [0x30, 0]]);
    server.set_client_ca_names(None).unwrap();
    assert_eq!(names(), [subject("ca.pem")]);
}

#[test]
fn names_that_fit_no_request() {
    let server = asking(ClientAuth::Request);
    let refused = |names: Vec<Vec<u8>>| {
        let error = server.set_client_ca_names(Some(names)).unwrap_err();
        assert_eq!(error.reason(), Reason::BadArgument, "{error}");
    };
    refused(vec![Vec::new()]);
    refused(vec![vec![0; 0xc000]]);
    refused(vec![vec![0; 1000]; 50]);
    let error = server.set_client_ca_mem(b"no certificate").unwrap_err();
    assert_eq!(error.reason(), Reason::BadPem);
    assert_eq!(server.last_error().unwrap(), error);
    let error = server.set_client_ca_file("no/such").unwrap_err();
    assert_eq!(error.reason(), Reason::FileUnreadable);
    assert!(server.config().client_authorities.is_none(), "unchanged");
}

#[test]
fn a_server_that_asks_needs_cas_of_its_own() {
    let ctx = server_ctx("p256");
    ctx.set_client_auth(ClientAuth::Request);
    let mut conn = ctx.server();
    assert_eq!(reason(&conn), Reason::NoTrustAnchors);
    assert!(conn.handshake().is_err());
    assert_eq!(reason(&conn), Reason::NoTrustAnchors);
    // Said otherwise before the first verb.
    let mut conn = ctx.server();
    conn.set_client_auth(ClientAuth::None).unwrap();
    assert!(conn.error().is_none());
    let mut conn = ctx.server();
    conn.danger_accept_any_cert().unwrap();
    assert!(conn.error().is_none());
    let mut client = ctx.client(Some("localhost"));
    assert!(client.set_client_auth(ClientAuth::None).is_err());
    let mut client = client_ctx().client(Some("localhost"));
    let error = client.set_client_auth(ClientAuth::Require).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongRole);
    // Asked for, and any will do.
    ctx.danger_accept_any_cert();
    ctx.set_client_auth(ClientAuth::Require);
    let (_, s) = run(&client_with(&["self-client"]), &ctx);
    assert!(s.verified_chain().is_empty() && s.peer_chain().len() == 1);
}

#[test]
fn the_keypair_that_the_request_fits() {
    let (client, server) = (
        client_with(&["self-client", "client-rsa", "client-p256"]),
        asking(ClientAuth::Require),
    );
    let chosen = |c: Connection| c.facts().local_keypair.unwrap();
    assert_ne!(
        chosen(run(&client, &server).0),
        0,
        "issued by a CA that is named"
    );
    server.set_schemes("rsa_pss_rsae_sha256").unwrap();
    let key = pki("server-rsa.key");
    server
        .set_keypair_file(pki("server-rsa.pem"), Some(&key))
        .unwrap();
    assert_eq!(chosen(run(&client, &server).0), 1);
}

/// The system's CAs judge no clients by way of a context that a hello chose either.
#[test]
fn a_chosen_context_needs_cas_of_its_own_too() {
    use tls_core::config::HelloDecision;
    use tls_std::Stop;
    #[derive(Debug)]
    struct Chooses(Context);
    impl tls_core::config::HelloHandler for Chooses {
        fn on_hello(
            &self,
            _: &tls_core::config::ClientHelloInfo<'_>,
            _: &tls_core::crypto::Later,
        ) -> tls_core::crypto::Reply<HelloDecision> {
            tls_core::crypto::Reply::Now(self.0.as_decision().unwrap())
        }
    }
    let front = asking(ClientAuth::None);
    let (client, chosen) = (client_with(&["client-p256"]), server_ctx("p256"));
    front.set_hello_handler(Some(std::sync::Arc::new(Chooses(chosen.clone()))));
    let (_, mut s) = run(&client, &front);
    let error = s.set_client_auth(ClientAuth::Require).unwrap_err();
    assert_eq!(error.reason(), Reason::NoTrustAnchors);
    chosen.set_client_auth(ClientAuth::Require);
    let (mut c, mut s) = (client.client(Some("localhost")), front.server());
    let refused = Err(("server", Reason::NoTrustAnchors));
    assert_eq!(shake(&mut c, &mut s), refused);
    assert_eq!(s.handshake(), Err(Stop::Failed));
    chosen.add_ca_file(pki("ca.pem")).unwrap();
    let (_, s) = run(&client, &front);
    assert!(!s.verified_chain().is_empty());
}
