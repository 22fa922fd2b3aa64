//! Known answers, and parameters that no program writes. Files of programs: tests/keys, in tls-std.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::kdf::{self, Hash, Purpose};
use super::*;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|p| (p[0] << 4 | p[1]) as u8).collect()
}

#[test]
fn known_answers() {
    // RFC 6070, RFC 7914 §12 and §11.
    let key = kdf::pbkdf2(Hash::Sha1, b"password", b"salt", 4096, 20);
    assert_eq!(*key, hex("4b007901b765489abead49d926f721d065a429c1"));
    let key = kdf::pbkdf2(Hash::Sha256, b"passwd", b"salt", 1, 64);
    assert_eq!(key[..8], hex("55ac046e56e3089f"));
    // What the tests of several libraries have of RFC 7292 Appendix B: password "smeg" and "queeg".
    let bmp = |text: &str| pbe::Password::new(text.as_bytes()).bmp.to_vec();
    let key = kdf::pkcs12(
        Hash::Sha1,
        Purpose::Key,
        &bmp("smeg"),
        &hex("0a58cf64530d823f"),
        1,
        24,
    );
    assert_eq!(
        *key,
        hex("8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3")
    );
    let key = kdf::pkcs12(
        Hash::Sha1,
        Purpose::Iv,
        &bmp("queeg"),
        &hex("1682c0fc5b3f7ec5"),
        1000,
        8,
    );
    assert_eq!(*key, hex("9d461d1b00355c50"));
    let key = kdf::pkcs12(
        Hash::Sha1,
        Purpose::Mac,
        &bmp("queeg"),
        &hex("263216fcc2fab31c"),
        1000,
        20,
    );
    assert_eq!(*key, hex("5ec4c7a80df652294c3925b6489a7ab857c83476"));
}

#[test]
fn passwords_in_utf16() {
    let bmp = |bytes: &[u8]| pbe::Password::new(bytes).bmp.to_vec();
    assert_eq!(
        bmp("Beavis".as_bytes()),
        hex("0042006500610076006900730000")
    );
    assert_eq!(bmp("ß😀".as_bytes()), hex("00dfd83dde000000"));
    assert_eq!(bmp(&[0xdf]), hex("00df0000"), "Latin-1");
    assert_eq!(bmp(b""), hex("0000"));
}

fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let body = parts.concat();
    assert!(body.len() < 0x10000);
    let [high, low] = (body.len() as u16).to_be_bytes();
    let header = match body.len() {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [header, body].concat()
}

fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, parts)
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, &[bytes.to_vec()])
}

fn int(value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let zeroes = bytes.iter().take_while(|b| **b == 0).count().min(7);
    let digits = &bytes[zeroes..];
    let sign = (digits[0] >= 0x80).then_some(0);
    tlv(
        2,
        &[sign.into_iter().chain(digits.iter().copied()).collect()],
    )
}

const PBES2: &str = "06092a864886f70d01050d";
const PBKDF2: &str = "06092a864886f70d01050c";
const SCRYPT: &str = "06092b06010401da47040b";
const AES256: &str = "060960864801650304012a";
const HMAC_SHA256: &str = "06082a864886f70d0209";

fn aes256(iv: usize) -> Vec<u8> {
    seq(&[hex(AES256), octets(&vec![7; iv])])
}

/// An `EncryptedPrivateKeyInfo` of rubbish with this key derivation and cipher.
fn with(function: Vec<u8>, cipher: Vec<u8>, data: &[u8]) -> Vec<u8> {
    let algorithm = seq(&[hex(PBES2), seq(&[function, cipher])]);
    seq(&[algorithm, octets(data)])
}

fn pbkdf2(params: &[Vec<u8>]) -> Vec<u8> {
    seq(&[hex(PBKDF2), seq(params)])
}

fn scrypt(n: u64, r: u64, p: u64) -> Vec<u8> {
    let params = seq(&[octets(b"salt"), int(n), int(r), int(p)]);
    seq(&[hex(SCRYPT), params])
}

fn sha256() -> Vec<u8> {
    seq(&[hex(HMAC_SHA256), vec![5, 0]])
}

fn open(der: &[u8]) -> OpenError {
    decrypt_pkcs8(der, b"secret").unwrap_err()
}

fn ok() -> Vec<u8> {
    pbkdf2(&[octets(b"salt"), int(2), sha256()])
}

