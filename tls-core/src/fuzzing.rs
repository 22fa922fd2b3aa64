//! A way in for the fuzz targets, to what no program can call: decoders one by one, and the
//! deframer. Not part of the API; the feature `fuzzing` exists for `fuzz/` alone.
//!
//! Each function checks what must hold for every input and panics where it does not.

use crate::config::BufferPool;
use crate::crypto::{DhParams, KeyExchangeKind};
use crate::msg::certificate_request::CertificateRequest;
use crate::msg::certificate_verify::DigitallySigned;
use crate::msg::client_hello::ClientHello;
use crate::msg::client_key_exchange::ClientKeyExchange;
use crate::msg::new_session_ticket::NewSessionTicket;
use crate::msg::server_hello::ServerHello;
use crate::msg::server_key_exchange::{ServerKeyExchange, encode_params};
use crate::msg::{self, alert::Alert, ext};
use crate::record::{Inbound, Joiner, RecordHeader};
use crate::session::{ClientSession, Place};
use crate::wire::{ProtocolVersion, Put, Reader};

/// How many decoders [`decode`] knows.
pub const DECODERS: u8 = 36;

/// Decodes `body` with the decoder that `which` (modulo [`DECODERS`]) names. What decodes and has
/// an encoder of ours must come back as the same bytes.
pub fn decode(which: u8, body: &[u8]) {
    match which % DECODERS {
        0 => client_hello(body),
        1 => server_hello(body),
        2 => {
            let encode = |chain: &[_], out: &mut Vec<u8>| msg::certificate::encode(chain, out);
            same(
                body,
                msg::certificate::decode(body, |der| der.into()).ok(),
                |c, out| encode(&c, out),
            );
        }
        3 => drop(CertificateRequest::decode(body)),
        4 => {
            let response = msg::certificate_status::decode(body).ok();
            same(body, response, msg::certificate_status::encode);
        }
        5 => {
            let mut r = Reader::new("CertificateVerify", body);
            let signed = DigitallySigned::read(&mut r).ok();
            let whole = signed.filter(|_| r.end().is_ok());
            same(body, whole, |signed, out| signed.encode(out));
        }
        6 => server_key_exchange(KeyExchangeKind::Ecdhe, body),
        7 => client_key_exchange(KeyExchangeKind::Ecdhe, body),
        8 => client_key_exchange(KeyExchangeKind::Rsa, body),
        9 => same(body, Alert::decode(body).ok(), |alert, out| {
            out.raw(&alert.encode());
        }),
        10 => drop(ext::server_name::decode_client(body)),
        11 => drop(ext::status_request::decode_client(body)),
        12 => same(body, ext::supported_groups::decode(body).ok(), |g, out| {
            ext::supported_groups::encode(g.iter().copied(), out);
        }),
        13 => drop(ext::ec_point_formats::decode(body)),
        14 => same(
            body,
            ext::signature_algorithms::decode(body).ok(),
            |s, out| ext::signature_algorithms::encode(&s, out),
        ),
        15 => {
            let _one = ext::alpn::decode_server(body);
            same(
                body,
                ext::alpn::ProtocolNames::decode(body).ok(),
                |names, out| {
                    ext::alpn::encode(names.iter(), out);
                },
            );
        }
        16 => {
            let info = ext::renegotiation_info::decode(body).ok();
            same(body, info, |info, out| {
                ext::renegotiation_info::encode(&[info], out)
            });
        }
        17 => header(body),
        18 => certificate(body),
        19 => text(body),
        20 => server_key_exchange(KeyExchangeKind::Dhe, body),
        21 => client_key_exchange(KeyExchangeKind::Dhe, body),
        22 => server_key_exchange(KeyExchangeKind::Psk, body),
        23 => client_key_exchange(KeyExchangeKind::Psk, body),
        24 => server_key_exchange(KeyExchangeKind::EcdhePsk, body),
        25 => client_key_exchange(KeyExchangeKind::EcdhePsk, body),
        26 => server_key_exchange(KeyExchangeKind::DhePsk, body),
        27 => client_key_exchange(KeyExchangeKind::DhePsk, body),
        28 => dh_params(body),
        29 => same(body, NewSessionTicket::decode(body).ok(), |new, out| {
            new.encode(out);
        }),
        30 => exported_session(body),
        31 => sealed_session(body),
        32 => {
            let length = ext::max_fragment_length::decode(body).ok();
            same(body, length, ext::max_fragment_length::encode);
        }
        33 => {
            let limit = ext::record_size_limit::decode(body).ok();
            same(body, limit, ext::record_size_limit::encode);
        }
        34 => drop(ext::signed_certificate_timestamp::decode_server(body)),
        _ => drop(crate::cert::check_ocsp_response(body)),
    }
}

/// What was decoded must encode to what it was decoded from.
fn same<T>(body: &[u8], decoded: Option<T>, encode: impl FnOnce(T, &mut Vec<u8>)) {
    let Some(decoded) = decoded else { return };
    let mut out = Vec::new();
    encode(decoded, &mut out);
    assert_eq!(out, body);
}

/// What was imported is exported as it will be for ever: a lifetime may have been cut.
fn exported_session(body: &[u8]) {
    let Ok(session) = ClientSession::decode(body) else {
        return;
    };
    let exported = session.export();
    assert!(
        exported.len() <= body.len() + 4,
        "names of certificates may be shorter; the checksum is not in the body"
    );
    let again = ClientSession::import(&exported).map(|s| s.export().to_vec());
    assert_eq!(again.ok().as_deref(), Some(&exported[..]));
}

