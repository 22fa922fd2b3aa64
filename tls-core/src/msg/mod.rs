//! Handshake messages, one file each, both directions, fields in the order of the RFC. They know
//! no keys and no state: whether a message may come is the handshake's business.

pub(crate) mod alert;
pub(crate) mod certificate;
pub(crate) mod certificate_request;
pub(crate) mod certificate_status;
pub(crate) mod certificate_verify;
pub(crate) mod client_hello;
pub(crate) mod client_key_exchange;
pub(crate) mod ext;
pub(crate) mod new_session_ticket;
pub(crate) mod server_hello;
pub(crate) mod server_key_exchange;

use crate::error::Result;
use crate::wire::{HandshakeType, Put, Reader};

/// Bytes of verify_data (RFC 5246 §7.4.9).
pub(crate) const VERIFY_DATA_LEN: usize = 12;

/// The longest body in bytes that a message of a type may have. A ClientHello of more than 64 KiB
/// and a chain of more than 100 KiB serve no one but an attacker.
pub(crate) fn max_len(typ: HandshakeType) -> usize {
    match typ {
        HandshakeType::CERTIFICATE => 100 << 10,
        HandshakeType::CLIENT_HELLO | HandshakeType::CERTIFICATE_REQUEST => 64 << 10,
        HandshakeType::NEW_SESSION_TICKET => 4 + 2 + 0xffff,
        _ => 16 << 10,
    }
}

/// Appends a whole handshake message (RFC 5246 §7.4): type, length, and the body.
pub(crate) fn encode(typ: HandshakeType, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    out.u8(typ.0);
    out.vec24(body);
}

/// A message without a body: HelloRequest (RFC 5246 §7.4.1.1) and ServerHelloDone (§7.4.5).
pub(crate) fn decode_empty(name: &'static str, body: &[u8]) -> Result<()> {
    Reader::new(name, body).end()
}
