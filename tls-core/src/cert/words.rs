//! webpki's verdicts in our words: what came of another crate's judgement is no riddle to whoever reads it.

use webpki::{DerTypeId, Error as E};

/// What is said of a verdict that this file does not know yet: a rule of a newer webpki.
const NEW: &str = "it breaks a rule of rustls-webpki that has no words here yet";

/// What webpki found, as the end of a sentence about a certificate, or about the chain that it is in.
#[allow(
    deprecated,
    reason = "variants that webpki does not make any more, but still has"
)]
pub(super) const fn words(why: &E) -> &'static str {
    match why {
        E::BadDer => "the DER is broken",
        E::BadDerTime => "a time is not in the form of RFC 5280",
        E::CaUsedAsEndEntity => "it is the certificate of a CA",
        E::CertDistrusted => "a key is distrusted",
        E::CertExpired { .. } => "a certificate has expired",
        E::CertNotValidForName(_) => "it is for another name",
        E::CertNotValidYet { .. } => "a certificate is not valid yet",
        E::CertRevoked => "a certificate was revoked",
        E::EmptyEkuExtension => "an extendedKeyUsage is empty",
        E::EndEntityUsedAsCa => "a certificate that is no CA's issued another",
        E::ExtensionValueInvalid => "an extension is broken or comes twice",
        E::InvalidCertValidity => "a validity ends before it begins",
        E::InvalidNetworkMaskConstraint
        | E::MalformedNameConstraint
        | E::TrailingData(DerTypeId::GeneralName) => {
            "a name constraint is broken, or gives a minimum or maximum (RFC 5280 4.2.1.10)"
        }
        E::TrailingData(_) => "bytes are left over, or a length is beyond the limit",
        E::InvalidSerialNumber => "a serial number is broken",
        E::InvalidSignatureForPublicKey => "a signature does not verify",
        E::MalformedDnsIdentifier => "a DNS name is broken",
        E::MalformedExtensions => "the extensions are broken",
        E::MaximumNameConstraintComparisonsExceeded
        | E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded => "it takes more work to verify than the limit",
        E::NameConstraintViolation => "a name is outside of the name constraints",
        E::PathLenConstraintViolated => "there are more CAs than a path length allows",
        E::RequiredEkuNotFound | E::RequiredEkuNotFoundContext(_) => {
            "an extendedKeyUsage does not have the purpose"
        }
        E::SignatureAlgorithmMismatch => "the two signature algorithms differ",
        E::UnknownIssuer => "the issuer is not known",
        E::UnsupportedCertVersion => "the X.509 version is not 3",
        E::UnsupportedCriticalExtension => "a critical extension is not known here",
        E::UnsupportedNameType => "a name is of a type that constraints are not applied to",
        E::UnsupportedSignatureAlgorithm | E::UnsupportedSignatureAlgorithmContext(_) => {
            "a signature algorithm is not known here"
        }
        E::UnsupportedSignatureAlgorithmForPublicKey
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature algorithm is not one for the issuer's key"
        }
        E::CrlExpired { .. }
        | E::InvalidCrlNumber
        | E::InvalidCrlSignatureForPublicKey
        | E::IssuerNotCrlSigner
        | E::UnknownRevocationStatus
        | E::UnsupportedCrlIssuingDistributionPoint
        | E::UnsupportedCrlSignatureAlgorithm
        | E::UnsupportedCrlSignatureAlgorithmContext(_)
        | E::UnsupportedCrlSignatureAlgorithmForPublicKey
        | E::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_)
        | E::UnsupportedCrlVersion
        | E::UnsupportedDeltaCrl
        | E::UnsupportedIndirectCrl
        | E::UnsupportedRevocationReason
        | E::UnsupportedRevocationReasonsPartitioning => {
            "the revocation status is not known: webpki was given no CRL"
        }
        _ => NEW,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki_types::{ServerName, UnixTime};
    use std::process::Command;

    /// One of each of webpki's errors.
    #[allow(deprecated, reason = "webpki still has them")]
    fn all() -> Vec<E> {
        let time = UnixTime::since_unix_epoch(core::time::Duration::ZERO);
        let algorithm = webpki::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: Vec::new(),
            supported_algorithms: Vec::new(),
        };
        let key = webpki::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: Vec::new(),
            public_key_algorithm_id: Vec::new(),
        };
        vec![
            E::BadDer,
            E::BadDerTime,
            E::CaUsedAsEndEntity,
            E::CertDistrusted,
            E::CertExpired {
                time,
                not_after: time,
            },
            E::CertNotValidForName(webpki::InvalidNameContext {
                expected: ServerName::try_from("a.test").expect("a name"),
                presented: Vec::new(),
            }),
            E::CertNotValidYet {
                time,
                not_before: time,
            },
            E::CertRevoked,
            E::CrlExpired {
                time,
                next_update: time,
            },
            E::EmptyEkuExtension,
            E::EndEntityUsedAsCa,
            E::ExtensionValueInvalid,
            E::InvalidCertValidity,
            E::InvalidCrlNumber,
            E::InvalidNetworkMaskConstraint,
            E::InvalidSerialNumber,
            E::InvalidCrlSignatureForPublicKey,
            E::InvalidSignatureForPublicKey,
            E::IssuerNotCrlSigner,
            E::MalformedDnsIdentifier,
            E::MalformedExtensions,
            E::MalformedNameConstraint,
            E::MaximumNameConstraintComparisonsExceeded,
            E::MaximumPathBuildCallsExceeded,
            E::MaximumPathDepthExceeded,
            E::MaximumSignatureChecksExceeded,
            E::NameConstraintViolation,
            E::PathLenConstraintViolated,
            E::RequiredEkuNotFound,
            E::RequiredEkuNotFoundContext(webpki::RequiredEkuNotFoundContext {
                required: webpki::KeyUsage::server_auth(),
                present: Vec::new(),
            }),
            E::SignatureAlgorithmMismatch,
            E::TrailingData(DerTypeId::Certificate),
            E::UnknownIssuer,
            E::UnknownRevocationStatus,
            E::UnsupportedCertVersion,
            E::UnsupportedCriticalExtension,
            E::UnsupportedCrlIssuingDistributionPoint,
            E::UnsupportedCrlVersion,
            E::UnsupportedDeltaCrl,
            E::UnsupportedIndirectCrl,
            E::UnsupportedNameType,
            E::UnsupportedRevocationReason,
            E::UnsupportedRevocationReasonsPartitioning,
            E::UnsupportedCrlSignatureAlgorithm,
            E::UnsupportedCrlSignatureAlgorithmContext(algorithm.clone()),
            E::UnsupportedSignatureAlgorithm,
            E::UnsupportedSignatureAlgorithmContext(algorithm),
            E::UnsupportedCrlSignatureAlgorithmForPublicKey,
            E::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(key.clone()),
            E::UnsupportedSignatureAlgorithmForPublicKey,
            E::UnsupportedSignatureAlgorithmForPublicKeyContext(key),
        ]
    }

    /// The variants of `pub enum Error` in webpki's sources, which cargo knows the place of. The enum is
    /// `non_exhaustive`, so that no compiler tells which of them are missing here.
    fn variants() -> Vec<String> {
        let run = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).output();
            String::from_utf8(output.expect(program).stdout).expect("text")
        };
        let rustc = run("rustc", &["-vV"]);
        let host = rustc.lines().find_map(|l| l.strip_prefix("host: "));
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let metadata = run(
            env!("CARGO"),
            &[
                "metadata",
                "--format-version=1",
                "--offline",
                "--filter-platform",
                host.expect("a host"),
                "--manifest-path",
                manifest,
            ],
        );
        let (_, package) = metadata
            .split_once(r#"{"name":"rustls-webpki","version":"#)
            .expect("webpki is a dependency");
        let (_, path) = package.split_once(r#""manifest_path":""#).expect("a path");
        let (path, _) = path.split_once("Cargo.toml").expect("a manifest");
        let source =
            std::fs::read_to_string(format!("{path}src/error.rs")).expect("webpki's source");
        let (_, body) = source.split_once("pub enum Error {\n").expect("the enum");
        let (body, _) = body.split_once("\n}\n").expect("its end");
        let variant = |line: &str| {
            let line = line.strip_prefix("    ")?;
            line.starts_with(|c: char| c.is_ascii_uppercase())
                .then(|| name(line))
        };
        body.lines().filter_map(variant).collect()
    }

    fn name(of: &str) -> String {
        of.chars().take_while(char::is_ascii_alphanumeric).collect()
    }

    #[test]
    fn every_verdict_of_webpki_has_words_of_ours() {
        let ours = all();
        for error in &ours {
            let text = words(error);
            assert_ne!(text, NEW, "{error:?}");
            assert!(!text.contains(&name(&format!("{error:?}"))), "{error:?}");
        }
        let known: Vec<_> = ours
            .iter()
            .map(|error| name(&format!("{error:?}")))
            .collect();
        let variants = variants();
        assert!(variants.len() > 40, "{variants:?}");
        for variant in variants {
            assert!(known.contains(&variant), "webpki's {variant} has no words");
        }
    }
}
