//! The record layer (RFC 5246 §6): headers, limits, and records that do not authenticate.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::keys::CbcParts;
use common::plan::{AtClient, AtServer, CBC, CHACHA, ETM, GCM, PLANS, Plan};
use common::puppet::Puppet;
use common::read;
use common::wire::{Record, message};
use tls_core::conn::Stop;
use tls_core::error::Reason;
use tls_core::wire::{AlertDescription as A, AlertLevel, ContentType as C, HandshakeType as T};

/// Both ends before a byte came, between the hellos' versions and the keys, and with keys.
fn everywhere(plan: Plan) -> [Puppet; 6] {
    [
        plan.client(AtClient::ServerHello),
        plan.server(AtServer::ClientHello),
        plan.client(AtClient::Certificate),
        plan.server(AtServer::ClientKeyExchange),
        plan.client(AtClient::Traffic),
        plan.server(AtServer::Traffic),
    ]
}

fn in_traffic(plan: Plan) -> [Puppet; 2] {
    [
        plan.client(AtClient::Traffic),
        plan.server(AtServer::Traffic),
    ]
}

fn header(typ: u8, version: u16, len: usize) -> Vec<u8> {
    let [major, minor] = version.to_be_bytes();
    vec![typ, major, minor, (len >> 8) as u8, len as u8]
}

#[test]
fn a_record_beyond_the_limit_is_refused_by_its_header() {
    for len in [(1 << 14) + 2049, 0xffff] {
        for plan in PLANS {
            for mut puppet in everywhere(plan) {
                puppet.raw(&header(22, 0x0303, len));
                puppet.refused(Reason::RecordOverflow, A::RECORD_OVERFLOW);
            }
        }
    }
}

#[test]
fn a_record_of_the_largest_length_is_waited_for() {
    for mut puppet in everywhere(GCM) {
        puppet.raw(&header(22, 0x0303, (1 << 14) + 2048));
        puppet.raw(&[0; (1 << 14) + 2047]);
        assert_eq!(read(&mut puppet.conn, 9), Err(Stop::WantRead));
    }
}

#[test]
fn a_plaintext_beyond_the_limit_is_refused() {
    for len in [(1 << 14) + 1, (1 << 14) + 256] {
        for mut puppet in [
            GCM.client(AtClient::ServerHello),
            GCM.server(AtServer::ClientHello),
            GCM.client(AtClient::Certificate),
        ] {
            puppet.record(C::HANDSHAKE, &vec![0; len]);
            puppet.refused(Reason::RecordOverflow, A::RECORD_OVERFLOW);
        }
        for plan in PLANS {
            for mut puppet in in_traffic(plan) {
                puppet.data(&vec![0; len]);
                puppet.refused(Reason::RecordOverflow, A::RECORD_OVERFLOW);
            }
        }
    }
}

#[test]
fn a_plaintext_at_the_limit_is_not() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            puppet.data(&[7; 1 << 14]);
            assert_eq!(read(&mut puppet.conn, 1 << 15).unwrap(), [7; 1 << 14]);
        }
    }
}

