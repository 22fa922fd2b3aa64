use crate::error::Result;
use crate::wire::Reader;

/// An extension without contents: extended_master_secret (RFC 7627 §5.1), encrypt_then_mac
/// (RFC 7366 §2), a client's signed_certificate_timestamp (RFC 6962 §3.3.1), and the server_name
/// of a ServerHello (RFC 6066 §3).
pub(crate) fn decode(name: &'static str, body: &[u8]) -> Result<()> {
    Reader::new(name, body).end()
}
