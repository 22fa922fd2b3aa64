//! What a renegotiation must not do, each with its alert and name (RFC 5746 §3.5 to §3.7, RFC 7366 §3.1,
//! RFC 7627 §1).

use crate::common;
use common::plan::{AtClient, AtServer, CBC, CHACHA, ETM, GCM, PLANS, Plan};
use common::puppet::{Puppet, params, public_value};
use common::sessions::{Pair, TestClock, ring};
use common::wire::{ClientHello, ServerHello, built, host_name, message};
use common::{client, give, handshake, read, server, take};
use tls_core::config::{Config, MODERN, Renegotiation};
use tls_core::conn::{Connection, Role, Stop};
use tls_core::error::{Direction, Reason};
use tls_core::wire::{
    AlertDescription as A, AlertLevel as L, ContentType as C, ExtensionType as E,
    HandshakeType as T, NamedGroup, Put,
};

/// The connection takes what came, and waits for more of the handshake.
fn goes_on(puppet: &mut Puppet) {
    assert_eq!(read(&mut puppet.conn, 1), Err(Stop::WantRead));
    puppet.accepted();
}

fn allowing(mut config: Config) -> Config {
    config.renegotiation = Renegotiation::Allow;
    config
}

/// A client under test that is established.
fn idle_client(plan: Plan) -> Puppet {
    plan.client_with(allowing(plan.client_config()), AtClient::Traffic)
}

/// A server under test that is established.
fn idle_server(plan: Plan) -> Puppet {
    plan.server_with(allowing(plan.server_config()), AtServer::Traffic)
}

/// A client under test whose second ClientHello is out.
fn asked_client(plan: Plan) -> Puppet {
    let mut puppet = idle_client(plan);
    puppet.seen.clear();
    puppet.say(T::HELLO_REQUEST, &[]);
    goes_on(&mut puppet);
    let hello = puppet.heard();
    assert_eq!(hello[0].0, T::CLIENT_HELLO);
    let info = info(&[&puppet.finished[0]]);
    assert!(hello[0].1.windows(info.len()).any(|w| w == info));
    puppet
}

fn info(parts: &[&[u8]]) -> Vec<u8> {
    built(|out| out.vec8(|out| out.raw(&parts.concat())))
}

/// The good second hellos.
fn second_server_hello(plan: Plan, puppet: &Puppet) -> ServerHello {
    let mut hello = plan.server_hello();
    let [client, server] = &puppet.finished;
    hello
        .extensions
        .set(E::RENEGOTIATION_INFO, &info(&[client, server]));
    hello.random = [0x5f; 32];
    hello
}

fn second_client_hello(plan: Plan, puppet: &Puppet) -> ClientHello {
    let mut hello = plan.client_hello();
    hello
        .extensions
        .set(E::RENEGOTIATION_INFO, &info(&[&puppet.finished[0]]));
    hello.random = [0xc2; 32];
    hello
}

/// A client under test up to the server's Finished of the renegotiation, which is left to say.
fn almost_renegotiated_client(plan: Plan) -> Puppet {
    let mut puppet = asked_client(plan);
    puppet.server_hello(&second_server_hello(plan, &puppet));
    puppet.certificate(plan.keypair);
    if plan.is_ecdhe() {
        plan.server_key_exchange(&mut puppet);
    }
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.accepted();
    puppet.ccs();
    puppet
}

fn almost_renegotiated_server(plan: Plan) -> Puppet {
    let mut puppet = idle_server(plan);
    puppet.client_hello(&second_client_hello(plan, &puppet));
    goes_on(&mut puppet);
    plan.client_key_exchange(&mut puppet);
    puppet.ccs();
    puppet
}

#[test]
fn the_puppet_renegotiates_where_all_is_right() {
    for plan in PLANS {
        for mut puppet in [
            almost_renegotiated_client(plan),
            almost_renegotiated_server(plan),
        ] {
            puppet.finished();
            puppet.established();
            assert_eq!(puppet.conn.facts().handshakes, 2);
            puppet.data(b"under the new keys");
            assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"under the new keys");
        }
    }
}

