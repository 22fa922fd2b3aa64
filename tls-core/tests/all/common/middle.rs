//! Somebody between two real connections, who passes on what they say in another form.

use super::wire::{Record, records};
use super::{client, give, server, take};
use tls_core::config::Config;
use tls_core::conn::{Connection, Stop};
use tls_core::wire::ContentType;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    ToServer,
    ToClient,
}

pub struct Middle {
    pub client: Connection,
    pub server: Connection,
}

impl Middle {
    pub fn new(client_config: Config, server_config: Config) -> Self {
        Self {
            client: client(client_config),
            server: server(server_config),
        }
    }

    /// Runs both handshakes; everything that is said goes through `pass`. Ends when both are done,
    /// one failed (after its alert arrived), or nothing moves any more.
    pub fn run(&mut self, mut pass: impl FnMut(Way, Vec<Record>) -> Vec<u8>) {
        loop {
            let _client = self.client.handshake();
            let _server = self.server.handshake();
            let to_server = take(&mut self.client);
            let to_client = take(&mut self.server);
            if to_server.is_empty() && to_client.is_empty() {
                return;
            }
            if !to_server.is_empty() {
                give(&mut self.server, &pass(Way::ToServer, records(&to_server)));
            }
            if !to_client.is_empty() {
                give(&mut self.client, &pass(Way::ToClient, records(&to_client)));
            }
        }
    }

    pub fn both_are_done(&mut self) {
        assert_eq!(self.client.handshake(), Ok(()), "{:?}", self.client.error());
        assert_eq!(self.server.handshake(), Ok(()), "{:?}", self.server.error());
    }

    /// Both ends failed or wait; nobody is done.
    pub fn nobody_is_done(&mut self) {
        for conn in [&mut self.client, &mut self.server] {
            assert!(matches!(
                conn.handshake(),
                Err(Stop::Failed | Stop::WantRead)
            ));
            assert!(!conn.is_established());
        }
    }
}

pub fn whole(records: &[Record]) -> Vec<u8> {
    records.iter().flat_map(Record::encode).collect()
}

/// The same handshake messages in records of at most `len` bytes, as long as they are in the clear.
pub fn fragmented(records: &[Record], len: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut clear = true;
    for record in records {
        clear &= record.typ != ContentType::CHANGE_CIPHER_SPEC;
        if !clear || record.typ != ContentType::HANDSHAKE {
            out.extend(record.encode());
            continue;
        }
        for part in record.body.chunks(len) {
            let mut fragment = Record::new(record.typ, part);
            fragment.version = record.version;
            out.extend(fragment.encode());
        }
    }
    out
}

/// The handshake messages of the flight in one record, as long as they are in the clear.
pub fn coalesced(records: &[Record]) -> Vec<u8> {
    let clear = records
        .iter()
        .take_while(|r| r.typ == ContentType::HANDSHAKE)
        .count();
    let (first, rest) = records.split_at(clear);
    let mut out = Vec::new();
    if let Some(head) = first.first() {
        let bodies: Vec<u8> = first.iter().flat_map(|r| r.body.clone()).collect();
        let mut one = Record::new(head.typ, &bodies);
        one.version = head.version;
        out.extend(one.encode());
    }
    out.extend(whole(rest));
    out
}
