use super::fast;

/// Which family of implementations does the work. Chosen per call site from the CPU, and passed
/// explicitly below that, so that tests can run both on one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// RustCrypto: every CPU.
    Portable,
    /// graviola: x86_64 and aarch64 with the instructions that it asserts.
    Fast,
}

impl Engine {
    /// The best that this CPU supports. The answer never changes within a process (the standard
    /// library keeps what it detected).
    pub(crate) fn detect() -> Self {
        if fast::available() {
            Self::Fast
        } else {
            Self::Portable
        }
    }
}
