use crate::error::{Error, Reason, Result};

/// How much the keys of one direction have protected, and how much they may: records of an AEAD, blocks
/// of a block cipher. The limit is for application data; what the protocol itself has to say, an alert or
/// the handshake that brings new keys, is little and goes on.
pub(super) struct Usage {
    used: u64,
    limit: u64,
}

impl Usage {
    pub(super) fn new(limit: u64) -> Self {
        Self { used: 0, limit }
    }

    /// Without keys there is nothing to wear out.
    pub(super) fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    pub(super) fn add(&mut self, units: u64) {
        self.used = self.used.saturating_add(units);
    }

    /// Counts received data. What is beyond the limit is not opened: the connection ends there, by a
    /// close_notify of ours and an error that says what was not read.
    pub(super) fn add_data(&mut self, units: u64) -> Result<()> {
        if self.left() < units {
            return Err(Error::new(Reason::KeyLimitExceeded));
        }
        self.add(units);
        Ok(())
    }

    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Whether the last eighth has begun.
    pub(super) fn is_near(&self) -> bool {
        self.limit != u64::MAX && self.left() <= self.limit / 8
    }
}
