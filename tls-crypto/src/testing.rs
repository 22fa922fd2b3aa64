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

/// Memory between two pages that nobody may touch.
#[cfg(unix)]
pub(crate) struct Guarded {
    whole: *mut u8,
    page: usize,
    len: usize,
}

#[cfg(unix)]
impl Guarded {
    /// Room for `len` bytes.
    pub(crate) fn new(len: usize) -> Self {
        // SAFETY: a question about this system.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        let page = usize::try_from(page).expect("a page size");
        let len = len.next_multiple_of(page);
        let (none, access) = (libc::PROT_NONE, libc::PROT_READ | libc::PROT_WRITE);
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: new memory, of which only the middle becomes accessible.
        let whole = unsafe {
            let whole = libc::mmap(core::ptr::null_mut(), len + 2 * page, none, flags, -1, 0);
            assert_ne!(whole, libc::MAP_FAILED);
            assert_eq!(libc::mprotect(whole.byte_add(page), len, access), 0);
            whole.cast()
        };
        Self { whole, page, len }
    }

    /// The first `len` bytes, behind a guard.
    pub(crate) fn first(&mut self, len: usize) -> &mut [u8] {
        &mut self.all()[..len]
    }

    /// The last `len` bytes, in front of a guard.
    pub(crate) fn last(&mut self, len: usize) -> &mut [u8] {
        let start = self.len - len;
        &mut self.all()[start..]
    }

    fn all(&mut self) -> &mut [u8] {
        // SAFETY: the middle of the mapping, zeroed by the system, borrowed as `self` is.
        unsafe { core::slice::from_raw_parts_mut(self.whole.add(self.page), self.len) }
    }
}

#[cfg(unix)]
impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`; no slice of it outlives `self`.
        unsafe { libc::munmap(self.whole.cast(), self.len + 2 * self.page) };
    }
}
