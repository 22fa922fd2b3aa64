//! Whether a certificate of a path was revoked: the last rule that a path has to keep.

use super::VerifyRequest;
use super::ocsp::{self, Status};
use super::view::CertView;
use crate::error::{Error, Reason, Result};

/// Judges a path that keeps every other rule: leaf first, the trusted certificate last (the leaf
/// alone, when it is trusted as itself). A path that breaks this rule does not hide another.
///
/// A staple that says "revoked" is believed whoever signed it; one that is none is refused.
pub(super) fn check_status(path: &[CertView<'_>], request: &VerifyRequest<'_>) -> Result<()> {
    let (Some(response), Some(leaf)) = (request.ocsp_response, path.first()) else {
        return Ok(());
    };
    match ocsp::status_of(response, leaf)? {
        Status::Good => Ok(()),
        Status::Revoked => Err(Error::with(
            Reason::CertificateRevoked,
            "the stapled OCSP response says that the certificate was revoked",
        )),
        Status::Unknown | Status::None if request.ocsp_required => Err(Error::with(
            Reason::BadOcspResponse,
            "the stapled OCSP response does not vouch for the certificate",
        )),
        Status::Unknown | Status::None => Ok(()),
    }
}
