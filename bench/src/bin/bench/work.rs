//! What is asked of every implementation, and what each must be able to do.

use crate::pki::Pki;
use crate::wire::Wire;
use std::rc::Rc;

/// The suites of the rows, all with ECDHE over x25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bulk {
    Aes128Gcm,
    Aes256Gcm,
    ChaCha20,
    /// HMAC-SHA1 before encryption.
    Aes128CbcSha,
    /// Encryption before HMAC-SHA1 (RFC 7366).
    Aes128CbcShaEtm,
}

/// The keys of the whole chain: leaf, intermediate, root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Rsa2048,
    P256,
}

/// How the keys of a connection come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Full,
    /// By a session ID; the server keeps the session.
    ById,
    /// By a ticket (RFC 5077).
    ByTicket,
}

/// A kind of connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Work {
    pub(crate) key: Key,
    pub(crate) bulk: Bulk,
    pub(crate) kind: Kind,
}

impl Work {
    pub(crate) fn traffic(bulk: Bulk) -> Self {
        Self {
            key: Key::P256,
            bulk,
            kind: Kind::Full,
        }
    }

    /// OpenSSL's name of the suite.
    pub(crate) fn suite(self) -> &'static str {
        match (self.key, self.bulk) {
            (Key::Rsa2048, Bulk::Aes128Gcm) => "ECDHE-RSA-AES128-GCM-SHA256",
            (Key::Rsa2048, Bulk::Aes256Gcm) => "ECDHE-RSA-AES256-GCM-SHA384",
            (Key::Rsa2048, Bulk::ChaCha20) => "ECDHE-RSA-CHACHA20-POLY1305",
            (Key::Rsa2048, _) => "ECDHE-RSA-AES128-SHA",
            (Key::P256, Bulk::Aes128Gcm) => "ECDHE-ECDSA-AES128-GCM-SHA256",
            (Key::P256, Bulk::Aes256Gcm) => "ECDHE-ECDSA-AES256-GCM-SHA384",
            (Key::P256, Bulk::ChaCha20) => "ECDHE-ECDSA-CHACHA20-POLY1305",
            (Key::P256, _) => "ECDHE-ECDSA-AES128-SHA",
        }
    }

    pub(crate) fn encrypts_then_macs(self) -> bool {
        self.bulk == Bulk::Aes128CbcShaEtm
    }
}

/// The name in the server's certificate.
pub(crate) const HOST: &str = "server.example";

/// A TLS library.
pub(crate) trait Peer {
    fn name(&self) -> &'static str;

    /// Two contexts for this work; `None`: the library does not do it. Both sides verify what they must: the
    /// client the chain up to the root, and the name. For resumption a session is there already.
    fn prepare(&self, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>>;
}

/// A client's context and a server's.
pub(crate) trait Pair {
    fn client(&self, wire: Wire) -> Box<dyn End>;
    fn server(&self, wire: Wire) -> Box<dyn End>;
}

/// One side of a connection. A failure panics: a benchmark of failures would be of no use.
pub(crate) trait End {
    /// Goes on for as long as the other side need not speak; whether the handshake is complete.
    fn handshake(&mut self) -> bool;

    /// Sends all of `data`, as one call or as few as there must be.
    fn write(&mut self, data: &[u8]);

    /// One call; 0: nothing waits.
    fn read(&mut self, out: &mut [u8]) -> usize;

    /// What was agreed upon.
    fn agreed(&self) -> Agreed;

    /// The session, where the library leaves it to its user to keep it.
    fn session(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// Checked once for each kind of connection, so that all do the same work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// OpenSSL's name.
    pub(crate) suite: String,
    pub(crate) resumed: bool,
}

/// A connection whose handshake is complete.
pub(crate) fn connect(pair: &dyn Pair) -> (Box<dyn End>, Box<dyn End>) {
    let (client, server) = Wire::pair();
    let mut ends = (pair.client(client), pair.server(server));
    loop {
        let done = (ends.0.handshake(), ends.1.handshake());
        if done == (true, true) {
            return ends;
        }
    }
}

/// Contexts that do what they must: checked on one connection, with data in both directions.
pub(crate) fn prepare(peer: &dyn Peer, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>> {
    let pair = peer.prepare(work, pki)?;
    let (mut client, mut server) = connect(&*pair);
    let expected = Agreed {
        suite: work.suite().to_owned(),
        resumed: work.kind != Kind::Full,
    };
    for end in [&client, &server] {
        assert_eq!(
            end.agreed(),
            expected,
            "{} does other work than {work:?}",
            peer.name()
        );
    }
    let mut buffer = [0; 64];
    client.write(b"there");
    assert_eq!(server.read(&mut buffer), 5);
    server.write(b"back");
    assert_eq!(client.read(&mut buffer), 4);
    Some(pair)
}
