//! The three policies, as data.

use crate::crypto::{SUITES, Suite, SuiteClass};
use crate::wire::{NamedGroup, SignatureScheme};

/// A named set of permissions. Lists given by the user choose and order within it.
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    /// The name users write.
    pub name: &'static str,
    /// The most permissive class of suites.
    pub class: SuiteClass,
    /// Groups in default order.
    pub groups: &'static [NamedGroup],
    /// Signature schemes in default order.
    pub schemes: &'static [SignatureScheme],
    /// Go on with a peer that does not know RFC 5746.
    pub insecure_renegotiation_peers: bool,
    /// Resume sessions of peers that do not know the extended master secret (RFC 7627 §5.3 advises
    /// against it); otherwise every handshake with them is a full one.
    pub resumption_without_ems: bool,
    /// Smallest RSA modulus in bits.
    pub min_rsa_bits: usize,
    /// Smallest order of an elliptic curve in bits.
    pub min_ec_bits: usize,
    /// Shortest hash in bits of signatures in certificates (160 is SHA-1); in the handshake `schemes`
    /// says it.
    pub min_hash_bits: usize,
    /// Certificates of X.509 version 1, which cannot say what they are for.
    pub version1_certificates: bool,
}

const GROUPS: &[NamedGroup] = &[
    NamedGroup::X25519,
    NamedGroup::SECP256R1,
    NamedGroup::SECP384R1,
    NamedGroup::SECP521R1,
];

/// With finite fields, which come after all curves.
const LEGACY_GROUPS: &[NamedGroup] = &[
    NamedGroup::X25519,
    NamedGroup::SECP256R1,
    NamedGroup::SECP384R1,
    NamedGroup::SECP521R1,
    NamedGroup::FFDHE2048,
    NamedGroup::FFDHE3072,
    NamedGroup::FFDHE4096,
    NamedGroup::FFDHE6144,
    NamedGroup::FFDHE8192,
];

macro_rules! schemes {
    ($($more:ident),*) => {
        &[
            SignatureScheme::ECDSA_SECP256R1_SHA256,
            SignatureScheme::ED25519,
            SignatureScheme::RSA_PSS_RSAE_SHA256,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::ECDSA_SECP384R1_SHA384,
            SignatureScheme::RSA_PSS_RSAE_SHA384,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::ECDSA_SECP521R1_SHA512,
            SignatureScheme::RSA_PSS_RSAE_SHA512,
            SignatureScheme::RSA_PKCS1_SHA512,
            SignatureScheme::RSA_PSS_PSS_SHA256,
            SignatureScheme::RSA_PSS_PSS_SHA384,
            SignatureScheme::RSA_PSS_PSS_SHA512,
            $( SignatureScheme::$more, )*
        ]
    };
}

/// ECDHE with AEAD: the default.
pub static MODERN: Policy = Policy {
    name: "modern",
    class: SuiteClass::Modern,
    groups: GROUPS,
    schemes: schemes!(),
    insecure_renegotiation_peers: false,
    resumption_without_ems: false,
    min_rsa_bits: 2048,
    min_ec_bits: 256,
    min_hash_bits: 256,
    version1_certificates: false,
};

/// Adds ECDHE with CBC, and with CCM, which small devices have in place of GCM.
pub static COMPATIBLE: Policy = Policy {
    name: "compatible",
    class: SuiteClass::Compatible,
    groups: GROUPS,
    schemes: schemes!(),
    insecure_renegotiation_peers: false,
    resumption_without_ems: false,
    min_rsa_bits: 2048,
    min_ec_bits: 256,
    min_hash_bits: 256,
    version1_certificates: false,
};

/// Adds DHE, RSA key exchange, CCM_8 (tags of 8 bytes), 3DES, SHA-1 signatures, RSA keys of 1024 bits, certificates of version 1
/// and peers without RFC 5746.
pub static LEGACY: Policy = Policy {
    name: "legacy",
    class: SuiteClass::Legacy,
    groups: LEGACY_GROUPS,
    schemes: schemes!(RSA_PKCS1_SHA1, ECDSA_SHA1),
    insecure_renegotiation_peers: true,
    resumption_without_ems: true,
    min_rsa_bits: 1024,
    min_ec_bits: 256,
    min_hash_bits: 160,
    version1_certificates: true,
};

impl Policy {
    /// All policies, the strictest first.
    pub const ALL: &'static [&'static Self] = &[&MODERN, &COMPATIBLE, &LEGACY];

    /// The policy with this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|p| p.name.eq_ignore_ascii_case(name))
    }

    /// The suites that it allows, in default order.
    pub fn suites(&self) -> impl Iterator<Item = &'static Suite> + use<> {
        let class = self.class;
        SUITES.iter().filter(move |s| s.class <= class)
    }
}
