use crate::error::{Error, Reason, Result};
use core::ops::RangeInclusive;

/// Reads the presentation language of RFC 5246 §4 from borrowed bytes.
///
/// Every failure is a [`Reason::DecodeError`] or [`Reason::TrailingData`] whose sentence names the
/// structure, the place in it and what was missing.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    name: &'static str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`; `name` is the structure's, for error sentences.
    pub const fn new(name: &'static str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, at: 0 }
    }

    /// The bytes not read yet.
    pub fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.at = self.bytes.len();
        rest
    }

    /// Whether all was read.
    pub const fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// How many bytes were read.
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        match self.bytes[self.at..].get(..n) {
            Some(taken) => {
                self.at += n;
                Ok(taken)
            }
            None => Err(Error::with(
                Reason::DecodeError,
                format!(
                    "{} is truncated: {n} bytes expected at offset {}, {} are there",
                    self.name,
                    self.at,
                    self.bytes.len() - self.at
                ),
            )),
        }
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// The next `N` bytes where they are.
    pub fn array_ref<const N: usize>(&mut self) -> Result<&'a [u8; N]> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| Reason::Bug.into())
    }

    /// uint8
    pub fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    /// uint16
    pub fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    /// uint24
    pub fn u24(&mut self) -> Result<usize> {
        let [a, b, c] = self.array()?;
        Ok(usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c))
    }

    /// opaque<..> with an 8-bit length that must lie in `len` (bytes).
    pub fn vec8(&mut self, len: RangeInclusive<usize>) -> Result<&'a [u8]> {
        let n = usize::from(self.u8()?);
        self.bounded(n, len)
    }

    /// opaque<..> with a 16-bit length that must lie in `len` (bytes).
    pub fn vec16(&mut self, len: RangeInclusive<usize>) -> Result<&'a [u8]> {
        let n = usize::from(self.u16()?);
        self.bounded(n, len)
    }

    /// opaque<..> with a 24-bit length that must lie in `len` (bytes).
    pub fn vec24(&mut self, len: RangeInclusive<usize>) -> Result<&'a [u8]> {
        let n = self.u24()?;
        self.bounded(n, len)
    }

    /// A vector of 16-bit numbers with a 16-bit length: at least one, no odd byte.
    pub fn list16(&mut self) -> Result<impl Iterator<Item = u16> + Clone + use<'a>> {
        let at = self.at;
        let bytes = self.vec16(2..=0xfffe)?;
        if !bytes.len().is_multiple_of(2) {
            return Err(Error::with(
                Reason::DecodeError,
                format!(
                    "{}: the list of 16-bit values at offset {at} has an odd length",
                    self.name
                ),
            ));
        }
        Ok(bytes
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]])))
    }

    /// Ends the structure: nothing may be left.
    pub fn end(&self) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        Err(Error::with(
            Reason::TrailingData,
            format!(
                "{} has {} bytes behind its end",
                self.name,
                self.bytes.len() - self.at
            ),
        ))
    }

    fn bounded(&mut self, n: usize, len: RangeInclusive<usize>) -> Result<&'a [u8]> {
        if !len.contains(&n) {
            return Err(Error::with(
                Reason::DecodeError,
                format!(
                    "{}: the vector before offset {} has {n} bytes, {} to {} are allowed",
                    self.name,
                    self.at,
                    len.start(),
                    len.end()
                ),
            ));
        }
        self.take(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_vectors() {
        let mut r = Reader::new("test", &[1, 2, 3, 4, 5, 6, 1, 9, 0, 2, 7, 8]);
        assert_eq!(r.u8().unwrap(), 1);
        assert_eq!(r.u16().unwrap(), 0x0203);
        assert_eq!(r.u24().unwrap(), 0x040506);
        assert_eq!(r.vec8(1..=1).unwrap(), [9]);
        assert_eq!(r.list16().unwrap().collect::<Vec<_>>(), [0x0708]);
        r.end().unwrap();
    }

    #[test]
    fn refuses_truncation_bounds_odd_lists_and_rests() {
        let reason = |r: Result<&[u8]>| r.unwrap_err().reason();
        assert_eq!(
            Reader::new("t", &[1]).u16().unwrap_err().reason(),
            Reason::DecodeError
        );
        assert_eq!(
            reason(Reader::new("t", &[3, 1, 2]).vec8(0..=9)),
            Reason::DecodeError
        );
        assert_eq!(
            reason(Reader::new("t", &[3, 1, 2, 3]).vec8(0..=2)),
            Reason::DecodeError
        );
        assert_eq!(
            reason(Reader::new("t", &[0]).vec8(1..=2)),
            Reason::DecodeError
        );
        assert_eq!(
            reason(Reader::new("t", &[0, 0, 9, 1]).vec24(0..=9)),
            Reason::DecodeError
        );
        assert!(Reader::new("t", &[0, 3, 1, 2, 3]).list16().is_err());
        assert!(Reader::new("t", &[0, 0]).list16().is_err());
        assert_eq!(
            Reader::new("t", &[0]).end().unwrap_err().reason(),
            Reason::TrailingData
        );
    }

    #[test]
    fn says_where() {
        let error = Reader::new("ClientHello", &[0, 0]).take(3).unwrap_err();
        assert!(
            error
                .text()
                .starts_with("ClientHello is truncated: 3 bytes expected"),
            "{error}"
        );
    }
}