/// What a ticket, or a value from a store, holds when it is opened.
fn sealed_session(body: &[u8]) {
    let states = [
        crate::session::open_envelope(Place::Ticket, body),
        crate::session::open_envelope(Place::Store(&[7; 32]), body),
    ];
    assert!(
        states.iter().flatten().count() <= 1,
        "a ticket is no stored session"
    );
    for state in states.into_iter().flatten() {
        let _times = (
            state.is_fresh(0),
            state.is_half_over(0),
            state.seconds_left(0),
        );
        let mut out = Vec::new();
        state.encode_into(&mut out);
        assert!(body.len() >= out.len());
    }
}

/// Parameters that parse have public values: the generator for one.
fn dh_params(body: &[u8]) {
    if let Ok(params) = DhParams::from_der(body) {
        assert!(params.contains(params.g()) && params.bits() <= DhParams::MAX_BITS);
        assert!(!params.contains(params.p()) && !params.contains(&[1]));
    }
}

fn server_key_exchange(kind: KeyExchangeKind, body: &[u8]) {
    let decoded = ServerKeyExchange::decode(kind.row(), body).ok();
    same(body, decoded, |ske, out| {
        encode_params(kind.row(), ske.hint, &ske.share, out);
        assert_eq!(out, ske.params);
        if let Some(signed) = ske.signed {
            signed.encode(out);
        }
    });
}

fn client_key_exchange(kind: KeyExchangeKind, body: &[u8]) {
    let decoded = ClientKeyExchange::decode(kind.row(), body).ok();
    same(body, decoded, |cke, out| cke.encode(kind.row(), out));
}

fn client_hello(body: &[u8]) {
    let Ok(hello) = ClientHello::decode(body) else {
        return;
    };
    assert!(hello.version.0 == u16::from_be_bytes([body[0], body[1]]));
    assert!(!hello.suites.is_empty());
    for (_, contents) in hello.extensions.iter() {
        assert!(contents.len() <= body.len());
    }
}

fn server_hello(body: &[u8]) {
    let Ok(hello) = ServerHello::decode(body) else {
        return;
    };
    assert_eq!(hello.random, body[2..34]);
    assert!(hello.extensions.iter().count() <= body.len() / 4);
}

fn header(body: &[u8]) {
    let Some(bytes) = body.first_chunk() else {
        return;
    };
    for negotiated in [None, Some(ProtocolVersion::TLS12)] {
        if let Ok(header) = RecordHeader::parse(*bytes, negotiated) {
            let mut out = [0; 5];
            RecordHeader::write(&mut out, header.content_type, header.version, header.len);
            assert_eq!(out, *bytes);
        }
    }
}

fn certificate(body: &[u8]) {
    let _spki = crate::cert::leaf_spki(body);
    let _usage = crate::cert::leaf_key_usage(body);
    let _info = crate::cert::CertificateInfo::parse(body);
    let mut anchors = crate::cert::TrustAnchors::default();
    let _added = anchors.add(body.to_vec());
}

fn text(body: &[u8]) {
    let Ok(text) = core::str::from_utf8(body) else {
        return;
    };
    let _name = crate::cert::ServerName::parse(text);
    let _suites = crate::config::parse_cipher_list(text, &crate::config::LEGACY);
    let _groups = crate::config::parse_group_list(text, &crate::config::LEGACY);
    let _schemes = crate::config::parse_scheme_list(text, &crate::config::LEGACY);
}

/// Cuts a stream into records and its handshake records into messages, fed in pieces of the given
/// sizes; returns everything that was found, and the first error's reason.
pub fn deframe(stream: &[u8], mut piece: impl FnMut() -> usize) -> Deframed {
    let (pool, mut inbound, mut joiner) = Default::default();
    let mut found = Deframed::default();
    let mut rest = stream;
    while found.error.is_none() && !rest.is_empty() {
        let n = feed(&mut inbound, &pool, rest, piece().max(1));
        rest = &rest[n..];
        if let Err(error) = drain(&mut inbound, &mut joiner, &mut found) {
            found.error = Some(error.reason());
        }
        inbound.release(&pool);
    }
    found
}

/// What [`deframe`] found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Deframed {
    /// Content types and bodies.
    pub records: Vec<(u8, Vec<u8>)>,
    /// Encoded handshake messages.
    pub messages: Vec<Vec<u8>>,
    /// Why it stopped, if it did.
    pub error: Option<crate::error::Reason>,
}

fn feed(inbound: &mut Inbound, pool: &BufferPool, bytes: &[u8], piece: usize) -> usize {
    let space = inbound.space(pool);
    assert!(!space.is_empty(), "no room although nothing waits");
    let n = space.len().min(bytes.len()).min(piece);
    space[..n].copy_from_slice(&bytes[..n]);
    inbound.filled(n);
    n
}

fn drain(
    inbound: &mut Inbound,
    joiner: &mut Joiner,
    found: &mut Deframed,
) -> crate::error::Result<()> {
    while let Some((header, body)) = inbound.record(None)? {
        let bytes = inbound.slice(body.clone()).to_vec();
        assert_eq!(bytes.len(), header.len);
        inbound.consume(body.end);
        if header.content_type == crate::wire::ContentType::HANDSHAKE {
            joiner.push(&bytes);
        }
        found.records.push((header.content_type.0, bytes));
        while let Some(message) = joiner.peek(msg::max_len)? {
            let encoded = message.encoded.to_vec();
            assert_eq!(encoded[4..], *message.body());
            joiner.consume(encoded.len());
            found.messages.push(encoded);
        }
    }
    Ok(())
}
