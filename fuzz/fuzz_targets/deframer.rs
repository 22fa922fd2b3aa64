//! Records and handshake messages out of a stream: however it is cut into pieces, the same comes
//! out. The first byte is the length of the first piece, which then changes from piece to piece.
#![no_main]

use tls_core::fuzzing::deframe;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [first, stream @ ..] = data else { return };
    let whole = deframe(stream, || usize::MAX);
    let mut n = usize::from(*first);
    let pieces = deframe(stream, || {
        n = (n * 31 + 7) % 613;
        n
    });
    assert_eq!(whole, pieces);
});
