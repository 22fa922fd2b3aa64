//! No implementation reads or writes beside its buffers: they end, or begin, where nothing is mapped.

use super::tests::{ALL, implementations};
use crate::testing::{Guarded, bytes};
use core::mem::MaybeUninit;
use tls_core::crypto::AEAD_NONCE_LEN;

const NONCE: [u8; AEAD_NONCE_LEN] = [9; AEAD_NONCE_LEN];
const AAD: usize = 13;
const LONGEST: usize = 16384;

/// Around every boundary of a kernel.
fn lengths() -> impl Iterator<Item = usize> {
    (0..=700).chain([
        960, 961, 1023, 1024, 1025, 1350, 1500, 2047, 4097, 8191, LONGEST,
    ])
}

/// A part of guarded memory: at its end or at its beginning.
fn place(memory: &mut Guarded, len: usize, at_end: bool) -> &mut [u8] {
    if at_end {
        memory.last(len)
    } else {
        memory.first(len)
    }
}

#[test]
fn nothing_beside_the_buffers_is_touched() {
    let [mut text, mut sealed, mut aad] = [LONGEST, LONGEST + 16, AAD].map(Guarded::new);
    let given = bytes(11, LONGEST);
    for algorithm in ALL.into_iter().flat_map(implementations) {
        let key = algorithm.key(&bytes(12, algorithm.id().key_len()));
        for len in lengths() {
            for at_end in [true, false] {
                let text = place(&mut text, len, at_end);
                let sealed = place(&mut sealed, len + key.tag_len(), at_end);
                let aad = place(&mut aad, AAD, at_end);
                text.copy_from_slice(&given[..len]);
                key.seal(&NONCE, aad, text, sealed);
                text.fill(0);
                // SAFETY: initialised bytes are that as well, and `open` leaves them so.
                let out = unsafe { &mut *(&raw mut *text as *mut [MaybeUninit<u8>]) };
                assert_eq!(key.open(&NONCE, aad, sealed, out), Ok(()));
                assert!(text == &given[..len], "{algorithm:?} opens {len} bytes");
                assert_eq!(key.open_in_place(&NONCE, aad, sealed), Ok(len));
                assert!(
                    sealed[..len] == given[..len],
                    "{algorithm:?} in place, {len}"
                );
            }
        }
    }
}