/// renegotiation_info made of both verify_data; `None`: left out.
type Spoil = fn(&[u8], &[u8]) -> Option<Vec<u8>>;

#[test]
fn a_client_wants_both_verify_data() {
    for plan in PLANS {
        let spoil: [Spoil; 9] = [
            |_, _| None,
            |_, _| Some(info(&[])),
            |c, _| Some(info(&[c])),
            |_, s| Some(info(&[s])),
            |c, s| Some(info(&[s, c])),
            |c, s| Some(info(&[c, s, &[0]])),
            |c, s| Some(info(&[c, &s[..11]])),
            |c, s| Some(info(&[c, &[&[s[0] ^ 1][..], &s[1..]].concat()])),
            |c, s| Some(info(&[&[&c[..11], &[c[11] ^ 1]].concat(), s])),
        ];
        for spoil in spoil {
            let mut puppet = asked_client(plan);
            let mut hello = second_server_hello(plan, &puppet);
            match spoil(&puppet.finished[0], &puppet.finished[1]) {
                Some(body) => hello.extensions.set(E::RENEGOTIATION_INFO, &body),
                None => hello.extensions.remove(E::RENEGOTIATION_INFO),
            }
            puppet.server_hello(&hello);
            puppet.refused(Reason::RenegotiationMismatch, A::HANDSHAKE_FAILURE);
        }
    }
}

#[test]
fn a_server_wants_the_clients_verify_data() {
    for plan in PLANS {
        let spoil: [Spoil; 6] = [
            |_, _| None,
            |_, _| Some(info(&[])),
            |_, s| Some(info(&[s])),
            |c, s| Some(info(&[c, s])),
            |c, _| Some(info(&[&c[..11]])),
            |c, _| Some(info(&[&[&[c[0] ^ 0x80], &c[1..]].concat()])),
        ];
        for spoil in spoil {
            let mut puppet = idle_server(plan);
            let mut hello = second_client_hello(plan, &puppet);
            match spoil(&puppet.finished[0], &puppet.finished[1]) {
                Some(body) => hello.extensions.set(E::RENEGOTIATION_INFO, &body),
                None => hello.extensions.remove(E::RENEGOTIATION_INFO),
            }
            puppet.client_hello(&hello);
            puppet.refused(Reason::RenegotiationMismatch, A::HANDSHAKE_FAILURE);
        }
    }
}

#[test]
fn renegotiation_info_that_does_not_parse() {
    for (body, reason) in [
        (&[][..], Reason::DecodeError),
        (&[13, 0], Reason::DecodeError),
        (&[0, 0], Reason::TrailingData),
    ] {
        let mut puppet = idle_server(GCM);
        let mut hello = second_client_hello(GCM, &puppet);
        hello.extensions.set(E::RENEGOTIATION_INFO, body);
        puppet.client_hello(&hello);
        puppet.refused(reason, A::DECODE_ERROR);
        let mut puppet = asked_client(GCM);
        let mut hello = second_server_hello(GCM, &puppet);
        hello.extensions.set(E::RENEGOTIATION_INFO, body);
        puppet.server_hello(&hello);
        puppet.refused(reason, A::DECODE_ERROR);
    }
}

#[test]
fn the_scsv_has_no_place_in_a_renegotiation() {
    for with_extension in [true, false] {
        let mut puppet = idle_server(GCM);
        let mut hello = second_client_hello(GCM, &puppet);
        hello.suites.push(0x00ff);
        if !with_extension {
            hello.extensions.remove(E::RENEGOTIATION_INFO);
        }
        puppet.client_hello(&hello);
        puppet.refused(Reason::RenegotiationMismatch, A::HANDSHAKE_FAILURE);
    }
}

