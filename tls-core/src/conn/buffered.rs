//! What was received and waits inside.

use super::Connection;
use core::mem::MaybeUninit;

impl Connection {
    /// Decrypted bytes that can be read without the transport.
    pub fn pending_plain(&self) -> usize {
        self.inbound.plain().len()
    }

    /// Whether any received byte waits, decrypted or not.
    pub fn has_buffered_input(&self) -> bool {
        !self.inbound.is_empty() || self.joins()
    }

    /// The bytes that arrived behind the peer's close_notify: they belong to whatever follows TLS
    /// on this transport. Empty before.
    pub fn take_unread(&mut self) -> Vec<u8> {
        if !self.facts.close_received {
            return Vec::new();
        }
        let unread = self.inbound.raw().to_vec();
        self.inbound.drop_all(&self.config.pool);
        unread
    }

    /// Moves decrypted data that waits into `out`.
    pub(super) fn copy_plain(&mut self, out: &mut [MaybeUninit<u8>]) -> usize {
        let plain = self.inbound.plain();
        let n = plain.len().min(out.len());
        if n > 0 {
            out[..n].write_copy_of_slice(&plain[..n]);
            self.inbound.plain_read(n);
            self.inbound.release(&self.config.pool);
        }
        n
    }
}
