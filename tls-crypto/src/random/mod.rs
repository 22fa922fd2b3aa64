mod bulk;

pub use bulk::BulkRandom;

use tls_core::crypto::{Random, RandomFailed};

/// The operating system's source of randomness (getrandom(2) on Linux).
///
/// Each call asks the operating system anew. There is no state in the process, so there is nothing
/// that a fork could duplicate and nothing to seed, wipe or lock.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        getrandom::fill(out).map_err(|_| RandomFailed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_all_of_the_buffer() {
        // A byte that stays zero in 64 draws means that it is not written (odds: 2^-512 each).
        let mut seen = [0u8; 97];
        for _ in 0..64 {
            let mut out = [0u8; 97];
            OsRandom.fill(&mut out).expect("the OS has randomness");
            seen.iter_mut().zip(out).for_each(|(s, o)| *s |= o);
        }
        assert!(seen.iter().all(|&byte| byte != 0));
    }

    #[test]
    fn two_draws_differ() {
        let (mut a, mut b) = ([0u8; 32], [0u8; 32]);
        OsRandom.fill(&mut a).expect("the OS has randomness");
        OsRandom.fill(&mut b).expect("the OS has randomness");
        assert_ne!(a, b);
    }
}
