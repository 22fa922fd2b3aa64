use super::engine::Engine;
use super::scheme::RsaPadding::{self, Pkcs1, Pss};
use super::scheme::{KeyAlgorithm, Mechanism};
use super::verifier::Verifier;
use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use tls_core::crypto::CertificateAlgorithms;
use tls_core::crypto::HashId::{self, Sha1, Sha256, Sha384, Sha512};
use tls_core::wire::NamedGroup;

/// A pair of algorithm identifiers, one of the key and one of the signature, and what to compute
/// for it. webpki compares identifiers byte for byte, so each spelling is a row of its own.
#[derive(Debug)]
struct CertificateAlgorithm {
    public_key_id: AlgorithmIdentifier,
    signature_id: AlgorithmIdentifier,
    key: KeyAlgorithm,
    mechanism: Mechanism,
}

/// What a signature is computed with, where the key's and the signature's algorithm go together; both
/// are contents of an `AlgorithmIdentifier`.
pub(crate) fn certificate_mechanism(
    public_key_id: &[u8],
    signature_id: &[u8],
) -> Option<Mechanism> {
    ROWS.iter()
        .find(|row| {
            row.signature_id.as_ref() == signature_id && row.public_key_id.as_ref() == public_key_id
        })
        .map(|row| row.mechanism)
}

impl SignatureVerificationAlgorithm for CertificateAlgorithm {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = Verifier::new(self.key, public_key, Engine::detect());
        match key {
            Ok(key) if key.verify(self.mechanism, message, signature) => Ok(()),
            _ => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.public_key_id
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature_id
    }
}

/// SHA-1 with RSA, parameters NULL (RFC 3279 §2.2.1).
const RSA_PKCS1_SHA1: AlgorithmIdentifier = id(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
]);

/// The same without parameters: RFC 4055 §5 says NULL, and that absent ones must be accepted.
const RSA_PKCS1_SHA1_BARE: AlgorithmIdentifier = id(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05,
]);
const RSA_PKCS1_SHA256_BARE: AlgorithmIdentifier = id(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b,
]);
const RSA_PKCS1_SHA384_BARE: AlgorithmIdentifier = id(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c,
]);
const RSA_PKCS1_SHA512_BARE: AlgorithmIdentifier = id(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d,
]);

/// ecdsa-with-SHA1 (RFC 3279 §2.2.3).
const ECDSA_SHA1: AlgorithmIdentifier = id(&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01]);

/// id-RSASSA-PSS without parameters: a key that leaves the hash open (RFC 4055 §3.1).
const RSASSA_PSS: AlgorithmIdentifier = id(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
]);

/// RSASSA-PSS where the hashes' NULL parameters were left out (RFC 4055 §2.1 allows both).
const RSA_PSS_SHA256_BARE: AlgorithmIdentifier = id(&pss_bare(1, 32));
const RSA_PSS_SHA384_BARE: AlgorithmIdentifier = id(&pss_bare(2, 48));
const RSA_PSS_SHA512_BARE: AlgorithmIdentifier = id(&pss_bare(3, 64));

/// A key bound to one hash that leaves the least salt at its default of 20 bytes, as OpenSSL makes
/// them (RFC 4055 §3.1, §3.3).
const PSS_KEY_SHA256: AlgorithmIdentifier = id(&pss_key(1));
const PSS_KEY_SHA384: AlgorithmIdentifier = id(&pss_key(2));
const PSS_KEY_SHA512: AlgorithmIdentifier = id(&pss_key(3));

const fn id(bytes: &'static [u8]) -> AlgorithmIdentifier {
    AlgorithmIdentifier::from_slice(bytes)
}

/// `RSASSA-PSS-params` (RFC 4055 §3.1) for the hash whose object identifier ends with `hash`, with
/// MGF1 over it and `salt_len`.
const fn pss_bare(hash: u8, salt_len: u8) -> [u8; 61] {
    [
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, // id-RSASSA-PSS
        0x30, 0x30, //
        0xa0, 0x0d, 0x30, 0x0b, // hashAlgorithm
        0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash, //
        0xa1, 0x1a, 0x30, 0x18, // maskGenAlgorithm
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, // id-mgf1
        0x30, 0x0b, //
        0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash, //
        0xa2, 0x03, 0x02, 0x01, salt_len, // saltLength
    ]
}

/// The same with the hashes' NULL parameters, and without `saltLength`.
const fn pss_key(hash: u8) -> [u8; 60] {
    [
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, // id-RSASSA-PSS
        0x30, 0x2f, //
        0xa0, 0x0f, 0x30, 0x0d, // hashAlgorithm
        0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash, 0x05, 0x00, //
        0xa1, 0x1c, 0x30, 0x1a, // maskGenAlgorithm
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, // id-mgf1
        0x30, 0x0d, //
        0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash, 0x05, 0x00, //
    ]
}

const fn ecdsa(
    curve: NamedGroup,
    public_key_id: AlgorithmIdentifier,
    hash: HashId,
    signature_id: AlgorithmIdentifier,
) -> CertificateAlgorithm {
    CertificateAlgorithm {
        public_key_id,
        signature_id,
        key: KeyAlgorithm::Ec(curve),
        mechanism: Mechanism::Ecdsa(hash),
    }
}

const fn rsa(
    padding: RsaPadding,
    public_key_id: AlgorithmIdentifier,
    hash: HashId,
    signature_id: AlgorithmIdentifier,
) -> CertificateAlgorithm {
    CertificateAlgorithm {
        public_key_id,
        signature_id,
        key: KeyAlgorithm::Rsa,
        mechanism: Mechanism::Rsa(padding, hash),
    }
}

