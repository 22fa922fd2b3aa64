use rsa::pkcs8::ObjectIdentifier;

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// RFC 8018 Appendix A
pub(super) const PBES2: ObjectIdentifier = oid("1.2.840.113549.1.5.13");
pub(super) const PBKDF2: ObjectIdentifier = oid("1.2.840.113549.1.5.12");
/// RFC 9579 §4
pub(super) const PBMAC1: ObjectIdentifier = oid("1.2.840.113549.1.5.14");
/// RFC 7914 §7
pub(super) const SCRYPT: ObjectIdentifier = oid("1.3.6.1.4.1.11591.4.11");

/// RFC 8018 Appendix B.2, RFC 3565 §4.1
pub(super) const DES_EDE3_CBC: ObjectIdentifier = oid("1.2.840.113549.3.7");
pub(super) const AES128_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.2");
pub(super) const AES192_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.22");
pub(super) const AES256_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.42");

/// RFC 7292 Appendix C
pub(super) const PBE_3DES: ObjectIdentifier = oid("1.2.840.113549.1.12.1.3");
pub(super) const PBE_2DES: ObjectIdentifier = oid("1.2.840.113549.1.12.1.4");
pub(super) const PBE_RC2_128: ObjectIdentifier = oid("1.2.840.113549.1.12.1.5");
pub(super) const PBE_RC2_40: ObjectIdentifier = oid("1.2.840.113549.1.12.1.6");

/// RFC 5652 §4, §6, §8
pub(super) const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
pub(super) const ENCRYPTED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.6");

/// RFC 7292 §4.2
pub(super) const KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.1");
pub(super) const SHROUDED_KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.2");
pub(super) const CERT_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.3");
pub(super) const SAFE_CONTENTS_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.6");
/// RFC 2985 §6.7.1
pub(super) const X509_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.22.1");

/// What files are found with and an error should call by its name.
const KNOWN: [(ObjectIdentifier, &str); 22] = [
    (oid("1.2.840.113549.1.5.1"), "PBES1 (MD2 with DES)"),
    (oid("1.2.840.113549.1.5.3"), "PBES1 (MD5 with DES)"),
    (oid("1.2.840.113549.1.5.4"), "PBES1 (MD2 with RC2)"),
    (oid("1.2.840.113549.1.5.6"), "PBES1 (MD5 with RC2)"),
    (oid("1.2.840.113549.1.5.10"), "PBES1 (SHA-1 with DES)"),
    (oid("1.2.840.113549.1.5.11"), "PBES1 (SHA-1 with RC2)"),
    (oid("1.2.840.113549.1.12.1.1"), "RC4 with 128 bits"),
    (oid("1.2.840.113549.1.12.1.2"), "RC4 with 40 bits"),
    (oid("1.3.14.3.2.7"), "DES-CBC"),
    (oid("1.2.840.113549.3.2"), "RC2-CBC in PBES2"),
    (oid("1.2.392.200011.61.1.1.1.2"), "CAMELLIA-128-CBC"),
    (oid("1.2.392.200011.61.1.1.1.3"), "CAMELLIA-192-CBC"),
    (oid("1.2.392.200011.61.1.1.1.4"), "CAMELLIA-256-CBC"),
    (oid("2.16.840.1.101.3.4.1.6"), "AES-128-GCM"),
    (oid("2.16.840.1.101.3.4.1.46"), "AES-256-GCM"),
    (oid("1.2.643.2.2.21"), "GOST 28147-89"),
    (oid("1.2.840.113549.2.5"), "MD5"),
    (oid("1.2.840.113549.2.6"), "HMAC-MD5"),
    (oid("1.2.643.2.2.9"), "GOST R 34.11-94"),
    (oid("1.2.643.7.1.1.2.2"), "GOST R 34.11-2012"),
    (
        oid("1.2.840.113549.1.7.2"),
        "signed by a key instead of a password",
    ),
    (
        oid("1.2.840.113549.1.7.3"),
        "encrypted to a key instead of a password",
    ),
];

/// What an error calls it.
pub(super) fn name(oid: ObjectIdentifier) -> String {
    match KNOWN.iter().find(|(known, _)| *known == oid) {
        Some((_, name)) => (*name).into(),
        None => format!("object identifier {oid}"),
    }
}