#[test]
fn the_extended_master_secret_neither_goes_nor_comes() {
    for plan in [GCM, CHACHA] {
        let other = Plan {
            extended_master_secret: !plan.extended_master_secret,
            ..plan
        };
        let mut puppet = asked_client(plan);
        puppet.server_hello(&second_server_hello(other, &puppet));
        puppet.refused(Reason::RenegotiationEms, A::HANDSHAKE_FAILURE);
        let mut puppet = idle_server(plan);
        puppet.client_hello(&second_client_hello(other, &puppet));
        puppet.refused(Reason::RenegotiationEms, A::HANDSHAKE_FAILURE);
    }
}

#[test]
fn the_host_name_stays_what_it_was() {
    let with_name = |hello: &mut ClientHello, name: Option<&str>| match name {
        Some(name) => hello
            .extensions
            .set(E::SERVER_NAME, &host_name(name.as_bytes())),
        None => hello.extensions.remove(E::SERVER_NAME),
    };
    let (here, upper, there) = (
        Some("example.test"),
        Some("EXAMPLE.Test"),
        Some("admin.test"),
    );
    for (before, now, good) in [
        (here, here, true),
        (here, upper, true),
        (None, None, true),
        (here, there, false),
        (here, None, false),
        (here, Some("example.tes"), false),
        (here, Some("example.test.test"), false),
        (None, here, false),
    ] {
        let mut puppet = Puppet::against_server(allowing(GCM.server_config()));
        let mut first = GCM.client_hello();
        with_name(&mut first, before);
        puppet.client_hello(&first);
        puppet.accepted();
        GCM.client_key_exchange(&mut puppet);
        puppet.ccs();
        puppet.finished();
        puppet.established();
        let mut second = second_client_hello(GCM, &puppet);
        with_name(&mut second, now);
        puppet.client_hello(&second);
        if good {
            goes_on(&mut puppet);
            continue;
        }
        puppet.refused(Reason::RenegotiationServerName, A::HANDSHAKE_FAILURE);
        assert_eq!(puppet.conn.facts().server_name.as_deref(), before);
    }
}

#[test]
fn the_host_name_of_a_resumed_session_stays_too() {
    let mut pair = Pair::tickets(&MODERN, "server-rsa");
    pair.client.renegotiation = Renegotiation::Allow;
    pair.server.renegotiation = Renegotiation::Allow;
    let _session = pair.session();
    let (mut c, mut s) = pair.connect();
    assert!(s.facts().resumed);
    c.renegotiate().unwrap();
    for _ in 0..4 {
        for conn in [&mut c, &mut s] {
            assert_eq!(read(conn, 1), Err(Stop::WantRead));
        }
        let (from_client, from_server) = (take(&mut c), take(&mut s));
        give(&mut s, &from_client);
        give(&mut c, &from_server);
    }
    assert_eq!(s.facts().server_name.as_deref(), Some("example.test"));
    assert_eq!(s.facts().handshakes, 2);
}

#[test]
fn encrypt_then_mac_does_not_go() {
    let other = Plan {
        encrypt_then_mac: false,
        ..ETM
    };
    let mut puppet = asked_client(ETM);
    puppet.server_hello(&second_server_hello(other, &puppet));
    puppet.refused(Reason::RenegotiationEtm, A::HANDSHAKE_FAILURE);
    let mut puppet = idle_server(ETM);
    puppet.client_hello(&second_client_hello(other, &puppet));
    puppet.refused(Reason::RenegotiationEtm, A::HANDSHAKE_FAILURE);
    // It may come, and an AEAD needs none.
    for (before, after) in [
        (
            CBC,
            Plan {
                encrypt_then_mac: true,
                ..CBC
            },
        ),
        (ETM, GCM),
        (GCM, ETM),
    ] {
        let mut puppet = asked_client(before);
        puppet.server_hello(&second_server_hello(after, &puppet));
        puppet.accepted();
        let mut puppet = idle_server(before);
        puppet.client_hello(&second_client_hello(after, &puppet));
        goes_on(&mut puppet);
    }
}

