use super::kdf::{self, Hash, Purpose};
use super::pbe::{self, Password, unsupported};
use super::work::Work;
use super::{OpenError, Result, malformed, oids};
use rsa::pkcs8::der::asn1::{AnyRef, OctetStringRef};
use rsa::pkcs8::der::{self, Reader as _};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;

/// Checks the `MacData` (RFC 7292 §4; with PBMAC1: RFC 9579) over `content`. Its key comes of the
/// password: one that does not fit is another password.
pub(super) fn check(
    mac_data: AnyRef<'_>,
    content: &[u8],
    password: &Password,
    work: &mut Work,
) -> Result<()> {
    let (algorithm, digest, salt, iterations) = mac_data
        .sequence(|r| {
            let info: AnyRef<'_> = r.decode()?;
            let (algorithm, digest) = info.sequence(|r| {
                let algorithm: AlgorithmIdentifierRef<'_> = r.decode()?;
                Ok::<_, der::Error>((algorithm, r.decode::<&OctetStringRef>()?))
            })?;
            let salt: &OctetStringRef = r.decode()?;
            let iterations: Option<u64> = r.decode()?;
            Ok((algorithm, digest, salt, iterations.unwrap_or(1)))
        })
        .map_err(|_: der::Error| malformed("the MacData of a PKCS #12 file"))?;
    let fits = match algorithm.oid {
        oids::PBMAC1 => pbmac1(&algorithm, content, digest.as_bytes(), password, work)?,
        id => {
            let hash = Hash::by_oid(id).ok_or_else(|| unsupported("a MAC with", id))?;
            let iterations = pbe::rounds(iterations, hash.weight(), work)?;
            let salt = salt.as_bytes();
            let len = hash.len();
            let key = kdf::pkcs12(hash, Purpose::Mac, &password.bmp, salt, iterations, len);
            hash.hmac_is(&key, content, digest.as_bytes())
        }
    };
    match fits {
        true => Ok(()),
        false => Err(OpenError::WrongPassword),
    }
}

/// `PBMAC1-params` (RFC 8018 Appendix A.5).
fn pbmac1(
    algorithm: &AlgorithmIdentifierRef<'_>,
    content: &[u8],
    digest: &[u8],
    password: &Password,
    work: &mut Work,
) -> Result<bool> {
    let bad = || malformed("the parameters of PBMAC1");
    let (function, scheme) = algorithm
        .parameters
        .ok_or_else(bad)?
        .sequence(|r| {
            let function: AlgorithmIdentifierRef<'_> = r.decode()?;
            Ok((function, r.decode::<AlgorithmIdentifierRef<'_>>()?))
        })
        .map_err(|_: der::Error| bad())?;
    let hash = Hash::by_hmac(scheme.oid).ok_or_else(|| unsupported("PBMAC1 with", scheme.oid))?;
    let key = pbe::derive(&function, &password.bytes, None, work)?;
    Ok(hash.hmac_is(&key, content, digest))
}
