/// The source of randomness failed. Nothing may go on without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomFailed;

/// A cryptographically secure source of random bytes, injected by the caller.
pub trait Random: Send + Sync + core::fmt::Debug {
    /// Fills `out` wholly, or fails.
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed>;
}
