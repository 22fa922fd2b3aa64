//! Records two by two: as many steps side by side as both have, and the rest of the longer one.

use super::super::compression::{Compression, Sha1, Sha256};
use super::super::side_by_side::Stitch;
use super::stitched::{self, Chain, Lane, Steps};
use super::{block, sha};
use crate::x86::aes::RoundKeys;
use core::ops::Range;

/// A hash with instructions of its own. All functions want a CPU with [`crate::cpu::has_vaes_and_sha`].
pub(super) trait Kernel: Compression {
    /// The chaining value as the instructions want it.
    type Registers: Copy;

    /// # Safety
    /// As said above.
    unsafe fn load(state: &Self::State) -> Self::Registers;

    /// # Safety
    /// As said above.
    unsafe fn store(registers: Self::Registers, state: &mut Self::State);

    /// # Safety
    /// As said above.
    unsafe fn steps<'a, const R: usize, const N: usize>(
        lanes: [Lane<'a, R, Self::Registers>; N],
        records: [&mut Steps<'_>; N],
        which: Range<usize>,
    ) -> [Lane<'a, R, Self::Registers>; N];
}

macro_rules! kernel {
    ($hash:ident, $steps:path) => {
        impl Kernel for $hash {
            type Registers = sha::$hash;

            unsafe fn load(state: &Self::State) -> Self::Registers {
                // SAFETY: the caller's promise.
                unsafe { sha::$hash::new(state) }
            }

            unsafe fn store(registers: Self::Registers, state: &mut Self::State) {
                // SAFETY: the caller's promise.
                unsafe { registers.store(state) };
            }

            unsafe fn steps<'a, const R: usize, const N: usize>(
                lanes: [Lane<'a, R, Self::Registers>; N],
                records: [&mut Steps<'_>; N],
                which: Range<usize>,
            ) -> [Lane<'a, R, Self::Registers>; N] {
                // SAFETY: the caller's promise.
                unsafe { $steps(lanes, records, which) }
            }
        }
    };
}

kernel!(Sha1, stitched::sha1);
kernel!(Sha256, stitched::sha256);

/// Encrypts with `R` rounds (not at all with none) and compresses. `keys` are those of a CPU that
/// has the instructions.
pub(super) fn run<H: Kernel, const R: usize>(keys: &RoundKeys, records: &mut [Stitch<'_, H>]) {
    for pair in records.chunks_mut(2) {
        // SAFETY: `keys` exist only where the CPU has the instructions.
        unsafe {
            if let [a, b] = pair {
                let (mut a, mut b) = (begin::<H, R>(keys, a), begin::<H, R>(keys, b));
                let common = a.steps.hashed.len().min(b.steps.hashed.len());
                let steps = [&mut a.steps, &mut b.steps];
                [a.lane, b.lane] = H::steps([a.lane, b.lane], steps, 0..common);
                end(a, common);
                end(b, common);
                continue;
            }
            for record in pair {
                end(begin::<H, R>(keys, record), 0);
            }
        }
    }
}

/// A record on its way.
struct Moving<'a, 'r, H: Kernel, const R: usize> {
    lane: Lane<'a, R, H::Registers>,
    steps: Steps<'r>,
    state: &'r mut H::State,
}

/// # Safety
/// The CPU has the instructions.
unsafe fn begin<'a, 'r, H: Kernel, const R: usize>(
    keys: &'a RoundKeys,
    record: &'r mut Stitch<'_, H>,
) -> Moving<'a, 'r, H, R> {
    let iv = if R > 0 { block(record.iv) } else { &[0; 16] };
    // SAFETY: the caller's promise.
    let lane = unsafe {
        Lane {
            chain: Chain::new(keys, iv),
            hash: H::load(record.state),
        }
    };
    let steps = Steps {
        from: whole(record.from),
        to: record.to.as_chunks_mut().0,
        hashed: whole(record.hashed),
    };
    assert!(R == 0 || steps.from.len() == steps.hashed.len());
    assert!(R == 0 || steps.to.len() == steps.hashed.len());
    Moving {
        lane,
        steps,
        state: record.state,
    }
}

/// The steps from `done` on.
///
/// # Safety
/// The CPU has the instructions.
unsafe fn end<H: Kernel, const R: usize>(mut record: Moving<'_, '_, H, R>, done: usize) {
    let which = done..record.steps.hashed.len();
    // SAFETY: the caller's promise.
    unsafe {
        let [lane] = H::steps([record.lane], [&mut record.steps], which);
        H::store(lane.hash, record.state);
    }
}

fn whole(bytes: &[u8]) -> &[[u8; stitched::STEP]] {
    let (steps, rest) = bytes.as_chunks();
    assert!(rest.is_empty(), "whole steps");
    steps
}
