use crate::error::{Error, Reason, Result};
use crate::wire::HandshakeType;

/// Bytes of a handshake header: type and 24-bit length (RFC 5246 §7.4).
pub(crate) const HEADER_LEN: usize = 4;

/// One whole handshake message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawMessage<'a> {
    /// The type.
    pub(crate) typ: HandshakeType,
    /// Header and body, as transcripts want it.
    pub(crate) encoded: &'a [u8],
}

impl<'a> RawMessage<'a> {
    /// What follows the header.
    pub(crate) fn body(&self) -> &'a [u8] {
        &self.encoded[HEADER_LEN..]
    }
}

/// Joins handshake fragments to messages, which may be cut and coalesced at will (RFC 5246
/// §6.2.1). Fragments are copied here once: a handshake is a few kilobytes, and the receive buffer
/// is free while a question waits. It grows with the bytes that came, never with an announced
/// length; between handshakes there is none.
#[derive(Default)]
pub(crate) struct Joiner {
    bytes: Vec<u8>,
    start: usize,
}

impl Joiner {
    /// Appends a fragment.
    pub(crate) fn push(&mut self, fragment: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(fragment);
    }

    /// The next message, if all of it is there. `limit` says how long a message of a type may be;
    /// a longer one is refused as soon as its header is there.
    pub(crate) fn peek(&self, limit: fn(HandshakeType) -> usize) -> Result<Option<RawMessage<'_>>> {
        let bytes = &self.bytes[self.start..];
        let Some([typ, a, b, c]) = bytes.first_chunk::<HEADER_LEN>() else {
            return Ok(None);
        };
        let typ = HandshakeType(*typ);
        let len = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        if len > limit(typ) {
            return Err(Error::with(
                Reason::MessageTooLong,
                format!(
                    "{typ} announces {len} bytes, at most {} are allowed",
                    limit(typ)
                ),
            ));
        }
        Ok(bytes
            .get(..HEADER_LEN + len)
            .map(|encoded| RawMessage { typ, encoded }))
    }

    /// Whether nothing waits behind the first `len` bytes.
    pub(crate) fn holds_only(&self, len: usize) -> bool {
        self.bytes.len() == self.start + len
    }

    /// Drops the first `len` bytes: a message that was dealt with.
    pub(crate) fn consume(&mut self, len: usize) {
        self.start += len;
        if self.start == self.bytes.len() {
            self.bytes.clear();
            self.start = 0;
        }
    }

    /// Whether no byte waits: keys change and other records come only here.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(_: HandshakeType) -> usize {
        1000
    }

    #[test]
    fn joins_fragments_and_splits_what_is_coalesced() {
        let messages = [
            vec![1, 0, 0, 3, 7, 8, 9],
            vec![14, 0, 0, 0],
            vec![20, 0, 0, 1, 5],
        ];
        let stream = messages.concat();
        for piece in 1..stream.len() {
            let (mut joiner, mut seen) = (Joiner::default(), Vec::new());
            for fragment in stream.chunks(piece) {
                joiner.push(fragment);
                while let Some(message) = joiner.peek(limit).unwrap() {
                    let encoded = message.encoded.to_vec();
                    joiner.consume(encoded.len());
                    seen.push(encoded);
                }
            }
            assert_eq!(seen, messages);
            assert!(joiner.is_empty());
        }
    }

    #[test]
    fn refuses_an_announced_length_before_the_bytes_come() {
        let mut joiner = Joiner::default();
        joiner.push(&[1, 0, 3, 0xe9]);
        assert_eq!(
            joiner.peek(limit).unwrap_err().reason(),
            Reason::MessageTooLong
        );
    }
}