#[test]
fn costly_derivations_are_refused_before_they_begin() {
    let costly = |function| {
        let der = with(function, aes256(16), &[0; 32]);
        match open(&der) {
            OpenError::TooCostly(text) => text,
            other => panic!("{other:?}"),
        }
    };
    let iterations = |n| pbkdf2(&[octets(b"salt"), int(n), sha256()]);
    let text = costly(iterations(10_000_001));
    assert!(text.contains("10000001 iterations"), "{text}");
    costly(iterations(u64::from(u32::MAX)));
    costly(iterations(u64::MAX));
    // SHA-1 makes 20 bytes at a time, of the 32.
    costly(pbkdf2(&[octets(b"salt"), int(5_000_001)]));
    let text = costly(scrypt(1 << 20, 8, 1));
    assert!(text.contains("scrypt with N=1048576, r=8, p=1"), "{text}");
    costly(scrypt(2, 1, 1 << 30));
    costly(scrypt(1 << 40, 1 << 40, 1 << 40));
    let memory = MAX_SCRYPT_MEMORY / 128;
    let text = costly(scrypt(2 * memory, 1, 1));
    assert!(text.contains("of memory"), "{text}");
}

#[test]
fn parameters_that_make_no_sense() {
    let malformed = |der: &[u8], says: &str| match open(der) {
        OpenError::Malformed(text) => assert!(text.contains(says), "{text}"),
        other => panic!("{says}: {other:?}"),
    };
    let data = &[0; 32];
    assert_eq!(
        open(&with(ok(), aes256(16), data)),
        OpenError::WrongPassword
    );
    malformed(&with(ok(), aes256(15), data), "IV");
    malformed(&with(ok(), aes256(17), data), "IV");
    malformed(&with(ok(), seq(&[hex(AES256)]), data), "IV");
    malformed(&with(ok(), aes256(16), &[]), "blocks");
    malformed(&with(ok(), aes256(16), &[0; 31]), "blocks");
    let none = pbkdf2(&[octets(b"salt"), int(0), sha256()]);
    malformed(&with(none, aes256(16), data), "no iterations");
    let negative = pbkdf2(&[octets(b"salt"), vec![2, 1, 0x80], sha256()]);
    malformed(&with(negative, aes256(16), data), "PBKDF2");
    let huge = pbkdf2(&[octets(b"salt"), tlv(2, &[vec![0x7f; 30]]), sha256()]);
    malformed(&with(huge, aes256(16), data), "PBKDF2");
    for len in [0, 16, 31, 33, u64::MAX] {
        let stated = pbkdf2(&[octets(b"salt"), int(2), int(len), sha256()]);
        malformed(&with(stated, aes256(16), data), "length");
    }
    let stated = pbkdf2(&[octets(b"salt"), int(2), int(32), sha256()]);
    assert_eq!(
        open(&with(stated, aes256(16), data)),
        OpenError::WrongPassword
    );
    let more = pbkdf2(&[octets(b"salt"), int(2), sha256(), int(1)]);
    malformed(&with(more, aes256(16), data), "PBKDF2");
    for (n, r, p) in [(0, 1, 1), (1, 1, 1), (3, 1, 1), (4, 0, 1), (4, 1, 0)] {
        malformed(&with(scrypt(n, r, p), aes256(16), data), "scrypt");
    }
    malformed(
        &with(seq(&[hex(PBKDF2)]), aes256(16), data),
        "no parameters",
    );
    malformed(&seq(&[seq(&[hex(PBES2)]), octets(data)]), "no parameters");
    malformed(
        &seq(&[seq(&[hex(PBES2), vec![5, 0]]), octets(data)]),
        "PBES2",
    );
    malformed(&seq(&[seq(&[])]), "EncryptedPrivateKeyInfo");
    malformed(b"", "EncryptedPrivateKeyInfo");
    malformed(
        &[&with(ok(), aes256(16), data)[..], &[0]].concat(),
        "EncryptedPrivateKeyInfo",
    );
}

/// Without a MAC one wrong password in 256 has a padding that fits: it is wrong all the same.
#[test]
fn wrong_passwords_of_a_file_without_a_mac() {
    let data = hex("06092a864886f70d010701");
    let encrypted = hex("06092a864886f70d010706");
    let algorithm = seq(&[hex(PBES2), seq(&[ok(), aes256(16)])]);
    let inner = seq(&[data.clone(), algorithm, tlv(0x80, &[vec![9; 48]])]);
    let inner = seq(&[int(0), inner]);
    let safe = seq(&[seq(&[encrypted, tlv(0xa0, &[inner])])]);
    let pfx = seq(&[int(3), seq(&[data, tlv(0xa0, &[octets(&safe)])])]);
    for i in 0..2000 {
        let opened = open_pkcs12(&pfx, i.to_string().as_bytes());
        assert_eq!(opened.unwrap_err(), OpenError::WrongPassword, "{i}");
    }
}