#[test]
fn another_server_certificate() {
    // Good in itself, for the same name and by the same CA.
    let mut puppet = asked_client(GCM);
    puppet.server_hello(&second_server_hello(GCM, &puppet));
    puppet.certificate("server-rsa4096");
    puppet.refused(Reason::ServerCertificateChanged, A::HANDSHAKE_FAILURE);
    // In a session that is resumed: two servers that share their ticket keys.
    let shared = ring(3);
    let mut one = Pair::tickets(&MODERN, "server-rsa");
    let mut two = Pair::tickets(&MODERN, "server-p256");
    for pair in [&mut one, &mut two] {
        pair.server.sessions.sealer = Some(shared.clone());
        pair.client.renegotiation = Renegotiation::Allow;
        pair.server.renegotiation = Renegotiation::Allow;
    }
    let session = two.session();
    let (mut c, mut s) = one.connect();
    c.set_session(Some(session)).unwrap();
    c.renegotiate().unwrap();
    let hello = take(&mut c);
    give(&mut s, &hello);
    let _resumes = read(&mut s, 1);
    let answer = take(&mut s);
    give(&mut c, &answer);
    assert_eq!(c.handshake(), Err(Stop::Failed));
    assert_eq!(common::reason(&c), Reason::ServerCertificateChanged);
    let sent = Some((A::HANDSHAKE_FAILURE, Direction::Sent));
    assert_eq!(c.error().unwrap().alert(), sent);
}

#[test]
fn a_shared_key_in_place_of_a_certificate() {
    use common::psk::{IDENTITY, KEY, OneKey};
    use common::puppet::suite;
    // TLS_PSK_WITH_AES_128_GCM_SHA256: the client offers it, and the server was someone before.
    let mut config = allowing(GCM.client_config());
    config.psk = Some(OneKey::new(IDENTITY, KEY));
    config.suites = vec![suite(0xc02f), suite(0x00a8)];
    let mut puppet = GCM.client_with(config, AtClient::Traffic);
    puppet.say(T::HELLO_REQUEST, &[]);
    goes_on(&mut puppet);
    let mut hello = second_server_hello(GCM, &puppet);
    hello.suite = 0x00a8;
    puppet.server_hello(&hello);
    puppet.refused(Reason::ServerCertificateChanged, A::HANDSHAKE_FAILURE);
}

#[test]
fn another_version_or_protocol() {
    let mut puppet = asked_client(GCM);
    let mut hello = second_server_hello(GCM, &puppet);
    hello.version = 0x0302;
    puppet.server_hello(&hello);
    puppet.refused(Reason::UnsupportedVersion, A::PROTOCOL_VERSION);
    let mut puppet = idle_server(GCM);
    let mut hello = second_client_hello(GCM, &puppet);
    hello.version = 0x0302;
    puppet.client_hello(&hello);
    puppet.refused(Reason::UnsupportedVersion, A::PROTOCOL_VERSION);
    // ALPN is not offered again.
    let mut config = allowing(GCM.client_config());
    config.alpn = vec![b"h2".to_vec()];
    let mut puppet = GCM.client_with(config, AtClient::Traffic);
    puppet.say(T::HELLO_REQUEST, &[]);
    goes_on(&mut puppet);
    let mut hello = second_server_hello(GCM, &puppet);
    hello.extensions.set(E::ALPN, &[0, 3, 2, b'h', b'2']);
    puppet.server_hello(&hello);
    puppet.refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
}

