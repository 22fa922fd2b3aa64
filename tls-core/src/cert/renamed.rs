//! A path as webpki wants it, which compares names byte for byte: where a certificate writes its issuer's name in another
//! way than the issuer does (`same.rs`), webpki gets it with the issuer's own bytes. Nothing else of it changes, and the signatures are those of the
//! path that was searched: they verified there.

use super::path::Node;
use super::sentence::title;
use super::view::CertView;
use super::{Certificate, sentence};
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, sequence, tag};

/// The certificates of a path with their issuers' names as those write them; `None`: they are so already.
pub(super) fn renamed(path: &[Node<'_>]) -> Result<Option<Vec<Certificate>>> {
    let differs =
        |pair: &[Node<'_>]| matches!(pair, [child, issuer] if child.issuer != issuer.subject);
    if !path.windows(2).any(differs) {
        return Ok(None);
    }
    let mut all = Vec::with_capacity(path.len());
    for (index, node) in path.iter().enumerate() {
        let other = path
            .get(index + 1)
            .filter(|next| next.subject != node.issuer);
        all.push(match other {
            Some(issuer) => with_issuer(node, issuer.subject)
                .map(Certificate::from)
                .map_err(|BadDer| {
                    sentence::malformed(node, "the DER is broken").about_certificate(index)
                })?,
            None => node.der.clone(),
        });
    }
    Ok(Some(all))
}

/// The same, to be walked.
pub(super) fn nodes<'a>(path: &[Node<'_>], renamed: &'a [Certificate]) -> Result<Vec<Node<'a>>> {
    let one = |(index, (old, new)): (usize, (&Node<'_>, &'a Certificate))| {
        Node::new(new).ok_or_else(|| {
            let text = format!(
                "the certificate of {} has more than 64 KiB with its issuer's name as the issuer writes it",
                title(old)
            );
            Error::with(Reason::CertificateUnsupported, text).about_certificate(index)
        })
    };
    path.iter().zip(renamed).enumerate().map(one).collect()
}

/// The certificate with this name, a whole `Name`, in the place of its issuer's.
fn with_issuer(view: &CertView<'_>, issuer: &[u8]) -> Result<Vec<u8>, BadDer> {
    let certificate = only(view.der, tag::SEQUENCE)?;
    let tbs = only(view.tbs, tag::SEQUENCE)?;
    let mut fields = Der::new(tbs);
    fields.optional(tag::context(0))?;
    fields.expect(tag::INTEGER)?;
    fields.expect(tag::SEQUENCE)?;
    let before = tbs.len() - fields.rest().len();
    fields.expect(tag::SEQUENCE)?;
    let tbs = sequence(&[&tbs[..before], issuer, fields.rest()]);
    Ok(sequence(&[&tbs, &certificate[view.tbs.len()..]]))
}
