/// Zeroes at the speed of memset; a byte at a time, as `zeroize` does it, costs more than opening a record, or
/// hashing what is wiped. For what is about to be dropped, or lives on for others: `black_box` hides from the
/// optimiser that nobody looks.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    core::hint::black_box(bytes);
}