#[test]
fn data_between_the_new_keys_and_their_proof() {
    for plan in PLANS {
        for mut puppet in [
            almost_renegotiated_client(plan),
            almost_renegotiated_server(plan),
        ] {
            puppet.data(b"whose word is this?");
            puppet.refused(Reason::ApplicationDataEarly, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn data_is_read_up_to_the_new_keys_and_not_within_a_message() {
    for plan in PLANS {
        let mut puppet = asked_client(plan);
        puppet.data(b"before the hello");
        assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"before the hello");
        puppet.server_hello(&second_server_hello(plan, &puppet));
        puppet.data(b"behind the hello");
        assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"behind the hello");
        let certificate = message(
            T::CERTIFICATE,
            &common::puppet::certificate_body(plan.keypair),
        );
        puppet.handshake_bytes(&certificate[..100]);
        puppet.data(b"within a message");
        puppet.refused(Reason::ExcessHandshakeData, A::UNEXPECTED_MESSAGE);

        let mut puppet = idle_server(plan);
        puppet.client_hello(&second_client_hello(plan, &puppet));
        puppet.data(b"behind the hello");
        assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"behind the hello");
        puppet.handshake_bytes(&[T::CLIENT_KEY_EXCHANGE.0]);
        puppet.data(b"within a message");
        puppet.refused(Reason::ExcessHandshakeData, A::UNEXPECTED_MESSAGE);
    }
}

#[test]
fn a_finished_that_is_wrong_or_of_the_handshake_before() {
    for plan in PLANS {
        for which in [0, 1] {
            let mut puppet = match which {
                0 => almost_renegotiated_server(plan),
                _ => almost_renegotiated_client(plan),
            };
            let before = puppet.finished[which].clone();
            puppet.handshake_bytes(&message(T::FINISHED, &before));
            puppet.refused(Reason::BadFinished, A::DECRYPT_ERROR);
        }
    }
}

#[test]
fn wrong_order_within_a_renegotiation() {
    for early in [true, false] {
        let mut puppet = if early {
            asked_client(GCM)
        } else {
            idle_client(GCM)
        };
        puppet.record(C::CHANGE_CIPHER_SPEC, &[1]);
        puppet.refused(Reason::UnexpectedCcs, A::UNEXPECTED_MESSAGE);
        let mut puppet = idle_server(GCM);
        if early {
            puppet.client_hello(&second_client_hello(GCM, &puppet));
            goes_on(&mut puppet);
        }
        puppet.record(C::CHANGE_CIPHER_SPEC, &[1]);
        puppet.refused(Reason::UnexpectedCcs, A::UNEXPECTED_MESSAGE);
    }
    let mut puppet = asked_client(GCM);
    puppet.certificate(GCM.keypair);
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    let mut puppet = idle_server(GCM);
    for _ in 0..2 {
        puppet.client_hello(&second_client_hello(GCM, &puppet));
    }
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    // A server that speaks of a renegotiation without a hello of ours.
    let mut puppet = idle_client(GCM);
    puppet.server_hello(&second_server_hello(GCM, &puppet));
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    // What no client has to be asked.
    let mut puppet = idle_server(GCM);
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
}

#[test]
fn a_hello_request_shares_no_record_with_what_it_follows() {
    // Nothing may hang on behind a message that it is our turn to answer.
    let mut puppet = idle_client(GCM);
    puppet.handshake_bytes(&message(T::HELLO_REQUEST, &[]).repeat(2));
    puppet.refused(Reason::ExcessHandshakeData, A::UNEXPECTED_MESSAGE);
    let mut puppet = GCM.client_with(allowing(GCM.client_config()), AtClient::Finished);
    let finished = message(T::FINISHED, &puppet.verify_data());
    puppet.handshake_bytes(&[finished, message(T::HELLO_REQUEST, &[])].concat());
    puppet.refused(Reason::ExcessHandshakeData, A::UNEXPECTED_MESSAGE);
    let mut puppet = idle_client(GCM);
    puppet.say(T::HELLO_REQUEST, &[0]);
    puppet.refused(Reason::TrailingData, A::DECODE_ERROR);
}

#[test]
fn hello_requests_within_a_renegotiation_are_ignored_and_counted() {
    let mut puppet = asked_client(GCM);
    for _ in 0..9 {
        puppet.say(T::HELLO_REQUEST, &[]);
        puppet.accepted();
    }
    assert!(puppet.heard().is_empty());
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.refused(Reason::TooManyRenegotiations, A::UNEXPECTED_MESSAGE);
}

#[test]
fn a_peer_without_rfc_5746_never_renegotiates() {
    let mut hello = GCM.server_hello();
    hello.extensions.remove(E::RENEGOTIATION_INFO);
    let mut puppet = Puppet::against_client(allowing(GCM.client_config()));
    puppet.server_hello(&hello);
    puppet.certificate(GCM.keypair);
    GCM.server_key_exchange(&mut puppet);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.ccs();
    puppet.finished();
    puppet.established();
    stays_as_it_is(&mut puppet, T::HELLO_REQUEST);

    let mut hello = GCM.client_hello();
    hello.extensions.remove(E::RENEGOTIATION_INFO);
    let mut puppet = Puppet::against_server(allowing(GCM.server_config()));
    puppet.client_hello(&hello);
    puppet.accepted();
    GCM.client_key_exchange(&mut puppet);
    puppet.ccs();
    puppet.finished();
    puppet.established();
    stays_as_it_is(&mut puppet, T::CLIENT_HELLO);
}

/// Neither the peer's request nor ours comes to anything.
fn stays_as_it_is(puppet: &mut Puppet, request: T) {
    puppet.seen.clear();
    puppet.say(request, &[]);
    assert_eq!(read(&mut puppet.conn, 1), Err(Stop::WantRead));
    puppet.established();
    assert_eq!(puppet.conn.facts().requests_refused, 1);
    let said: Vec<_> = puppet
        .seen
        .iter()
        .map(|r| (r.typ, r.body.clone()))
        .collect();
    assert_eq!(
        said,
        [(C::ALERT, vec![L::WARNING.0, A::NO_RENEGOTIATION.0])]
    );
    not_now(&mut puppet.conn, Reason::RenegotiationOff);
    puppet.data(b"as it was");
    assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"as it was");
}