#[test]
fn unknown_content_types_are_refused() {
    for typ in [0, 1, 19, 24, 25, 128, 255] {
        for mut puppet in everywhere(GCM) {
            puppet.raw(&header(typ, 0x0303, 1));
            puppet.refused(Reason::UnknownContentType, A::UNEXPECTED_MESSAGE);
        }
    }
    // Also when the record is sealed with the right keys.
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            puppet.record(C(24), b"heartbeat");
            puppet.refused(Reason::UnknownContentType, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn what_is_no_tls_at_all_is_refused() {
    let strangers: [&[u8]; 8] = [
        b"SSH-2.0-OpenSSH_9.2",
        b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10",
        b"EHLO example.test",
        b"220 mail.example.test ESMTP",
        &[0; 5],
        &[0xff; 5],
        &[22, 2, 0, 0, 1],
        &[22, 4, 3, 0, 1],
    ];
    for bytes in strangers {
        for mut puppet in [
            GCM.client(AtClient::ServerHello),
            GCM.server(AtServer::ClientHello),
        ] {
            puppet.raw(bytes);
            puppet.refused(Reason::NotTls, A::PROTOCOL_VERSION);
        }
    }
}

#[test]
fn plain_http_has_an_error_of_its_own() {
    let lines: [&[u8]; 10] = [
        b"GET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\n",
        b"HEAD / HTTP/1.1\r\n",
        b"PUT / HTTP/1.1\r\n",
        b"DELETE / HTTP/1.1\r\n",
        b"OPTIONS * HTTP/1.1\r\n",
        b"PATCH / HTTP/1.1\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n",
        b"PRI * HTTP/2.0\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
    ];
    for line in lines {
        for mut puppet in [
            GCM.client(AtClient::ServerHello),
            GCM.server(AtServer::ClientHello),
        ] {
            puppet.raw(line);
            // An alert would only puzzle who speaks HTTP.
            puppet.refused(Reason::HttpRequest, None);
        }
    }
}

#[test]
fn http_inside_a_connection_is_just_a_bad_record() {
    let mut puppet = GCM.client(AtClient::Certificate);
    puppet.raw(b"GET / HTTP/1.1\r\n");
    puppet.refused(Reason::UnknownContentType, A::UNEXPECTED_MESSAGE);
}

#[test]
fn before_the_version_is_known_any_3_will_do() {
    for version in [0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x03ff] {
        let mut puppet = GCM.server(AtServer::ClientHello);
        let hello = message(T::CLIENT_HELLO, &GCM.client_hello().encode());
        let mut record = Record::new(C::HANDSHAKE, &hello);
        record.version = version;
        puppet.raw(&record.encode());
        puppet.accepted();
        let mut puppet = GCM.client(AtClient::ServerHello);
        let hello = message(T::SERVER_HELLO, &GCM.server_hello().encode());
        let mut record = Record::new(C::HANDSHAKE, &hello);
        record.version = version;
        puppet.raw(&record.encode());
        puppet.accepted();
    }
}

#[test]
fn behind_the_hello_every_record_has_its_version() {
    for version in [0x0300, 0x0301, 0x0302, 0x0304, 0x0403, 0x0003] {
        for plan in [GCM, CBC] {
            for mut puppet in everywhere(plan).into_iter().skip(2) {
                puppet.raw(&header(22, version, 4));
                puppet.refused(Reason::NotTls, A::PROTOCOL_VERSION);
            }
        }
    }
}

#[test]
fn empty_data_records_are_bounded() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            for _ in 0..3 {
                for _ in 0..32 {
                    puppet.data(b"");
                }
                puppet.data(b"x");
                assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"x");
            }
            for _ in 0..33 {
                puppet.data(b"");
            }
            puppet.refused(Reason::TooManyEmptyRecords, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn warnings_do_not_hide_empty_records() {
    let mut puppet = GCM.client(AtClient::Traffic);
    for i in 0..33 {
        puppet.data(b"");
        if i % 16 == 0 {
            puppet.alert(AlertLevel::WARNING, A::USER_CANCELED);
        }
    }
    puppet.refused(Reason::TooManyEmptyRecords, A::UNEXPECTED_MESSAGE);
}

#[test]
fn an_empty_handshake_record_is_refused() {
    // RFC 5246 §6.2.1: zero-length fragments are for application data alone.
    for plan in PLANS {
        for mut puppet in everywhere(plan) {
            puppet.record(C::HANDSHAKE, b"");
            puppet.refused(Reason::EmptyHandshakeRecord, A::UNEXPECTED_MESSAGE);
        }
    }
    let mut puppet = GCM.client(AtClient::ServerHello);
    let hello = message(T::SERVER_HELLO, &GCM.server_hello().encode());
    puppet.handshake_bytes(&hello[..9]);
    puppet.handshake_bytes(b"");
    puppet.refused(Reason::EmptyHandshakeRecord, A::UNEXPECTED_MESSAGE);
}

/// A sealed record of the peer, not sent yet.
fn sealed(puppet: &mut Puppet, plain: &[u8]) -> Record {
    let keys = puppet.ours.as_mut().unwrap();
    keys.seal(C::APPLICATION_DATA, plain)
}

fn bad_mac(puppet: &mut Puppet) {
    puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    for plan in PLANS {
        let len = sealed(&mut plan.client(AtClient::Traffic), b"seventeen bytes..")
            .body
            .len();
        for place in 0..len {
            // In place, and straight into the reader's buffer.
            for read_size in [1, 1 << 15] {
                let mut puppet = plan.client(AtClient::Traffic);
                let mut record = sealed(&mut puppet, b"seventeen bytes..");
                record.body[place] ^= 1 << (place % 8);
                puppet.raw(&record.encode());
                puppet.read_size = read_size;
                bad_mac(&mut puppet);
            }
        }
    }
}

#[test]
fn the_header_is_authenticated() {
    for plan in PLANS {
        for typ in [C::HANDSHAKE, C::ALERT, C::CHANGE_CIPHER_SPEC] {
            for mut puppet in in_traffic(plan) {
                let mut record = sealed(&mut puppet, &[1]);
                record.typ = typ;
                puppet.raw(&record.encode());
                bad_mac(&mut puppet);
            }
        }
    }
}

#[test]
fn records_have_their_order() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            let record = sealed(&mut puppet, b"once").encode();
            puppet.raw(&record);
            assert_eq!(read(&mut puppet.conn, 9).unwrap(), b"once");
            puppet.raw(&record);
            bad_mac(&mut puppet);
        }
        for mut puppet in in_traffic(plan) {
            let _lost = sealed(&mut puppet, b"lost");
            puppet.data(b"next");
            bad_mac(&mut puppet);
        }
        for mut puppet in in_traffic(plan) {
            let (first, second) = (sealed(&mut puppet, b"1"), sealed(&mut puppet, b"2"));
            puppet.raw(&second.encode());
            puppet.raw(&first.encode());
            bad_mac(&mut puppet);
        }
    }
}

