//! OCSP staples (RFC 6960, RFC 5019, RFC 6066 §8): what a response says of a certificate, whether it may
//! be believed, and what follows.
//!
//! | the response | asked for | required, or RFC 7633 in the certificate |
//! |---|---|---|
//! | says good, and all is right with it | accepted | accepted |
//! | says revoked, signed by who may, whenever | `CertificateRevoked` | `CertificateRevoked` |
//! | malformed, about another certificate | `BadOcspResponse` | `BadOcspResponse` |
//! | signed by somebody else, or badly | `OcspSignature` | `OcspSignature` |
//! | over, or from the future | ignored | `OcspExpired`, `OcspNotYetValid` |
//! | unknown, or no answer (tryLater) | ignored | `OcspUnknown` |
//!
//! What is ignored comes of responders and caches that are down, and refusing it would make every
//! outage of a CA one of its sites; whoever holds back a revocation would staple nothing. What is
//! refused comes of no outage: browsers and GnuTLS refuse it too.

mod response;
mod signer;
mod staple;

pub(super) use staple::check_staple;
pub(crate) use staple::ocsp_ends_at;
pub use staple::{OcspInfo, OcspStatus, check_own_staple, must_staple, ocsp_info};

use crate::error::{Error, Reason, Result};
use response::{Broken, Response};

/// Most bytes of a response that is sent or taken: more than any with its signer's certificate has.
pub const MAX_OCSP_RESPONSE: usize = (16 << 10) - 4;

/// How far the clocks of a responder and ours may differ, in seconds.
pub const OCSP_TOLERANCE: i64 = 300;

/// How long a response without nextUpdate is believed, in seconds: the longest that the CA/Browser
/// Forum allows to those with one.
pub const OCSP_MAX_AGE: i64 = 10 * 24 * 60 * 60;

/// Checks that the bytes are an OCSPResponse that can be stapled, and answers whether it is a
/// successful one.
pub fn check_ocsp_response(response: &[u8]) -> Result<bool> {
    parse(response).map(|response| matches!(response, Response::Basic(_)))
}

fn bad(text: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::with(Reason::BadOcspResponse, text)
}

fn parse(response: &[u8]) -> Result<Response<'_>> {
    if response.len() > MAX_OCSP_RESPONSE {
        return Err(bad(format!(
            "the OCSP response has {} bytes, at most {MAX_OCSP_RESPONSE} are possible",
            response.len()
        )));
    }
    let parsed = Response::parse(response)
        .map_err(|Broken(why)| bad(format!("the OCSP response does not parse: {why}")))?;
    match &parsed {
        Response::Basic(basic) if basic.singles.is_empty() => Err(bad(
            "the OCSP response does not parse: it is about no certificate",
        )),
        _ => Ok(parsed),
    }
}
