//! The certificates of a run: root, intermediate, leaf, all with keys of one kind.

use crate::work::{HOST, Key};
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509NameBuilder};

/// A chain. The server sends leaf and intermediate, the client trusts the root.
pub(crate) struct Chain {
    pub(crate) leaf: X509,
    pub(crate) intermediate: X509,
    pub(crate) root: X509,
    pub(crate) key: PKey<Private>,
}

impl Chain {
    fn new(key: Key) -> Self {
        let (root_key, middle_key, leaf_key) = (new_key(key), new_key(key), new_key(key));
        let root = certificate("bench root", &root_key, None);
        let intermediate = certificate("bench intermediate", &middle_key, Some((&root, &root_key)));
        let leaf = certificate(HOST, &leaf_key, Some((&intermediate, &middle_key)));
        Self {
            leaf,
            intermediate,
            root,
            key: leaf_key,
        }
    }

    /// Leaf and intermediate.
    pub(crate) fn sent_pem(&self) -> Vec<u8> {
        [&self.leaf, &self.intermediate]
            .map(|c| c.to_pem().expect("PEM"))
            .concat()
    }

    pub(crate) fn sent_der(&self) -> [Vec<u8>; 2] {
        [&self.leaf, &self.intermediate].map(|c| c.to_der().expect("DER"))
    }

    pub(crate) fn root_pem(&self) -> Vec<u8> {
        self.root.to_pem().expect("PEM")
    }

    pub(crate) fn root_der(&self) -> Vec<u8> {
        self.root.to_der().expect("DER")
    }

    /// PKCS#8.
    pub(crate) fn key_der(&self) -> Vec<u8> {
        self.key.private_key_to_pkcs8().expect("PKCS#8")
    }

    pub(crate) fn key_pem(&self) -> Vec<u8> {
        self.key.private_key_to_pem_pkcs8().expect("PEM")
    }
}

/// The chains of both kinds of keys.
pub(crate) struct Pki {
    rsa: Chain,
    p256: Chain,
}

impl Pki {
    pub(crate) fn new() -> Self {
        Self {
            rsa: Chain::new(Key::Rsa2048),
            p256: Chain::new(Key::P256),
        }
    }

    pub(crate) fn chain(&self, key: Key) -> &Chain {
        match key {
            Key::Rsa2048 => &self.rsa,
            Key::P256 => &self.p256,
        }
    }
}

fn new_key(key: Key) -> PKey<Private> {
    match key {
        Key::Rsa2048 => PKey::from_rsa(Rsa::generate(2048).expect("a key")),
        Key::P256 => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("P-256");
            PKey::from_ec_key(EcKey::generate(&group).expect("a key"))
        }
    }
    .expect("a key")
}

/// `issuer`: its certificate and key; without one it signs itself and is a root.
fn certificate(name: &str, key: &PKey<Private>, issuer: Option<(&X509, &PKey<Private>)>) -> X509 {
    let build = || -> Result<X509, openssl::error::ErrorStack> {
        let mut subject = X509NameBuilder::new()?;
        subject.append_entry_by_text("CN", name)?;
        let subject = subject.build();
        let mut serial = BigNum::new()?;
        serial.rand(120, MsbOption::MAYBE_ZERO, false)?;
        let mut builder = X509::builder()?;
        builder.set_version(2)?;
        builder.set_serial_number(&*serial.to_asn1_integer()?)?;
        builder.set_subject_name(&subject)?;
        builder.set_issuer_name(issuer.map_or(&*subject, |(c, _)| c.subject_name()))?;
        builder.set_not_before(&*Asn1Time::days_from_now(0)?)?;
        builder.set_not_after(&*Asn1Time::days_from_now(30)?)?;
        builder.set_pubkey(key)?;
        if name == HOST {
            builder.append_extension(BasicConstraints::new().build()?)?;
            builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
            builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
            let names = SubjectAlternativeName::new()
                .dns(HOST)
                .build(&builder.x509v3_context(None, None))?;
            builder.append_extension(names)?;
        } else {
            builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
            builder.append_extension(
                KeyUsage::new()
                    .critical()
                    .key_cert_sign()
                    .crl_sign()
                    .build()?,
            )?;
        }
        let own = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
        builder.append_extension(own)?;
        if let Some((certificate, _)) = issuer {
            let context = builder.x509v3_context(Some(certificate), None);
            let theirs = AuthorityKeyIdentifier::new().keyid(true).build(&context)?;
            builder.append_extension(theirs)?;
        }
        builder.sign(issuer.map_or(key, |(_, key)| key), MessageDigest::sha256())?;
        Ok(builder.build())
    };
    build().expect("a certificate")
}