#[test]
fn a_record_of_the_wrong_direction_is_refused() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            puppet.conn.write(b"mirror").unwrap();
            // Type, version, length and sequence number are right; the key is not.
            let own = common::take(&mut puppet.conn);
            puppet.raw(&own);
            assert_eq!(read(&mut puppet.conn, 9), Err(Stop::Failed));
            assert_eq!(common::reason(&puppet.conn), Reason::BadRecordMac);
        }
    }
}

#[test]
fn a_body_too_short_to_be_a_record_is_refused() {
    for plan in PLANS {
        let overhead = sealed(&mut plan.client(AtClient::Traffic), b"").body.len();
        for len in 0..overhead {
            for mut puppet in in_traffic(plan) {
                let mut record = sealed(&mut puppet, b"");
                record.body.truncate(len);
                puppet.raw(&record.encode());
                bad_mac(&mut puppet);
            }
        }
    }
}

#[test]
fn a_cut_or_longer_body_is_refused() {
    for plan in PLANS {
        let len = sealed(&mut plan.client(AtClient::Traffic), &[5; 100])
            .body
            .len();
        for new_len in (0..len).step_by(7).chain(len + 1..len + 40) {
            let mut puppet = plan.client(AtClient::Traffic);
            let mut record = sealed(&mut puppet, &[5; 100]);
            record.body.resize(new_len, 0);
            puppet.raw(&record.encode());
            bad_mac(&mut puppet);
        }
    }
}

fn cbc(plan: Plan, plain: &[u8], spoil: impl Fn(&mut CbcParts)) -> [Puppet; 2] {
    in_traffic(plan).map(|mut puppet| {
        let keys = puppet.ours.as_mut().unwrap();
        let record = keys.seal_cbc(C::APPLICATION_DATA, plain, &spoil);
        puppet.raw(&record.encode());
        puppet
    })
}

/// A padding of `len` bytes in front of its length byte.
fn padding(len: usize) -> Vec<u8> {
    vec![len as u8; len + 1]
}

