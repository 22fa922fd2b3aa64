//! How strong keys, hashes and suites must be at least: the policy's numbers, and OpenSSL's security
//! levels (SSL_CTX_set_security_level(3)), which can only ask for more.

use super::{Config, Policy};
use crate::cert::{ED25519_BITS, Keypair};
use crate::crypto::{AeadId, Agreement, BulkCipher, DhParams, HashId, KeyKind, Suite};
use crate::error::{Error, Reason, Result};
use crate::wire::{NamedGroup, SignatureScheme};

/// What is asked of keys, hashes and suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strength {
    /// Shortest RSA modulus in bits.
    pub rsa_bits: usize,
    /// Shortest modulus of a finite-field group in bits.
    pub dh_bits: usize,
    /// Smallest order of an elliptic curve in bits; Curve25519 and Ed25519 count as 256.
    pub ec_bits: usize,
    /// Shortest hash of a signature in bits; Ed25519 counts as 256.
    pub hash_bits: usize,
    /// Least strength of a suite's cipher in bits; that of CCM_8 is 64, the length of its tag.
    pub cipher_bits: usize,
    /// Suites without forward secrecy are out, and so are tickets: whoever has a server's ticket key reads
    /// what was said while it was in use.
    pub forward_secrecy: bool,
    /// CBC suites whose MAC is HMAC-SHA1 are out.
    pub no_sha1_mac: bool,
}

/// The highest security level.
pub const MAX_SECURITY_LEVEL: u8 = 5;

/// The security levels of OpenSSL 3. Level 0 asks for nothing.
#[rustfmt::skip]
const LEVELS: [Strength; MAX_SECURITY_LEVEL as usize + 1] = [
    level(    0,   0,   0,   0, false, false),
    level( 1024, 160, 224,  80, false, false),
    level( 2048, 224, 224, 112, false, false),
    level( 3072, 256, 256, 128, true,  false),
    level( 7680, 384, 384, 192, true,  true),
    level(15360, 512, 512, 256, true,  true),
];

const fn level(
    modulus_bits: usize,
    ec_bits: usize,
    hash_bits: usize,
    cipher_bits: usize,
    forward_secrecy: bool,
    no_sha1_mac: bool,
) -> Strength {
    Strength {
        rsa_bits: modulus_bits,
        dh_bits: modulus_bits,
        ec_bits,
        hash_bits,
        cipher_bits,
        forward_secrecy,
        no_sha1_mac,
    }
}

impl Strength {
    /// What a security level asks for; higher ones than [`MAX_SECURITY_LEVEL`] are that one.
    pub fn of_level(level: u8) -> Self {
        LEVELS[usize::from(level.min(MAX_SECURITY_LEVEL))]
    }

    /// What a policy asks for. Its suites and groups are its lists.
    pub fn of_policy(policy: &Policy) -> Self {
        Self {
            rsa_bits: policy.min_rsa_bits,
            ec_bits: policy.min_ec_bits,
            hash_bits: policy.min_hash_bits,
            ..LEVELS[0]
        }
    }

