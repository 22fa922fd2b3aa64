//! OCSP responses (RFC 6960 §4.2.1), as far as a staple tells something about a certificate. Who signed
//! it is not checked here: a server that lies about itself lies in what only its own key could refute.

use super::view::CertView;
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, tag};

/// Most bytes of a response that is sent or taken: more than any with its signer's certificate has.
pub const MAX_OCSP_RESPONSE: usize = (16 << 10) - 4;

/// ENUMERATED
const ENUMERATED: u8 = 0x0a;

/// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];

/// Most single responses that are looked at.
const MAX_SINGLE: usize = 64;

/// What a response says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Good,
    Revoked,
    /// The responder does not know it.
    Unknown,
    /// The responder gave no answer (tryLater and its like).
    None,
}

/// Checks that the bytes are an OCSPResponse that can be stapled, and answers whether it is a
/// successful one.
pub fn check_ocsp_response(response: &[u8]) -> Result<bool> {
    if response.len() > MAX_OCSP_RESPONSE {
        return Err(bad(format!(
            "the OCSP response has {} bytes, at most {MAX_OCSP_RESPONSE} are possible",
            response.len()
        )));
    }
    match parse(response, None) {
        Ok(status) => Ok(status != Status::None),
        Err(BadDer) => Err(bad("the OCSP response does not parse")),
    }
}

/// What a response says about the certificate; one that says nothing about it is refused.
pub(super) fn status_of(response: &[u8], leaf: &CertView<'_>) -> Result<Status> {
    match parse(response, Some(leaf.serial)) {
        Ok(Status::None) => Ok(Status::None),
        Ok(status) => Ok(status),
        Err(BadDer) => Err(bad(
            "the stapled OCSP response does not parse, or is not about the certificate",
        )),
    }
}

fn bad(text: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::with(Reason::BadOcspResponse, text)
}

/// `serial` `None`: any single response will do.
fn parse(response: &[u8], serial: Option<&[u8]>) -> Result<Status, BadDer> {
    let mut der = Der::new(only(response, tag::SEQUENCE)?);
    let successful = match der.expect(ENUMERATED)?.content {
        [0] => true,
        [1..=3 | 5 | 6] => false,
        _ => return Err(BadDer),
    };
    let bytes = der.optional(tag::context(0))?;
    der.end()?;
    let (true, Some(bytes)) = (successful, bytes) else {
        // RFC 6960 §4.2.1: an error has no responseBytes, and nothing else goes without.
        return if !successful && bytes.is_none() {
            Ok(Status::None)
        } else {
            Err(BadDer)
        };
    };
    let mut der = Der::new(only(bytes.content, tag::SEQUENCE)?);
    if der.expect(tag::OID)?.content != BASIC {
        return Err(BadDer);
    }
    let basic = der.expect(tag::OCTET_STRING)?.content;
    der.end()?;
    let mut der = Der::new(only(basic, tag::SEQUENCE)?);
    let data = der.expect(tag::SEQUENCE)?.content;
    der.expect(tag::SEQUENCE)?;
    der.expect(tag::BIT_STRING)?;
    der.optional(tag::context(0))?;
    der.end()?;
    response_data(data, serial)
}

/// ResponseData
fn response_data(data: &[u8], serial: Option<&[u8]>) -> Result<Status, BadDer> {
    let mut der = Der::new(data);
    der.optional(tag::context(0))?;
    let responder = der.next()?.tag;
    if responder != tag::context(1) && responder != tag::context(2) {
        return Err(BadDer);
    }
    der.expect(tag::GENERALIZED_TIME)?;
    let mut list = Der::new(der.expect(tag::SEQUENCE)?.content);
    der.optional(tag::context(1))?;
    der.end()?;
    let mut found = None;
    for _ in 0..MAX_SINGLE {
        if list.is_empty() {
            break;
        }
        let (number, status) = single(list.expect(tag::SEQUENCE)?.content)?;
        if found.is_none() && serial.is_none_or(|serial| serial == number) {
            found = Some(status);
        }
    }
    list.end()?;
    found.ok_or(BadDer)
}

/// SingleResponse: the serial number and the status.
fn single(content: &[u8]) -> Result<(&[u8], Status), BadDer> {
    let mut der = Der::new(content);
    let mut id = Der::new(der.expect(tag::SEQUENCE)?.content);
    id.expect(tag::SEQUENCE)?;
    id.expect(tag::OCTET_STRING)?;
    id.expect(tag::OCTET_STRING)?;
    let serial = id.expect(tag::INTEGER)?.content;
    id.end()?;
    let status = match der.next()?.tag {
        0x80 => Status::Good,
        0xa1 => Status::Revoked,
        0x82 => Status::Unknown,
        _ => return Err(BadDer),
    };
    der.expect(tag::GENERALIZED_TIME)?;
    der.optional(tag::context(0))?;
    der.optional(tag::context(1))?;
    der.end()?;
    Ok((serial, status))
}
