//! Object identifiers with their numbers and names, as far as certificates for TLS have them.

use core::ffi::{CStr, c_int};

pub(crate) struct Row {
    pub(crate) nid: c_int,
    pub(crate) short: &'static CStr,
    pub(crate) long: &'static CStr,
    pub(crate) oid: &'static [u8],
}

macro_rules! rows {
    ($($nid:literal $short:literal $long:literal $oid:literal;)*) => {
        static ROWS: &[Row] = &[$(Row { nid: $nid, short: $short, long: $long, oid: $oid }),*];
    };
}

rows! {
    0 c"UNDEF" c"undefined" b"";
    13 c"CN" c"commonName" b"\x55\x04\x03";
    14 c"C" c"countryName" b"\x55\x04\x06";
    15 c"L" c"localityName" b"\x55\x04\x07";
    16 c"ST" c"stateOrProvinceName" b"\x55\x04\x08";
    17 c"O" c"organizationName" b"\x55\x04\x0a";
    18 c"OU" c"organizationalUnitName" b"\x55\x04\x0b";
    48 c"emailAddress" c"emailAddress" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01";
    99 c"GN" c"givenName" b"\x55\x04\x2a";
    100 c"SN" c"surname" b"\x55\x04\x04";
    105 c"serialNumber" c"serialNumber" b"\x55\x04\x05";
    106 c"title" c"title" b"\x55\x04\x0c";
    173 c"name" c"name" b"\x55\x04\x29";
    174 c"dnQualifier" c"dnQualifier" b"\x55\x04\x2e";
    391 c"DC" c"domainComponent" b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19";
    458 c"UID" c"userId" b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01";
    660 c"street" c"streetAddress" b"\x55\x04\x09";
    661 c"postalCode" c"postalCode" b"\x55\x04\x11";
    49 c"unstructuredName" c"unstructuredName" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02";
    101 c"initials" c"initials" b"\x55\x04\x2b";
    107 c"description" c"description" b"\x55\x04\x0d";
    509 c"generationQualifier" c"generationQualifier" b"\x55\x04\x2c";
    510 c"pseudonym" c"pseudonym" b"\x55\x04\x41";
    860 c"businessCategory" c"businessCategory" b"\x55\x04\x0f";
    955 c"jurisdictionL" c"jurisdictionLocalityName" b"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01";
    956 c"jurisdictionST" c"jurisdictionStateOrProvinceName" b"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02";
    957 c"jurisdictionC" c"jurisdictionCountryName" b"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03";
    1089 c"organizationIdentifier" c"organizationIdentifier" b"\x55\x04\x61";
    82 c"subjectKeyIdentifier" c"X509v3 Subject Key Identifier" b"\x55\x1d\x0e";
    83 c"keyUsage" c"X509v3 Key Usage" b"\x55\x1d\x0f";
    85 c"subjectAltName" c"X509v3 Subject Alternative Name" b"\x55\x1d\x11";
    87 c"basicConstraints" c"X509v3 Basic Constraints" b"\x55\x1d\x13";
    89 c"certificatePolicies" c"X509v3 Certificate Policies" b"\x55\x1d\x20";
    90 c"authorityKeyIdentifier" c"X509v3 Authority Key Identifier" b"\x55\x1d\x23";
    103 c"crlDistributionPoints" c"X509v3 CRL Distribution Points" b"\x55\x1d\x1f";
    126 c"extendedKeyUsage" c"X509v3 Extended Key Usage" b"\x55\x1d\x25";
    177 c"authorityInfoAccess" c"Authority Information Access" b"\x2b\x06\x01\x05\x05\x07\x01\x01";
    6 c"rsaEncryption" c"rsaEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    912 c"RSASSA-PSS" c"rsassaPss" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
    408 c"id-ecPublicKey" c"id-ecPublicKey" b"\x2a\x86\x48\xce\x3d\x02\x01";
    1087 c"ED25519" c"ED25519" b"\x2b\x65\x70";
    1034 c"X25519" c"X25519" b"\x2b\x65\x6e";
    415 c"prime256v1" c"prime256v1" b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
    715 c"secp384r1" c"secp384r1" b"\x2b\x81\x04\x00\x22";
    716 c"secp521r1" c"secp521r1" b"\x2b\x81\x04\x00\x23";
    4 c"MD5" c"md5" b"\x2a\x86\x48\x86\xf7\x0d\x02\x05";
    64 c"SHA1" c"sha1" b"\x2b\x0e\x03\x02\x1a";
    675 c"SHA224" c"sha224" b"\x60\x86\x48\x01\x65\x03\x04\x02\x04";
    672 c"SHA256" c"sha256" b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
    673 c"SHA384" c"sha384" b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
    674 c"SHA512" c"sha512" b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
    8 c"RSA-MD5" c"md5WithRSAEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04";
    65 c"RSA-SHA1" c"sha1WithRSAEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05";
    671 c"RSA-SHA224" c"sha224WithRSAEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e";
    668 c"RSA-SHA256" c"sha256WithRSAEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
    669 c"RSA-SHA384" c"sha384WithRSAEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";
    670 c"RSA-SHA512" c"sha512WithRSAEncryption" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";
    416 c"ecdsa-with-SHA1" c"ecdsa-with-SHA1" b"\x2a\x86\x48\xce\x3d\x04\x01";
    793 c"ecdsa-with-SHA224" c"ecdsa-with-SHA224" b"\x2a\x86\x48\xce\x3d\x04\x03\x01";
    794 c"ecdsa-with-SHA256" c"ecdsa-with-SHA256" b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
    795 c"ecdsa-with-SHA384" c"ecdsa-with-SHA384" b"\x2a\x86\x48\xce\x3d\x04\x03\x03";
    796 c"ecdsa-with-SHA512" c"ecdsa-with-SHA512" b"\x2a\x86\x48\xce\x3d\x04\x03\x04";
    129 c"serverAuth" c"TLS Web Server Authentication" b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    28 c"dhKeyAgreement" c"dhKeyAgreement" b"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01";
    130 c"clientAuth" c"TLS Web Client Authentication" b"\x2b\x06\x01\x05\x05\x07\x03\x02";
}

pub(crate) fn by_oid(oid: &[u8]) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.oid == oid && row.nid != 0)
}

/// The number of an object identifier; 0: it is not known.
pub(crate) fn nid(oid: &[u8]) -> c_int {
    by_oid(oid).map_or(0, |row| row.nid)
}

pub(crate) fn by_nid(nid: c_int) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.nid == nid)
}

pub(crate) fn by_short(name: &CStr) -> c_int {
    ROWS.iter()
        .find(|row| row.short == name)
        .map_or(0, |row| row.nid)
}

/// By a short name, a long one, or the dotted form.
pub(crate) fn by_text(text: &str) -> c_int {
    let named = |row: &&Row| {
        row.short.to_bytes() == text.as_bytes() || row.long.to_bytes() == text.as_bytes()
    };
    let dotted = |row: &&Row| crate::der::dotted(row.oid) == text;
    ROWS.iter()
        .find(|row| named(row) || dotted(row))
        .map_or(0, |row| row.nid)
}
