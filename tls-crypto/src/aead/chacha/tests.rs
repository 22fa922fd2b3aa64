//! That no branch and no address depends on key, nonce or text: constant-time.sh runs this under
//! valgrind, which knows AVX2 but not AVX-512 and says so to the program.

use super::{ChaCha20Poly1305, Instructions};
use crate::inout::InOut;
use crate::testing::{bytes, public, secret};

fn leaks_nothing<const SEAL: bool>(instructions: Instructions, len: usize) {
    let (key, mut text) = (bytes(1, 32), bytes(2, len));
    secret(&key);
    secret(&text);
    let key = ChaCha20Poly1305(instructions).new_key(&key);
    let mut tag = key.crypt::<SEAL>(&[3; 12], &[4; 13], &InOut::in_place(&mut text));
    public(&mut tag);
    assert_ne!(tag, [0; 16]);
}

#[test]
fn valgrind_sees_no_leak() {
    let kernels = [
        (Instructions::Avx512, crate::cpu::has_avx512_ifma()),
        (Instructions::Avx2, crate::cpu::has_avx2()),
    ];
    for (instructions, _) in kernels.into_iter().filter(|(_, present)| *present) {
        for len in [0, 1, 64, 200, 500, 600, 1350, 3000] {
            leaks_nothing::<true>(instructions, len);
            leaks_nothing::<false>(instructions, len);
        }
    }
}