#[test]
fn cbc_every_good_padding_is_accepted() {
    // 12 + 20 (or 28 + no inner MAC) bytes: 0 or 4 short of a block, then whole blocks of padding.
    for (plan, plain) in [(CBC, &[8; 12][..]), (ETM, &[8; 28])] {
        let first = if plan.encrypt_then_mac { 3 } else { 15 };
        for len in (first..=255).step_by(16) {
            for mut puppet in cbc(plan, plain, |parts| parts.padding = padding(len)) {
                assert_eq!(read(&mut puppet.conn, 100).unwrap(), plain, "{len}");
            }
        }
    }
}

#[test]
fn cbc_a_bad_mac_is_refused() {
    for place in 0..20 {
        for mut puppet in cbc(CBC, b"data", |parts| parts.mac[place] ^= 0x10) {
            bad_mac(&mut puppet);
        }
    }
    for mut puppet in cbc(CBC, b"data", |parts| parts.plain[0] ^= 1) {
        bad_mac(&mut puppet);
    }
    for mut puppet in cbc(ETM, b"data", |parts| parts.outer_spoil = 1) {
        bad_mac(&mut puppet);
    }
}

#[test]
fn cbc_a_bad_padding_is_refused_although_the_mac_is_good() {
    // A block more than needed: 31 bytes of padding, then the length.
    for (plan, plain) in [(CBC, &[8; 12][..]), (ETM, &[8; 16])] {
        for place in 0..31 {
            for mut puppet in cbc(plan, plain, |parts| {
                parts.padding = padding(31);
                parts.padding[place] ^= 0x80;
            }) {
                bad_mac(&mut puppet);
            }
        }
    }
}

#[test]
fn cbc_a_padding_longer_than_the_record_is_refused() {
    for plan in [CBC, ETM] {
        for len in [0x20, 0x7f, 0xff] {
            for mut puppet in cbc(plan, b"", |parts| parts.padding.fill(len)) {
                bad_mac(&mut puppet);
            }
        }
    }
}

#[test]
fn cbc_no_padding_at_all_is_refused() {
    // The last byte of the MAC stands where the padding length should be, or the data does.
    for mut puppet in cbc(CBC, &[0; 12], |parts| parts.padding.clear()) {
        bad_mac(&mut puppet);
    }
    for mut puppet in cbc(ETM, &[0xee; 16], |parts| parts.padding.clear()) {
        bad_mac(&mut puppet);
    }
}

#[test]
fn cbc_all_causes_look_the_same() {
    let spoils: [fn(&mut CbcParts); 3] = [
        |parts| parts.mac[0] ^= 1,
        |parts| parts.padding[0] ^= 1,
        |parts| parts.padding.fill(0xff),
    ];
    let texts = spoils.map(|spoil| {
        let [mut puppet, _] = cbc(CBC, b"data", spoil);
        bad_mac(&mut puppet);
        puppet.conn.error().unwrap().text().to_owned()
    });
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[test]
fn a_bad_record_takes_nothing_from_what_was_before_it() {
    for plan in [GCM, CHACHA, CBC] {
        for mut puppet in in_traffic(plan) {
            puppet.data(b"good");
            let mut record = sealed(&mut puppet, b"bad");
            *record.body.last_mut().unwrap() ^= 1;
            puppet.raw(&record.encode());
            assert_eq!(read(&mut puppet.conn, 100).unwrap(), b"good");
            bad_mac(&mut puppet);
        }
    }
}

#[test]
fn a_bad_record_instead_of_finished() {
    for plan in PLANS {
        for mut puppet in [
            plan.client(AtClient::Finished),
            plan.server(AtServer::Finished),
        ] {
            let finished = message(T::FINISHED, &puppet.verify_data());
            let keys = puppet.ours.as_mut().unwrap();
            let mut record = keys.seal(C::HANDSHAKE, &finished);
            *record.body.last_mut().unwrap() ^= 1;
            puppet.raw(&record.encode());
            bad_mac(&mut puppet);
        }
    }
}
