//! What is said where name constraints (RFC 5280 §4.2.1.10) refuse a path: a name is outside of them, they are of a kind
//! that is not evaluated, or nobody can apply them.
//!
//! webpki evaluates DNS names and addresses. A constraint on directory names refuses every certificate below, since each
//! has a subject; one on another kind of name refuses those that have such a name. That is what RFC 5280 wants of
//! who does not process a constraint.

use super::constraints;
use super::path::Node;
use super::san::list_hosts;
use super::sentence::title;
use super::view::{CertView, oid};
use crate::error::{Error, Reason, Result};

/// `[4]`, the GeneralName of directory names.
const DIRECTORY_NAME: u8 = 4;

/// webpki refused a path for its name constraints.
pub(super) fn refused(path: &[Node<'_>]) -> Error {
    unevaluated(path).unwrap_or_else(|| outside(path))
}

fn outside(path: &[Node<'_>]) -> Error {
    let leaf = &path[0];
    let names = leaf.alt_names().ok().flatten().map(list_hosts);
    let names = match names.filter(|names| !names.is_empty()) {
        Some(names) => format!(" ({names})"),
        None => String::new(),
    };
    let by = constraining(path).map_or_else(
        || "an issuer".into(),
        |(_, view)| format!("{} ({})", title(view), constraints::list(view)),
    );
    let title = title(leaf);
    Error::with(
        Reason::CertificateConstraint,
        format!("the names of {title}{names} are outside of the name constraints of {by}"),
    )
    .about_certificate(0)
}

/// The first issuer with a constraint that refuses the path whatever its names are; it is the certificate to blame.
fn unevaluated(path: &[Node<'_>]) -> Option<Error> {
    let mut issuers = path.iter().enumerate().skip(1);
    issuers.find_map(|(index, issuer)| {
        let below = &path[..index];
        let has = |kind: u8| below.iter().find(|node| node.has_name_of(kind));
        let (kind, holder) = constraints::kinds(issuer).find_map(|kind| match kind {
            DIRECTORY_NAME => Some((kind, None)),
            _ if evaluated(kind) => None,
            _ => Some((kind, Some(has(kind)?))),
        })?;
        let refuses = match holder {
            None => "no certificate below it is accepted".into(),
            Some(holder) => format!("and {} has such a name", title(holder)),
        };
        let text = format!(
            "the name constraints of {} ({}) are about {}, which are not evaluated here: {refuses}",
            title(issuer),
            constraints::list(issuer),
            kind_name(kind)
        );
        Some(Error::with(Reason::CertificateConstraint, text).about_certificate(index))
    })
}

/// dNSName and iPAddress
const fn evaluated(kind: u8) -> bool {
    matches!(kind, 2 | 7)
}

/// The choices of GeneralName (RFC 5280 §4.2.1.6).
const fn kind_name(kind: u8) -> &'static str {
    match kind {
        1 => "e-mail addresses",
        3 => "X.400 addresses",
        DIRECTORY_NAME => "directory names",
        5 => "EDI party names",
        6 => "URIs",
        8 => "registered identifiers",
        _ => "names of a kind of their own (otherName)",
    }
}

/// That nothing on a path constrains names, the trusted certificate included: the one at `old` is not of
/// version 3, so that webpki does not see the path.
pub(super) fn unconstrained(path: &[Node<'_>], old: usize) -> Result<()> {
    let Some((_, by)) = constraining(path) else {
        return Ok(());
    };
    let view = &path[old];
    let text = format!(
        "the name constraints of {} ({}) cannot be applied to {}, which has X.509 version {}",
        title(by),
        constraints::list(by),
        title(view),
        view.version
    );
    Err(Error::with(Reason::CertificateConstraint, text).about_certificate(old))
}

/// The issuer nearest to the leaf that constrains names.
pub(super) fn constraining<'a, 'b>(path: &'a [Node<'b>]) -> Option<(usize, &'a CertView<'b>)> {
    path.iter()
        .map(|node| &node.view)
        .enumerate()
        .find(|(_, view)| view.extension(oid::NAME_CONSTRAINTS) != Ok(None))
}
