//! What DER holds, by how it begins: whether a file of a directory is meant to be a certificate, and which container
//! a private key has. Nothing is judged here: what is damaged further on is whoever reads it to say.

use tls_core::crypto::PrivateKeyEncoding;

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// `[0]`, constructed.
const CONTEXT_0: u8 = 0xa0;

/// The containers of a private key.
pub(crate) enum Container {
    Plain(PrivateKeyEncoding),
    Encrypted,
    Pkcs12,
}

/// An element: its tag, its contents as far as they are there, and what stands behind it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, header, digits) = match der {
        [tag, len @ 0..=0x7f, ..] => (*tag, 2, core::slice::from_ref(len)),
        [tag, n @ 0x81..=0x83, rest @ ..] => {
            let n = usize::from(n & 0x7f);
            (*tag, 2 + n, rest.get(..n)?)
        }
        _ => return None,
    };
    let len = digits.iter().fold(0, |n, d| n << 8 | usize::from(*d));
    let rest = &der[header..];
    let (content, behind) = rest.split_at(len.min(rest.len()));
    Some((tag, content, behind))
}

/// The tags of the first four elements of the SEQUENCE that `der` is; 0 where there is none.
fn tags(der: &[u8]) -> [u8; 4] {
    let mut tags = [0; 4];
    let Some((SEQUENCE, mut content, _)) = element(der) else {
        return tags;
    };
    for seen in &mut tags {
        let Some((tag, _, behind)) = element(content) else {
            break;
        };
        (*seen, content) = (tag, behind);
    }
    tags
}

/// Whether it begins as a certificate (RFC 5280 §4.1): with the version that the TBSCertificate of all but version 1
/// begins with; or with a serial number, algorithm, issuer and validity, where a CRL has a time and a request
/// a key.
pub(crate) fn is_certificate(der: &[u8]) -> bool {
    let tbs = match element(der) {
        Some((SEQUENCE, content, _)) => content,
        _ => return false,
    };
    matches!(
        tags(tbs),
        [CONTEXT_0, ..] | [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE]
    )
}

/// Which container a key has, by what follows its version: an AlgorithmIdentifier (RFC 5958), the modulus
/// (RFC 8017) or the OCTET STRING with the key (RFC 5915). An EncryptedPrivateKeyInfo has no version and
/// begins with its AlgorithmIdentifier.
pub(crate) fn container(der: &[u8]) -> Option<Container> {
    let (SEQUENCE, body, _) = element(der)? else {
        return None;
    };
    Some(match body {
        [INTEGER, 1, 3, SEQUENCE, ..] => Container::Pkcs12,
        [INTEGER, 1, _, SEQUENCE, ..] => Container::Plain(PrivateKeyEncoding::Pkcs8),
        [INTEGER, 1, _, INTEGER, ..] => Container::Plain(PrivateKeyEncoding::Pkcs1),
        [INTEGER, 1, _, 0x04, ..] => Container::Plain(PrivateKeyEncoding::Sec1),
        [SEQUENCE, ..] => Container::Encrypted,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = u8::try_from(content.len()).expect("short");
        [&[tag, len], content].concat()
    }

    /// The SEQUENCE of a SEQUENCE of these.
    fn signed(parts: &[&[u8]]) -> Vec<u8> {
        tlv(SEQUENCE, &tlv(SEQUENCE, &parts.concat()))
    }

    #[test]
    fn what_begins_as_a_certificate() {
        let (number, some) = ([INTEGER, 1, 5], [SEQUENCE, 0]);
        let version = [CONTEXT_0, 3, 2, 1, 2];
        assert!(is_certificate(&signed(&[&version, &number])));
        let first = [&number[..], &some, &some, &some, &some].concat();
        let version1 = signed(&[&first]);
        assert!(is_certificate(&version1));
        // Cut off behind what tells.
        assert!(is_certificate(&[
            0x30, 0x82, 4, 0, 0x30, 0x82, 3, 0, 0xa0, 3, 2
        ]));
        let time = [0x17, 0];
        let names = [0xa0, 0];
        let others = [
            // CRLs of version 2 and 1
            signed(&[&number, &some, &some, &time, &time]),
            signed(&[&some, &some, &time, &time]),
            // a request: version, subject, key, attributes
            signed(&[&number, &some, &some, &names]),
            // keys: PKCS #8, PKCS #1, encrypted, public
            tlv(SEQUENCE, &[&number[..], &some, &[4, 0]].concat()),
            tlv(SEQUENCE, &[number, number, number, number].concat()),
            signed(&[&[6, 1, 42], &some]),
            // an OCSP response
            tlv(SEQUENCE, &[10, 1, 0, 0xa0, 0]),
            version1[2..].to_vec(),
        ];
        for other in others {
            assert!(!is_certificate(&other), "{other:02x?}");
        }
        for garbage in [
            "",
            "0",
            "00",
            "0123 is a number",
            "0\u{7f}0\u{7f}\u{2}\u{1}",
        ] {
            assert!(!is_certificate(garbage.as_bytes()), "{garbage:?}");
        }
        assert!(!is_certificate(&[0x30; 40]));
        assert!(!is_certificate(&[0x30, 0x83, 0xff]));
    }
}
