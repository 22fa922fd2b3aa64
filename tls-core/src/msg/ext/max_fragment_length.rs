use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// The lengths in bytes that max_fragment_length (RFC 6066 §4) has numbers for, from 1 on.
const LENGTHS: [u16; 4] = [512, 1024, 2048, 4096];

/// max_fragment_length, in either hello: the longest plaintext fragment in bytes. Another number is
/// an illegal_parameter.
pub(crate) fn decode(body: &[u8]) -> Result<u16> {
    let mut r = Reader::new("max_fragment_length", body);
    let number = r.u8()?;
    r.end()?;
    let place = usize::from(number).wrapping_sub(1);
    LENGTHS.get(place).copied().ok_or_else(|| {
        Error::with(
            Reason::BadFragmentLength,
            format!("max_fragment_length has the number {number}, known are 1 to 4"),
        )
    })
}

/// The number of a length; `None`: it has none.
pub(crate) fn number(length: u16) -> Option<u8> {
    let place = LENGTHS.iter().position(|l| *l == length)?;
    u8::try_from(place + 1).ok()
}

pub(crate) fn encode(length: u16, out: &mut Vec<u8>) {
    // A length without a number is refused before a hello is made.
    out.u8(number(length).unwrap_or(1));
}
