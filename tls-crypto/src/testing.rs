//! What several tests need.

use std::vec::Vec;

/// Bytes of a hexadecimal string; white space is skipped.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).expect("a hexadecimal digit") as u8)
        .collect();
    assert!(digits.len().is_multiple_of(2), "an even number of digits");
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// Bytes that look random and are the same in every run (SplitMix64).
pub(crate) fn bytes(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as u8
    };
    (0..len).map(|_| next()).collect()
}

/// Tells valgrind that these bytes must not decide about branches and addresses. A no-op elsewhere.
pub(crate) fn secret(bytes: &[u8]) {
    client_request(0x4d43_0001, bytes.as_ptr(), bytes.len());
}

/// Tells valgrind that this may decide about them again. Mutable, so that the compiler reads it anew.
pub(crate) fn public<T>(value: &mut T) {
    client_request(0x4d43_0002, (&raw mut *value).cast(), size_of::<T>());
}

/// MAKE_MEM_UNDEFINED and MAKE_MEM_DEFINED of memcheck, in the form of its client requests.
fn client_request(code: usize, start: *const u8, len: usize) {
    let arguments = [code, start.addr(), len, 0, 0, 0];
    #[cfg(target_arch = "x86_64")]
    // SAFETY: rotations by 128 bits in all and an exchange of a register with itself change
    // nothing but flags; valgrind recognises them and reads the six words.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") 0usize => _,
        );
    }
    core::hint::black_box(arguments);
}