    /// What both ask for.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rsa_bits: self.rsa_bits.max(other.rsa_bits),
            dh_bits: self.dh_bits.max(other.dh_bits),
            ec_bits: self.ec_bits.max(other.ec_bits),
            hash_bits: self.hash_bits.max(other.hash_bits),
            cipher_bits: self.cipher_bits.max(other.cipher_bits),
            forward_secrecy: self.forward_secrecy || other.forward_secrecy,
            no_sha1_mac: self.no_sha1_mac || other.no_sha1_mac,
        }
    }

    /// Whether a suite is strong enough.
    pub fn allows_suite(&self, suite: &Suite) -> bool {
        let (bits, sha1) = match suite.bulk {
            BulkCipher::Aead(AeadId::Aes128Ccm8 | AeadId::Aes256Ccm8) => (64, false),
            BulkCipher::Aead(_) => (usize::from(suite.bits), false),
            BulkCipher::Cbc { mac, .. } => (usize::from(suite.bits), mac == HashId::Sha1),
        };
        let ephemeral = match suite.kx.row().agreement {
            Agreement::Ecdhe | Agreement::Dhe => true,
            Agreement::Rsa | Agreement::Nothing => false,
        };
        bits >= self.cipher_bits
            && (ephemeral || !self.forward_secrecy)
            && !(sha1 && self.no_sha1_mac)
    }

    /// Whether a group is.
    pub fn allows_group(&self, group: NamedGroup) -> bool {
        match DhParams::named(group) {
            Some(field) => field.bits() >= self.dh_bits,
            None => curve_bits(group) >= self.ec_bits,
        }
    }

    /// Whether the hash of a signature scheme is; the key is another question.
    pub fn allows_scheme(&self, scheme: SignatureScheme) -> bool {
        use SignatureScheme as S;
        let bits = match scheme {
            S::RSA_PKCS1_SHA1 | S::ECDSA_SHA1 => 160,
            S::RSA_PKCS1_SHA384
            | S::RSA_PSS_RSAE_SHA384
            | S::RSA_PSS_PSS_SHA384
            | S::ECDSA_SECP384R1_SHA384 => 384,
            S::RSA_PKCS1_SHA512
            | S::RSA_PSS_RSAE_SHA512
            | S::RSA_PSS_PSS_SHA512
            | S::ECDSA_SECP521R1_SHA512 => 512,
            S::ED25519 => ED25519_BITS,
            _ => 256,
        };
        bits >= self.hash_bits
    }

    /// Whether a key is; the error is how many bits it has and should have.
    pub fn check_key(&self, kind: KeyKind) -> Result<(), (usize, usize)> {
        let (bits, least) = match kind {
            KeyKind::Rsa { bits } | KeyKind::RsaPss { bits } => (bits, self.rsa_bits),
            KeyKind::Ec(curve) => (curve_bits(curve), self.ec_bits),
            KeyKind::Ed25519 => (ED25519_BITS, self.ec_bits),
        };
        match bits >= least {
            true => Ok(()),
            false => Err((bits, least)),
        }
    }
}

fn curve_bits(curve: NamedGroup) -> usize {
    match curve {
        NamedGroup::SECP384R1 => 384,
        NamedGroup::SECP521R1 => 521,
        _ => 256,
    }
}

impl Config {
    /// What the policy and the security level ask for.
    pub fn strength(&self) -> Strength {
        Strength::of_policy(self.policy).and(Strength::of_level(self.security_level))
    }

    /// Whether sessions may be kept in tickets (RFC 5077): the application wants it, and the security level,
    /// as OpenSSL's do.
    pub fn takes_tickets(&self) -> bool {
        self.sessions.tickets && !self.strength().forward_secrecy
    }

    /// Who asks for more than a key has: for sentences. `strong` tells whether a policy is content.
    pub(crate) fn who_asks(&self, strong: impl Fn(&Strength) -> bool) -> String {
        let content = strong(&Strength::of_policy(self.policy));
        self.certificate_policy().asked_by.who(content)
    }

    fn check_own_hashes(&self, keypair: &Keypair) -> Result<()> {
        let least = Strength::of_level(self.security_level).hash_bits;
        let Some(weakest) = keypair.weakest_hash().filter(|hash| hash.bits < least) else {
            return Ok(());
        };
        let text = format!(
            "the certificate of {} is signed with {}, security level {} wants at least {least} bits",
            weakest.title, weakest.name, self.security_level
        );
        Err(Error::with(Reason::WeakKeypair, text))
    }

    /// That a keypair of our own is as strong as the policy and the security level want it, and that the
    /// level allows the hashes of its chain's signatures, as OpenSSL's do: what the policy makes of those is
    /// the business of whoever verifies them. The error is `WeakKeypair`.
    pub fn check_keypair(&self, keypair: &Keypair) -> Result<()> {
        let kind = keypair.kind();
        let Err((bits, least)) = self.strength().check_key(kind) else {
            return self.check_own_hashes(keypair);
        };
        let content = |s: &Strength| s.check_key(kind).is_ok();
        let wider = Policy::ALL
            .iter()
            .find(|p| content(&Strength::of_policy(p)));
        let hint = match wider {
            Some(policy) if !content(&Strength::of_policy(self.policy)) => {
                format!("; the policy {} allows it", policy.name)
            }
            _ => String::new(),
        };
        Err(Error::with(
            Reason::WeakKeypair,
            format!(
                "the key of {} ({kind}) has {bits} bits, {} wants {least}{hint}",
                keypair.title(),
                self.who_asks(content)
            ),
        ))
    }
}
