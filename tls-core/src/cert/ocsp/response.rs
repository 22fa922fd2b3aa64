//! OCSPResponse (RFC 6960 §4.2.1) in place: one strict walk, nothing that grows without a bound.

use crate::cert::extension::Extension;
use crate::cert::signature::Signed;
use crate::cert::time;
use crate::wire::der::{BadDer, Der, only, tag, whole_bits};

/// ENUMERATED
const ENUMERATED: u8 = 0x0a;

/// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];

/// Most single responses and most certificates of a response: a staple needs one of each.
const MAX_SINGLE: usize = 64;
const MAX_CERTIFICATES: usize = 8;

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) &'static str);

impl From<BadDer> for Broken {
    fn from(_: BadDer) -> Self {
        Self("the DER is broken")
    }
}

/// OCSPResponse
pub(super) enum Response<'a> {
    /// responseStatus is not `successful`.
    None(Refusal),
    Basic(Basic<'a>),
}

/// OCSPResponseStatus of a responder that gives no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) u8);

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self.0 {
            1 => "malformedRequest",
            2 => "internalError",
            3 => "tryLater",
            5 => "sigRequired",
            _ => "unauthorized",
        })
    }
}

/// BasicOCSPResponse
pub(super) struct Basic<'a> {
    pub(super) signed: Signed<'a>,
    pub(super) responder: Responder<'a>,
    pub(super) produced_at: i64,
    pub(super) singles: Vec<Single<'a>>,
    /// Whole certificates, as far as that is known.
    pub(super) certificates: Vec<&'a [u8]>,
}

/// ResponderID
pub(super) enum Responder<'a> {
    /// The whole `Name`.
    Name(&'a [u8]),
    /// SHA-1 of the key's bits.
    KeyHash(&'a [u8]),
}

/// SingleResponse
#[derive(Clone, Copy)]
pub(super) struct Single<'a> {
    pub(super) id: CertId<'a>,
    pub(super) status: Status,
    pub(super) this_update: i64,
    pub(super) next_update: Option<i64>,
}

/// CertID
#[derive(Clone, Copy)]
pub(super) struct CertId<'a> {
    /// Contents of the object identifier.
    pub(super) hash: &'a [u8],
    pub(super) issuer_name: &'a [u8],
    pub(super) issuer_key: &'a [u8],
    pub(super) serial: &'a [u8],
}

/// CertStatus
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Good,
    Revoked { at: i64, reason: Option<u8> },
    Unknown,
}

impl<'a> Response<'a> {
    pub(super) fn parse(response: &'a [u8]) -> Result<Self, Broken> {
        let mut der = Der::new(only(response, tag::SEQUENCE)?);
        let status = match der.expect(ENUMERATED)?.content {
            [status @ (0..=3 | 5 | 6)] => *status,
            _ => return Err(Broken("its responseStatus is none of RFC 6960")),
        };
        let bytes = der.optional(tag::context(0))?;
        der.end()?;
        // RFC 6960 §4.2.1: an error has no responseBytes, and nothing else goes without.
        match (status, bytes) {
            (0, Some(bytes)) => Basic::parse(bytes.content).map(Self::Basic),
            (0, None) => Err(Broken("it is successful and has no responseBytes")),
            (_, Some(_)) => Err(Broken("it is not successful and has responseBytes")),
            (status, None) => Ok(Self::None(Refusal(status))),
        }
    }
}

impl<'a> Basic<'a> {
    /// ResponseBytes with a BasicOCSPResponse.
    fn parse(bytes: &'a [u8]) -> Result<Self, Broken> {
        let mut der = Der::new(only(bytes, tag::SEQUENCE)?);
        if der.expect(tag::OID)?.content != BASIC {
            return Err(Broken("its responseType is not id-pkix-ocsp-basic"));
        }
        let basic = der.expect(tag::OCTET_STRING)?.content;
        der.end()?;
        let mut der = Der::new(only(basic, tag::SEQUENCE)?);
        let data = der.expect(tag::SEQUENCE)?;
        let signed = Signed {
            message: data.whole,
            algorithm: der.expect(tag::SEQUENCE)?.content,
            signature: whole_bits(der.expect(tag::BIT_STRING)?.content)?,
        };
        let certificates = match der.optional(tag::context(0))? {
            Some(list) => certificates(list.content)?,
            None => Vec::new(),
        };
        der.end()?;

        let mut der = Der::new(data.content);
        if let Some(version) = der.optional(tag::context(0))? {
            // DEFAULT v1: an encoded default breaks DER, but is harmless.
            if only(version.content, tag::INTEGER)? != [0] {
                return Err(Broken("its version is not 1"));
            }
        }
        let responder = der.next()?;
        let responder = match responder.tag {
            t if t == tag::context(1) => Responder::Name({
                only(responder.content, tag::SEQUENCE)?;
                responder.content
            }),
            t if t == tag::context(2) => {
                Responder::KeyHash(only(responder.content, tag::OCTET_STRING)?)
            }
            _ => return Err(Broken("its responderID is of no known form")),
        };
        let produced_at = time::parse(der.expect(tag::GENERALIZED_TIME)?)?;
        let singles = singles(der.expect(tag::SEQUENCE)?.content)?;
        extensions(der.optional(tag::context(1))?.map(|e| e.content))?;
        der.end()?;
        Ok(Self {
            signed,
            responder,
            produced_at,
            singles,
            certificates,
        })
    }
}