/// Asking fails, and nothing else does.
fn not_now(conn: &mut Connection, reason: Reason) {
    assert_eq!(conn.renegotiate(), Err(Stop::Failed));
    let error = conn.error().unwrap();
    assert_eq!((error.reason(), error.alert()), (reason, None));
    assert!(!conn.is_failed() && conn.outgoing().is_empty());
}

#[test]
fn asking_at_the_wrong_time() {
    for mode in [Renegotiation::Own, Renegotiation::Allow] {
        let (mut ours, mut theirs) = (GCM.client_config(), GCM.server_config());
        (ours.renegotiation, theirs.renegotiation) = (mode, mode);
        let (mut c, mut s) = (client(ours), server(theirs));
        not_now(&mut c, Reason::WrongOrder);
        not_now(&mut s, Reason::WrongOrder);
        let _hello = c.handshake();
        let hello = take(&mut c);
        not_now(&mut c, Reason::WrongOrder);
        give(&mut s, &hello);
        handshake(&mut c, &mut s).unwrap();
        for conn in [&mut c, &mut s] {
            conn.set_renegotiation(Renegotiation::Refuse);
            not_now(conn, Reason::RenegotiationOff);
            conn.set_renegotiation(mode);
            conn.close().unwrap();
            let _bye = take(conn);
            not_now(conn, Reason::ClosedForWriting);
        }
    }
    let mut puppet = idle_server(GCM);
    puppet.record(C::HANDSHAKE, &[]);
    puppet.refused(Reason::EmptyHandshakeRecord, A::UNEXPECTED_MESSAGE);
    assert_eq!(puppet.conn.renegotiate(), Err(Stop::Failed));
    assert_eq!(common::reason(&puppet.conn), Reason::EmptyHandshakeRecord);
}

#[test]
fn a_refusal_that_nobody_asked_for_means_nothing() {
    for mut puppet in [idle_client(GCM), idle_server(GCM)] {
        puppet.alert(L::WARNING, A::NO_RENEGOTIATION);
        assert_eq!(read(&mut puppet.conn, 1), Err(Stop::WantRead));
        puppet.established();
        assert!(!puppet.conn.facts().renegotiation_refused);
    }
    for mut puppet in [
        GCM.client(AtClient::ServerHello),
        GCM.client(AtClient::Certificate),
        GCM.client(AtClient::Finished),
        GCM.server(AtServer::ClientHello),
        GCM.server(AtServer::Ccs),
    ] {
        puppet.alert(L::WARNING, A::NO_RENEGOTIATION);
        puppet.accepted();
    }
    // Behind the ServerHello it is too late to refuse.
    let mut puppet = asked_client(GCM);
    puppet.server_hello(&second_server_hello(GCM, &puppet));
    puppet.alert(L::WARNING, A::NO_RENEGOTIATION);
    puppet.accepted();
    assert!(!puppet.conn.facts().renegotiation_refused);
}

