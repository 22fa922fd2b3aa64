//! What RFC 5280 asks of those who issue certificates, and a path does not need to be sound: OpenSSL's
//! `X509_V_FLAG_X509_STRICT`. Looked at where the user asks for it.

use super::path::Node;
use super::rules::Fault;
use super::sentence::title;
use super::usage::KeyUsage;
use super::view::{CertView, oid};
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, tag};

/// What a certificate's extensions say of it, read once.
struct Said {
    ca: bool,
    usage: Option<KeyUsage>,
    no_subject: bool,
}

impl Said {
    fn issues(&self) -> bool {
        self.usage
            .is_some_and(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN))
    }
}

/// The profile of RFC 5280 §4 on one certificate of a path. One that is trusted as itself stands alone, and RFC 6818 §2
/// takes it out.
pub(super) fn check_profile(path: &[Node<'_>], index: usize) -> Result<(), Fault> {
    if path.len() < 2 {
        return Ok(());
    }
    let view = &*path[index];
    let said = Said {
        ca: view.is_ca()? == Some(true),
        usage: view.key_usage()?,
        no_subject: is_empty(view.subject)?,
    };
    let broken = broken_constraints(view, &said)?
        .or(broken_names(view, &said)?)
        .or(broken_key_ids(view, &said, index + 1 == path.len())?);
    match broken {
        None => Ok(()),
        Some(rule) => Err(Error::with(
            Reason::CertificateProfile,
            format!("the certificate of {} {rule}", title(view)),
        )
        .into()),
    }
}

/// §4.2.1.3, §4.2.1.9: who may issue says so, in extensions that nobody overlooks; nobody else does.
fn broken_constraints(view: &CertView<'_>, said: &Said) -> Result<Option<&'static str>, BadDer> {
    let length = view.path_length()?.is_some();
    Ok(match said.ca {
        _ if length && !said.ca => Some("has a path length, and is no CA (RFC 5280 4.2.1.9)"),
        false if said.issues() => {
            Some("has keyCertSign in its keyUsage, and is no CA (RFC 5280 4.2.1.3)")
        }
        false => None,
        true if length && !said.issues() => {
            Some("has a path length without keyCertSign (RFC 5280 4.2.1.9)")
        }
        true if !is_critical(view, oid::BASIC_CONSTRAINTS)? => {
            Some("is a CA's, and its basicConstraints are not critical (RFC 5280 4.2.1.9)")
        }
        true if said.usage.is_none() => Some("is a CA's without keyUsage (RFC 5280 4.2.1.3)"),
        true => None,
    })
}

/// §4.1.2.4, §4.1.2.6, §4.2.1.6: somebody issued it, and to somebody.
fn broken_names(view: &CertView<'_>, said: &Said) -> Result<Option<&'static str>, BadDer> {
    let names = view.extension(oid::SUBJECT_ALT_NAME)?;
    let signs_lists = said
        .usage
        .is_some_and(|usage| usage.contains(KeyUsage::CRL_SIGN));
    if is_empty(view.issuer)? {
        return Ok(Some("has an empty issuer (RFC 5280 4.1.2.4)"));
    }
    if said.no_subject && (said.ca || signs_lists || names.is_none()) {
        return Ok(Some("has an empty subject (RFC 5280 4.1.2.6)"));
    }
    let Some(names) = names else { return Ok(None) };
    if said.no_subject && !is_critical(view, oid::SUBJECT_ALT_NAME)? {
        return Ok(Some(
            "has an empty subject beside a subjectAltName that is not critical (RFC 5280 4.1.2.6)",
        ));
    }
    Ok(is_empty(names)?.then_some("has an empty subjectAltName (RFC 5280 4.2.1.6)"))
}

/// §4.2.1.1, §4.2.1.2: by which key it was signed, and, of a CA's, which key it has. The end of the path names no
/// other key. Key identifiers that are critical were refused before.
fn broken_key_ids(
    view: &CertView<'_>,
    said: &Said,
    last: bool,
) -> Result<Option<&'static str>, BadDer> {
    if view.version != 3 {
        return Ok(None);
    }
    if !last && view.authority_key_id().is_none() {
        return Ok(Some(
            "has no key identifier of its issuer (authorityKeyIdentifier, RFC 5280 4.2.1.1)",
        ));
    }
    let unnamed = said.ca && view.extension(oid::SUBJECT_KEY_ID)?.is_none();
    Ok(unnamed.then_some("is a CA's without subjectKeyIdentifier (RFC 5280 4.2.1.2)"))
}

/// Whether a SEQUENCE has nothing in it.
fn is_empty(sequence: &[u8]) -> Result<bool, BadDer> {
    only(sequence, tag::SEQUENCE).map(|content| Der::new(content).is_empty())
}

/// Whether an extension is there, and marked as critical.
fn is_critical(view: &CertView<'_>, id: &[u8]) -> Result<bool, BadDer> {
    for extension in view.extensions() {
        let extension = extension?;
        if extension.id == id {
            return Ok(extension.critical);
        }
    }
    Ok(false)
}