/// Declares the two lists, so that `legacy` starts with everything of `modern`.
macro_rules! algorithms {
    (modern { $($modern:expr;)* } legacy { $($legacy:expr;)* }) => {
        static MODERN: &[&dyn SignatureVerificationAlgorithm] = &[$(&$modern,)*];
        static LEGACY: &[&dyn SignatureVerificationAlgorithm] = &[$(&$modern,)* $(&$legacy,)*];
        static ROWS: &[CertificateAlgorithm] = &[$($modern,)* $($legacy,)*];
    };
}

const P256: NamedGroup = NamedGroup::SECP256R1;
const P384: NamedGroup = NamedGroup::SECP384R1;
const P521: NamedGroup = NamedGroup::SECP521R1;

// webpki scans the list in order: what most certificates are signed with comes first. Signatures
// with PSS and a salt that is not of the hash's length have no row: RFC 8446 §4.2.3 wants none.
#[rustfmt::skip]
algorithms! {
    modern {
        ecdsa(P256, alg_id::ECDSA_P256, Sha256, alg_id::ECDSA_SHA256);
        ecdsa(P384, alg_id::ECDSA_P384, Sha384, alg_id::ECDSA_SHA384);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha256, alg_id::RSA_PKCS1_SHA256);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha384, alg_id::RSA_PKCS1_SHA384);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha512, alg_id::RSA_PKCS1_SHA512);
        ecdsa(P256, alg_id::ECDSA_P256, Sha384, alg_id::ECDSA_SHA384);
        ecdsa(P256, alg_id::ECDSA_P256, Sha512, alg_id::ECDSA_SHA512);
        ecdsa(P384, alg_id::ECDSA_P384, Sha256, alg_id::ECDSA_SHA256);
        ecdsa(P384, alg_id::ECDSA_P384, Sha512, alg_id::ECDSA_SHA512);
        ecdsa(P521, alg_id::ECDSA_P521, Sha512, alg_id::ECDSA_SHA512);
        ecdsa(P521, alg_id::ECDSA_P521, Sha384, alg_id::ECDSA_SHA384);
        ecdsa(P521, alg_id::ECDSA_P521, Sha256, alg_id::ECDSA_SHA256);
        ED25519;
        rsa(Pss, alg_id::RSA_ENCRYPTION, Sha256, alg_id::RSA_PSS_SHA256);
        rsa(Pss, alg_id::RSA_ENCRYPTION, Sha384, alg_id::RSA_PSS_SHA384);
        rsa(Pss, alg_id::RSA_ENCRYPTION, Sha512, alg_id::RSA_PSS_SHA512);
        rsa(Pss, alg_id::RSA_ENCRYPTION, Sha256, RSA_PSS_SHA256_BARE);
        rsa(Pss, alg_id::RSA_ENCRYPTION, Sha384, RSA_PSS_SHA384_BARE);
        rsa(Pss, alg_id::RSA_ENCRYPTION, Sha512, RSA_PSS_SHA512_BARE);
        rsa(Pss, RSASSA_PSS, Sha256, alg_id::RSA_PSS_SHA256);
        rsa(Pss, RSASSA_PSS, Sha384, alg_id::RSA_PSS_SHA384);
        rsa(Pss, RSASSA_PSS, Sha512, alg_id::RSA_PSS_SHA512);
        rsa(Pss, RSASSA_PSS, Sha256, RSA_PSS_SHA256_BARE);
        rsa(Pss, RSASSA_PSS, Sha384, RSA_PSS_SHA384_BARE);
        rsa(Pss, RSASSA_PSS, Sha512, RSA_PSS_SHA512_BARE);
        rsa(Pss, alg_id::RSA_PSS_SHA256, Sha256, alg_id::RSA_PSS_SHA256);
        rsa(Pss, alg_id::RSA_PSS_SHA384, Sha384, alg_id::RSA_PSS_SHA384);
        rsa(Pss, alg_id::RSA_PSS_SHA512, Sha512, alg_id::RSA_PSS_SHA512);
        rsa(Pss, PSS_KEY_SHA256, Sha256, alg_id::RSA_PSS_SHA256);
        rsa(Pss, PSS_KEY_SHA384, Sha384, alg_id::RSA_PSS_SHA384);
        rsa(Pss, PSS_KEY_SHA512, Sha512, alg_id::RSA_PSS_SHA512);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha256, RSA_PKCS1_SHA256_BARE);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha384, RSA_PKCS1_SHA384_BARE);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha512, RSA_PKCS1_SHA512_BARE);
    }
    legacy {
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha1, RSA_PKCS1_SHA1);
        rsa(Pkcs1, alg_id::RSA_ENCRYPTION, Sha1, RSA_PKCS1_SHA1_BARE);
        ecdsa(P256, alg_id::ECDSA_P256, Sha1, ECDSA_SHA1);
        ecdsa(P384, alg_id::ECDSA_P384, Sha1, ECDSA_SHA1);
        ecdsa(P521, alg_id::ECDSA_P521, Sha1, ECDSA_SHA1);
    }
}

const ED25519: CertificateAlgorithm = CertificateAlgorithm {
    public_key_id: alg_id::ED25519,
    signature_id: alg_id::ED25519,
    key: KeyAlgorithm::Ed25519,
    mechanism: Mechanism::Ed25519,
};

/// Everything that this provider verifies in certificates, CRLs and OCSP responses.
pub(crate) static ALGORITHMS: CertificateAlgorithms = CertificateAlgorithms {
    modern: MODERN,
    legacy: LEGACY,
};