fn certificates(list: &[u8]) -> Result<Vec<&[u8]>, Broken> {
    let mut list = Der::new(only(list, tag::SEQUENCE)?);
    let mut found = Vec::new();
    while !list.is_empty() {
        if found.len() == MAX_CERTIFICATES {
            return Err(Broken("it has more than 8 certificates"));
        }
        found.push(list.expect(tag::SEQUENCE)?.whole);
    }
    Ok(found)
}

fn singles(content: &[u8]) -> Result<Vec<Single<'_>>, Broken> {
    let mut list = Der::new(content);
    let mut found = Vec::new();
    while !list.is_empty() {
        if found.len() == MAX_SINGLE {
            return Err(Broken("it is about more than 64 certificates"));
        }
        found.push(Single::parse(list.expect(tag::SEQUENCE)?.content)?);
    }
    Ok(found)
}

impl<'a> Single<'a> {
    fn parse(content: &'a [u8]) -> Result<Self, Broken> {
        let mut der = Der::new(content);
        let id = CertId::parse(der.expect(tag::SEQUENCE)?.content)?;
        let status = der.next()?;
        let status = match (status.tag, status.content) {
            (0x80, []) => Status::Good,
            (0xa1, info) => revoked(info)?,
            (0x82, []) => Status::Unknown,
            _ => return Err(Broken("a certStatus is none of RFC 6960")),
        };
        let this_update = time::parse(der.expect(tag::GENERALIZED_TIME)?)?;
        let next_update = match der.optional(tag::context(0))? {
            Some(next) => {
                let mut next = Der::new(next.content);
                let time = time::parse(next.expect(tag::GENERALIZED_TIME)?)?;
                next.end()?;
                Some(time)
            }
            None => None,
        };
        extensions(der.optional(tag::context(1))?.map(|e| e.content))?;
        der.end()?;
        if next_update.is_some_and(|next| next < this_update) {
            return Err(Broken("its nextUpdate lies before its thisUpdate"));
        }
        Ok(Self {
            id,
            status,
            this_update,
            next_update,
        })
    }
}

impl<'a> CertId<'a> {
    fn parse(content: &'a [u8]) -> Result<Self, Broken> {
        let mut id = Der::new(content);
        let mut hash = Der::new(id.expect(tag::SEQUENCE)?.content);
        let found = Self {
            hash: hash.expect(tag::OID)?.content,
            issuer_name: id.expect(tag::OCTET_STRING)?.content,
            issuer_key: id.expect(tag::OCTET_STRING)?.content,
            serial: id.expect(tag::INTEGER)?.content,
        };
        id.end()?;
        // The parameters are NULL or absent (RFC 4055 §2.1).
        if hash
            .optional(0x05)?
            .is_some_and(|null| !null.content.is_empty())
        {
            return Err(BadDer.into());
        }
        hash.end()?;
        Ok(found)
    }
}

/// RevokedInfo; CRLReason as in RFC 5280 §5.3.1.
fn revoked(info: &[u8]) -> Result<Status, Broken> {
    let mut der = Der::new(info);
    let at = time::parse(der.expect(tag::GENERALIZED_TIME)?)?;
    let reason = match der.optional(tag::context(0))? {
        Some(reason) => match only(reason.content, ENUMERATED)? {
            [reason @ (0..=6 | 8..=10)] => Some(*reason),
            _ => return Err(Broken("a revocationReason is none of RFC 5280")),
        },
        None => None,
    };
    der.end()?;
    Ok(Status::Revoked { at, reason })
}

/// None that is known here changes what a response says, and one that is critical would
/// (RFC 6960 §4.4, RFC 5280 §4.2).
fn extensions(content: Option<&[u8]>) -> Result<(), Broken> {
    let Some(content) = content else {
        return Ok(());
    };
    let mut list = Der::new(only(content, tag::SEQUENCE)?);
    while !list.is_empty() {
        if Extension::read(&mut list)?.critical {
            return Err(Broken("it has a critical extension that is not known here"));
        }
    }
    Ok(())
}
