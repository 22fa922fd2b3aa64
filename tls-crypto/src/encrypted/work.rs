use super::{OpenError, Result};

/// What the key derivations of one file may cost together for one password, in compressions of SHA-1 or SHA-256: a few
/// seconds at most. An iteration of PBKDF2 is two of them for each block of output, with SHA-384 and
/// SHA-512 four; one of PKCS #12 is one; N·r·p of scrypt are four each, about. OpenSSL writes 2048
/// iterations, GnuTLS 600,000.
pub const MAX_WORK: u64 = 20_000_000;

/// The memory that scrypt may ask for in bytes, 128·r·(N + p) (RFC 7914 §6). OpenSSL writes 16 MiB.
pub const MAX_SCRYPT_MEMORY: u64 = 256 << 20;

/// What is left of [`MAX_WORK`] for a file.
pub(super) struct Work {
    spent: u64,
}

impl Work {
    pub(super) const fn new() -> Self {
        Self { spent: 0 }
    }

    /// Asked before the work is done; `what` says what it would be.
    pub(super) fn spend(&mut self, units: u64, what: impl FnOnce() -> String) -> Result<()> {
        self.spent = self.spent.saturating_add(units);
        // A fuzzer has no time to derive keys.
        let most = if cfg!(fuzzing) { 100_000 } else { MAX_WORK };
        if self.spent <= most {
            return Ok(());
        }
        Err(OpenError::TooCostly(format!(
            "deriving its keys is made too costly: {}, with which the file asks for {} compressions of \
             a hash, at most {MAX_WORK} are possible",
            what(),
            self.spent
        )))
    }
}