#[test]
fn scrypt_is_bounded_by_all_of_its_memory() {
    // 128·r·p for the blocks (RFC 7914 §6) beside the 128·r·N.
    for (n, r, p) in [(2, 1 << 20, 2), (2, 1 << 10, 1 << 11), (2, 1, 1 << 21)] {
        let der = with(scrypt(n, r, p), aes256(16), &[0; 32]);
        match open(&der) {
            OpenError::TooCostly(text) => assert!(text.contains("of memory"), "{text}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn unknown_algorithms_are_named() {
    let unsupported = |der: &[u8], says: &str| match open(der) {
        OpenError::Unsupported(text) => assert!(text.contains(says), "{text}"),
        other => panic!("{other:?}"),
    };
    let odd = hex("06032a0304");
    let data = &[0; 32];
    unsupported(
        &with(ok(), seq(std::slice::from_ref(&odd)), data),
        "encryption object identifier 1.2.3.4",
    );
    unsupported(
        &with(seq(&[odd.clone(), vec![5, 0]]), aes256(16), data),
        "key derivation object",
    );
    let prf = pbkdf2(&[octets(b"salt"), int(2), seq(std::slice::from_ref(&odd))]);
    unsupported(&with(prf, aes256(16), data), "PBKDF2 with");
    let md5 = pbkdf2(&[octets(b"salt"), int(2), seq(&[hex("06082a864886f70d0206")])]);
    unsupported(&with(md5, aes256(16), data), "HMAC-MD5");
    unsupported(
        &seq(&[seq(&[odd, vec![5, 0]]), octets(data)]),
        "encryption object",
    );
}

#[test]
fn ber_of_every_form_becomes_der() {
    let same =
        |ber: &str, der: &str| assert_eq!(*ber::to_der(&hex(ber)).unwrap(), hex(der), "{ber}");
    same("3003020101", "3003020101");
    same("30800201010000", "3003020101");
    same("308103020101", "3003020101");
    same("30840000000702840000000101", "3003020101");
    same("a0800401070000", "a003040107");
}

#[test]
fn ber_that_is_none() {
    for bad in [
        "",
        "30",
        "3080",
        "30800201",
        "300302010100",
        "0480",
        "1f0100",
        "3005020101",
        "30850000000001",
        "30ff",
        "0000",
        "24030201 01",
        "2480020101 0000",
    ] {
        assert!(ber::to_der(&hex(bad)).is_err(), "{bad}");
    }
    let deep = [[0x30, 0x80].repeat(18), [0, 0].repeat(18)].concat();
    assert!(ber::to_der(&deep).is_err());
    let flat = [[0x30, 0x80].repeat(17), [0, 0].repeat(17)].concat();
    assert!(ber::to_der(&flat).is_ok());
    // A file of nothing but openings ends soon.
    assert!(ber::to_der(&[0x30, 0x80].repeat(1 << 20)).is_err());
    // Octet strings in pieces, one inside of the other.
    let pieces = hex("2480 040101 2404 04020203 0000");
    assert_eq!(*ber::to_der(&pieces).unwrap(), hex("0403010203"));
}

#[test]
fn der_is_not_copied_and_what_is_made_fits_its_room() {
    let der = hex("3003020101");
    assert!(matches!(ber::to_der(&der), Ok(ber::Der::Same(same)) if same == der));
    for (count, size) in [(1, 1 << 20), (40, 70_000), (70_000, 12)] {
        let one = [
            vec![0x24, 0x80, 0x04, 0x84],
            be(size),
            vec![7; size],
            vec![0, 0],
        ]
        .concat();
        let ber = [vec![0x30, 0x80, 0x30, 0x80], one.repeat(count), vec![0; 4]].concat();
        let Ok(ber::Der::Made(made)) = ber::to_der(&ber) else {
            panic!("{count} strings of {size} bytes");
        };
        assert_eq!(made.capacity(), ber.len() + ber.len() / 1024 + 64);
        assert!(matches!(ber::to_der(&made), Ok(ber::Der::Same(_))));
    }
}

fn be(len: usize) -> Vec<u8> {
    (len as u32).to_be_bytes().to_vec()
}

/// A buffer for all that is left, for each of these, would be filled and wiped for hours.
#[test]
fn many_indefinite_elements_cost_what_their_length_says() {
    for one in ["30800000", "24800000", "a08030800000 0000"] {
        let one = hex(one);
        let ber = [
            vec![0x30, 0x80],
            one.repeat((8 << 20) / one.len()),
            vec![0, 0],
        ]
        .concat();
        assert!(ber::to_der(&ber).is_ok());
        assert!(super::open_pkcs12(&ber, b"").is_err());
    }
}