#[test]
fn a_refusal_of_what_we_asked_for() {
    for mut puppet in [idle_client(GCM), idle_server(GCM)] {
        for n in 0..20 {
            puppet.conn.renegotiate().unwrap();
            assert_eq!(puppet.drive(), Err(Stop::WantRead));
            puppet.alert(L::WARNING, A::NO_RENEGOTIATION);
            if n % 2 == 0 {
                assert_eq!(puppet.drive(), Err(Stop::Failed));
                assert_eq!(common::reason(&puppet.conn), Reason::RenegotiationRefused);
            } else {
                assert_eq!(read(&mut puppet.conn, 9), Err(Stop::WantRead));
            }
            assert!(puppet.conn.facts().renegotiation_refused);
            puppet.established();
            puppet.data(b"go on");
            assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"go on");
            assert!(puppet.conn.write(b"go on").is_ok());
            let _data = puppet.drive();
        }
        puppet.conn.renegotiate().unwrap();
        puppet.alert(L::FATAL, A::NO_RENEGOTIATION);
        puppet.told(A::NO_RENEGOTIATION);
    }
}

#[test]
fn a_flood_of_hellos_behind_a_request_that_was_taken_back() {
    for closes in [false, true] {
        let mut puppet = idle_server(GCM);
        puppet.conn.renegotiate().unwrap();
        match closes {
            false => puppet.conn.set_renegotiation(Renegotiation::Refuse),
            true => assert_eq!(puppet.conn.close(), Ok(())),
        }
        // The first one is what was asked for.
        for n in 0..11 {
            puppet.client_hello(&second_client_hello(GCM, &puppet));
            assert_eq!(read(&mut puppet.conn, 1), Err(Stop::WantRead));
            let _refusal = take(&mut puppet.conn);
            assert_eq!(puppet.conn.facts().requests_refused, n + 1);
        }
        assert_eq!(puppet.conn.facts().handshakes, 1);
        puppet.client_hello(&second_client_hello(GCM, &puppet));
        assert_eq!(read(&mut puppet.conn, 1), Err(Stop::Failed));
        let error = puppet.conn.error().unwrap();
        assert_eq!(error.reason(), Reason::TooManyRenegotiations);
        let sent = Some((A::UNEXPECTED_MESSAGE, Direction::Sent)).filter(|_| !closes);
        assert_eq!(error.alert(), sent);
    }
}

#[test]
fn refusals_that_nobody_reads() {
    let clock = TestClock::new();
    let ours = || {
        let (mut c, mut s) = (GCM.client_config(), GCM.server_config());
        (c.clock, s.clock) = (clock.clone(), clock.clone());
        [
            GCM.client_with(c, AtClient::Traffic),
            GCM.server_with(s, AtServer::Traffic),
        ]
    };
    // Once a minute is not too often.
    let ask = |puppet: &mut Puppet| {
        clock.forward(60);
        match puppet.conn.role() {
            Role::Client => puppet.say(T::HELLO_REQUEST, &[]),
            Role::Server => puppet.client_hello(&second_client_hello(GCM, puppet)),
        }
        read(&mut puppet.conn, 1)
    };
    for (mut read_by_nobody, mut read_by_somebody) in ours().into_iter().zip(ours()) {
        for _ in 0..10 {
            assert_eq!(ask(&mut read_by_nobody), Err(Stop::WantRead));
        }
        assert_eq!(ask(&mut read_by_nobody), Err(Stop::Failed));
        let reason = common::reason(&read_by_nobody.conn);
        assert_eq!(reason, Reason::TooManyRenegotiations);
        for _ in 0..30 {
            assert_eq!(ask(&mut read_by_somebody), Err(Stop::WantRead));
            assert!(!take(&mut read_by_somebody.conn).is_empty());
        }
    }
}

