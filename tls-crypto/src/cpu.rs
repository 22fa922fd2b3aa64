//! What this CPU can do. `std` asks the CPU and the operating system once and remembers.

/// AES and carry-less multiplication, beside vectors of 256 bits: Intel since Haswell, AMD since
/// Excavator.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_aes() -> bool {
    std::arch::is_x86_feature_detected!("avx2")
        && std::arch::is_x86_feature_detected!("aes")
        && std::arch::is_x86_feature_detected!("pclmulqdq")
}

/// Both on two blocks at once, without AVX-512: AMD since Zen 3, Intel since Ice Lake and Alder
/// Lake.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_vaes() -> bool {
    has_aes()
        && std::arch::is_x86_feature_detected!("vaes")
        && std::arch::is_x86_feature_detected!("vpclmulqdq")
}

/// Both on four blocks at once: AMD since Zen 4, Intel's servers since Ice Lake.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_vaes_512() -> bool {
    has_vaes()
        && std::arch::is_x86_feature_detected!("avx512f")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512vl")
}

/// Vectors of 256 bits for integers, and MULX: Intel since Haswell, AMD since Excavator.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_avx2() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi2")
}

/// [`has_avx2`] and vectors of 512 bits, with masks for bytes and with the 52-bit multiplication:
/// Intel servers since Ice Lake, AMD since Zen 4.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_avx512_ifma() -> bool {
    has_avx2()
        && std::arch::is_x86_feature_detected!("avx512f")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512ifma")
}

/// [`has_aes`] and the SHA extensions: AMD since Zen, Intel since Ice Lake and Alder Lake.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_sha() -> bool {
    has_aes() && std::arch::is_x86_feature_detected!("sha")
}

/// [`has_vaes`] and the SHA extensions: every CPU that has the first has the second so far.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_vaes_and_sha() -> bool {
    has_vaes() && has_sha()
}
