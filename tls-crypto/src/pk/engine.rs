use super::{fast, ifma};

/// Which family of implementations does the work. Chosen per call site from the CPU, and passed
/// explicitly below that, so that tests can run both on one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// RustCrypto: every CPU.
    Portable,
    /// graviola: x86_64 and aarch64 with the instructions that it asserts.
    Fast,
    /// The same, and the kernel of our own for RSA: x86_64 with AVX-512 IFMA.
    Ifma,
}

impl Engine {
    /// The best that this CPU supports. The answer never changes within a process (the standard
    /// library keeps what it detected).
    pub(crate) fn detect() -> Self {
        match (fast::available(), ifma::available()) {
            (true, true) => Self::Ifma,
            (true, false) => Self::Fast,
            (false, _) => Self::Portable,
        }
    }
}