#[test]
fn a_flood_of_renegotiations() {
    let mut puppet = idle_server(GCM);
    for n in 0..10 {
        puppet.client_hello(&second_client_hello(GCM, &puppet));
        goes_on(&mut puppet);
        GCM.client_key_exchange(&mut puppet);
        puppet.ccs();
        puppet.finished();
        puppet.established();
        assert_eq!(puppet.conn.facts().handshakes, n + 2);
    }
    puppet.client_hello(&second_client_hello(GCM, &puppet));
    puppet.refused(Reason::TooManyRenegotiations, A::UNEXPECTED_MESSAGE);
}

#[test]
fn a_certificate_of_the_new_handshake_does_not_show_before_its_end() {
    // Everything but the signature is right.
    let mut puppet = asked_client(GCM);
    let before = format!("{:?}", puppet.conn.facts());
    puppet.server_hello(&second_server_hello(GCM, &puppet));
    puppet.certificate(GCM.keypair);
    let group = NamedGroup::SECP256R1;
    let good = params(group, &public_value(group));
    let other = params(group, &public_value(group));
    let signature = common::puppet::sign(GCM.keypair, GCM.scheme, &puppet.signed_message(&other));
    let body = common::puppet::key_exchange_body(&good, GCM.scheme, &signature);
    puppet.accepted();
    assert_eq!(format!("{:?}", puppet.conn.facts()), before);
    if good != other {
        puppet.say(T::SERVER_KEY_EXCHANGE, &body);
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(Reason::BadSignature, A::DECRYPT_ERROR);
        assert_eq!(format!("{:?}", puppet.conn.facts()), before);
    }
}

#[test]
fn an_end_in_the_middle() {
    // The transport ends: data may be missing.
    for mut puppet in [asked_client(GCM), almost_renegotiated_server(GCM)] {
        puppet.conn.transport_eof();
        puppet.refused(Reason::Truncated, None);
    }
    // The peer closes: nothing is missing, but a handshake will never be done.
    for writes in [true, false] {
        for mut puppet in [asked_client(GCM), almost_renegotiated_client(GCM)] {
            puppet.alert(L::WARNING, A::CLOSE_NOTIFY);
            assert_eq!(read(&mut puppet.conn, 9), Ok(vec![]));
            let stop = if writes {
                puppet.conn.write(b"more").unwrap_err()
            } else {
                puppet.drive().unwrap_err()
            };
            assert_eq!(stop, Stop::Failed);
            assert_eq!(common::reason(&puppet.conn), Reason::EofInHandshake);
        }
    }
}

#[test]
fn who_has_closed_follows_no_request() {
    for (mut puppet, request) in [
        (idle_client(GCM), T::HELLO_REQUEST),
        (idle_server(GCM), T::CLIENT_HELLO),
    ] {
        puppet.conn.close().unwrap();
        puppet.established();
        puppet.seen.clear();
        puppet.say(request, &[]);
        puppet.data(b"the rest");
        assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"the rest");
        puppet.established();
        assert!(puppet.seen.is_empty());
        assert_eq!(puppet.conn.facts().requests_refused, 1);
    }
}

#[test]
fn we_close_in_the_middle() {
    let mut puppet = asked_client(GCM);
    puppet.conn.close().unwrap();
    assert_eq!(puppet.drive(), Err(Stop::Failed));
    assert_eq!(common::reason(&puppet.conn), Reason::ClosedForWriting);
    puppet.seen.clear();
    // The server goes on: it has not seen our close_notify.
    puppet.server_hello(&second_server_hello(GCM, &puppet));
    puppet.data(b"the rest");
    assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"the rest");
    puppet.certificate(GCM.keypair);
    GCM.server_key_exchange(&mut puppet);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.alert(L::WARNING, A::CLOSE_NOTIFY);
    assert_eq!(read(&mut puppet.conn, 99), Ok(vec![]));
    let _nothing = puppet.drive();
    assert!(puppet.seen.is_empty(), "nothing follows a close_notify");
    assert!(!puppet.conn.is_failed());
}
