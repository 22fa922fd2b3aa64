use super::{BadDhParams, DhParams};
use crate::wire::der::{BadDer, Der, only, tag};

impl DhParams {
    /// Reads a `DHParameter` (PKCS #3 §9) in DER: prime, base, and perhaps the length of private
    /// values, which is ours to choose.
    pub fn from_der(bytes: &[u8]) -> Result<Self, BadDhParams> {
        let (p, g) = numbers(bytes).map_err(|BadDer| BadDhParams::Malformed)?;
        Self::new(p, g)
    }
}

fn numbers(bytes: &[u8]) -> Result<(&[u8], &[u8]), BadDer> {
    let mut der = Der::new(only(bytes, tag::SEQUENCE)?);
    let (p, g) = (positive(&mut der)?, positive(&mut der)?);
    if !der.is_empty() {
        positive(&mut der)?;
    }
    der.end()?;
    Ok((p, g))
}

/// An INTEGER above zero in its shortest form (X.690 §8.3.2).
fn positive<'a>(der: &mut Der<'a>) -> Result<&'a [u8], BadDer> {
    match der.expect(tag::INTEGER)?.content {
        [0, rest @ ..] if rest.first().is_some_and(|b| b & 0x80 != 0) => Ok(rest),
        content if content.first().is_some_and(|b| (1..0x80).contains(b)) => Ok(content),
        _ => Err(BadDer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_a_length() {
        // p = 0xfb, g = 5.
        let good = [0x30, 7, 2, 2, 0, 0xfb, 2, 1, 5];
        let params = DhParams::from_der(&good).unwrap();
        assert_eq!((params.p(), params.g()), (&[0xfb][..], &[5][..]));
        let with_length = [0x30, 10, 2, 2, 0, 0xfb, 2, 1, 5, 2, 1, 7];
        assert_eq!(DhParams::from_der(&with_length), Ok(params));
    }

    #[test]
    fn broken_encodings() {
        let bad: &[&[u8]] = &[
            &[],
            &[0x30, 0],
            &[0x31, 7, 2, 2, 0, 0xfb, 2, 1, 5],
            &[0x30, 4, 2, 2, 0, 0xfb],
            // Negative, zero, a needless zero, nothing, another type.
            &[0x30, 6, 2, 1, 0xfb, 2, 1, 5],
            &[0x30, 6, 2, 1, 0, 2, 1, 5],
            &[0x30, 7, 2, 2, 0, 0x7b, 2, 1, 5],
            &[0x30, 6, 2, 2, 0, 0xfb, 2, 0],
            &[0x30, 7, 2, 2, 0, 0xfb, 4, 1, 5],
            // Behind the end, and X9.42's further numbers.
            &[0x30, 7, 2, 2, 0, 0xfb, 2, 1, 5, 0],
            &[0x30, 10, 2, 2, 0, 0xfb, 2, 1, 5, 4, 1, 7],
            &[0x30, 13, 2, 2, 0, 0xfb, 2, 1, 5, 2, 1, 7, 2, 1, 7],
        ];
        for bytes in bad {
            assert_eq!(
                DhParams::from_der(bytes),
                Err(BadDhParams::Malformed),
                "{bytes:02x?}"
            );
        }
        let even = [0x30, 7, 2, 2, 0, 0xfa, 2, 1, 5];
        assert_eq!(DhParams::from_der(&even), Err(BadDhParams::Nonsense));
    }
}
