use super::pbe::{self, Password};
use super::work::Work;
use super::{OpenError, Result, malformed};
use rsa::pkcs8::der::asn1::{AnyRef, OctetStringRef};
use rsa::pkcs8::der::{self, Decode as _, Reader as _, Tag, Tagged as _};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

/// Decrypts an `EncryptedPrivateKeyInfo` (RFC 5958 §3, DER) to the `PrivateKeyInfo` inside. PBES2 with
/// PBKDF2 or scrypt and AES or 3DES in CBC mode, and the algorithms of PKCS #12.
pub fn decrypt_pkcs8(der: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let info = AnyRef::from_der(der).map_err(not_info)?;
    open(info, &Password::new(password), &mut Work::new())
}

/// The same inside of a larger file.
pub(super) fn open(
    info: AnyRef<'_>,
    password: &Password,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>> {
    let (algorithm, data) = info
        .sequence(|r| {
            let algorithm = r.decode::<AlgorithmIdentifierRef<'_>>()?;
            Ok((algorithm, r.decode::<&OctetStringRef>()?))
        })
        .map_err(not_info)?;
    let plain = pbe::decrypt(&algorithm, data.as_bytes(), password, work)?;
    check(plain)
}

/// One padding in 256 fits by chance: what a wrong key leaves is no SEQUENCE.
pub(super) fn check(plain: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>> {
    match AnyRef::from_der(&plain) {
        Ok(any) if any.tag() == Tag::Sequence => Ok(plain),
        _ => Err(OpenError::WrongPassword),
    }
}

fn not_info(_: der::Error) -> OpenError {
    malformed("not an EncryptedPrivateKeyInfo in DER")
}
