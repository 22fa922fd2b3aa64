/// Writes the presentation language of RFC 5246 §4 behind what a buffer holds already.
pub trait Put {
    /// uint8
    fn u8(&mut self, value: u8);
    /// uint16
    fn u16(&mut self, value: u16);
    /// uint24; the value must fit.
    fn u24(&mut self, value: usize);
    /// Bytes as they are.
    fn raw(&mut self, bytes: &[u8]);
    /// What `body` writes, behind an 8-bit length.
    fn vec8(&mut self, body: impl FnOnce(&mut Vec<u8>));
    /// What `body` writes, behind a 16-bit length.
    fn vec16(&mut self, body: impl FnOnce(&mut Vec<u8>));
    /// What `body` writes, behind a 24-bit length.
    fn vec24(&mut self, body: impl FnOnce(&mut Vec<u8>));
}

impl Put for Vec<u8> {
    fn u8(&mut self, value: u8) {
        self.push(value);
    }

    fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    fn u24(&mut self, value: usize) {
        debug_assert!(value < 1 << 24);
        self.raw(&(value as u32).to_be_bytes()[1..]);
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn vec8(&mut self, body: impl FnOnce(&mut Vec<u8>)) {
        prefixed::<1>(self, body);
    }

    fn vec16(&mut self, body: impl FnOnce(&mut Vec<u8>)) {
        prefixed::<2>(self, body);
    }

    fn vec24(&mut self, body: impl FnOnce(&mut Vec<u8>)) {
        prefixed::<3>(self, body);
    }
}

/// Reserves `N` length bytes, lets `body` write, then fills them in. What we encode is bounded by
/// configuration, which is checked when it is set: a length that does not fit is a bug.
fn prefixed<const N: usize>(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.raw(&[0; N]);
    body(out);
    let len = out.len() - at - N;
    debug_assert!(
        len < 1 << (8 * N),
        "a vector of {len} bytes behind {N} length bytes"
    );
    out[at..at + N].copy_from_slice(&(len as u32).to_be_bytes()[4 - N..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_nested_vectors() {
        let mut out = vec![0xff];
        out.vec16(|out| {
            out.u8(1);
            out.vec24(|out| out.u16(0x0203));
            out.vec8(|_| {});
            out.u24(0x040506);
        });
        assert_eq!(out, [0xff, 0, 10, 1, 0, 0, 2, 2, 3, 0, 4, 5, 6]);
    }
}
