use super::cipher::Cipher;
use super::kdf::{self, Hash, Purpose};
use super::work::{MAX_SCRYPT_MEMORY, Work};
use super::{OpenError, Result, malformed, oids};
use rsa::pkcs8::ObjectIdentifier;
use rsa::pkcs8::der::asn1::{AnyRef, OctetStringRef};
use rsa::pkcs8::der::{self, Reader as _, SliceReader};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

/// A password in both of the forms that derivations take.
pub(super) struct Password {
    /// As it was given: what PBES2 takes (RFC 8018 §3: any bytes, UTF-8 by custom).
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// As PKCS #12 takes it: UTF-16, big-endian, with a NUL (RFC 7292 Appendix B.1).
    pub(super) bmp: Zeroizing<Vec<u8>>,
}

impl Password {
    pub(super) fn new(password: &[u8]) -> Self {
        // With room for all of it the buffer never moves.
        let mut bmp = Zeroizing::new(Vec::with_capacity(2 * password.len() + 2));
        match core::str::from_utf8(password) {
            Ok(text) => bmp.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            // OpenSSL takes what is not UTF-8 for Latin-1.
            Err(_) => bmp.extend(password.iter().flat_map(|b| [0, *b])),
        }
        bmp.extend([0, 0]);
        Self {
            bytes: Zeroizing::new(password.to_vec()),
            bmp,
        }
    }

    /// No password at all, which PKCS #12 tells from an empty one.
    pub(super) fn absent() -> Self {
        Self {
            bytes: Zeroizing::default(),
            bmp: Zeroizing::default(),
        }
    }
}

/// Decrypts what `algorithm`, PBES2 (RFC 8018 §6.2) or one of PKCS #12 (RFC 7292 Appendix C), says how
/// to.
pub(super) fn decrypt(
    algorithm: &AlgorithmIdentifierRef<'_>,
    data: &[u8],
    password: &Password,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>> {
    let parameters = algorithm
        .parameters
        .ok_or_else(|| malformed("the encryption has no parameters"))?;
    let (cipher, key, iv) = match algorithm.oid {
        oids::PBES2 => pbes2(parameters, password, work)?,
        oids::PBE_3DES => pkcs12(Cipher::DesEde3, parameters, password, work)?,
        oids::PBE_2DES => pkcs12(Cipher::DesEde2, parameters, password, work)?,
        oids::PBE_RC2_128 => pkcs12(Cipher::Rc2Bits128, parameters, password, work)?,
        oids::PBE_RC2_40 => pkcs12(Cipher::Rc2Bits40, parameters, password, work)?,
        other => return Err(unsupported("encryption", other)),
    };
    if !data.len().is_multiple_of(cipher.block()) || data.is_empty() {
        return Err(malformed("the encrypted part is no whole number of blocks"));
    }
    cipher
        .decrypt(&key, &iv, data)
        .ok_or(OpenError::WrongPassword)
}

type Keys = (Cipher, Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>);

/// `PBES2-params` (RFC 8018 Appendix A.4).
fn pbes2(parameters: AnyRef<'_>, password: &Password, work: &mut Work) -> Result<Keys> {
    let bad = |_: der::Error| malformed("the parameters of PBES2");
    let (derivation, scheme) = parameters
        .sequence(|r| {
            Ok((
                r.decode::<AlgorithmIdentifierRef<'_>>()?,
                r.decode::<AlgorithmIdentifierRef<'_>>()?,
            ))
        })
        .map_err(bad)?;
    let cipher = match scheme.oid {
        oids::AES128_CBC => Cipher::Aes128,
        oids::AES192_CBC => Cipher::Aes192,
        oids::AES256_CBC => Cipher::Aes256,
        oids::DES_EDE3_CBC => Cipher::DesEde3,
        other => return Err(unsupported("encryption", other)),
    };
    let iv = scheme
        .parameters
        .and_then(|iv| iv.decode_as::<&OctetStringRef>().ok())
        .map(|iv| Zeroizing::new(iv.as_bytes().to_vec()))
        .filter(|iv| iv.len() == cipher.block())
        .ok_or_else(|| malformed("the IV of PBES2"))?;
    let key = derive(&derivation, &password.bytes, Some(cipher.key_len()), work)?;
    Ok((cipher, key, iv))
}

/// The key that a key derivation function of PBES2 or PBMAC1 makes. `len` in bytes; `None`: the
/// parameters say it (RFC 9579 §5).
pub(super) fn derive(
    function: &AlgorithmIdentifierRef<'_>,
    password: &[u8],
    len: Option<usize>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>> {
    let parameters = function
        .parameters
        .ok_or_else(|| malformed("the key derivation has no parameters"))?;
    match function.oid {
        oids::PBKDF2 => pbkdf2(parameters, password, len, work),
        oids::SCRYPT => scrypt(parameters, password, len, work),
        other => Err(unsupported("key derivation", other)),
    }
}

/// `PBKDF2-params` (RFC 8018 Appendix A.2).
fn pbkdf2(
    parameters: AnyRef<'_>,
    password: &[u8],
    len: Option<usize>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>> {
    let bad = |_: der::Error| malformed("the parameters of PBKDF2");
    let (salt, iterations, stated, prf) = parameters
        .sequence(|r| {
            let salt: &OctetStringRef = r.decode()?;
            let iterations: u64 = r.decode()?;
            let stated: Option<u64> = optional_integer(r)?;
            let prf: Option<AlgorithmIdentifierRef<'_>> = r.decode()?;
            Ok((salt, iterations, stated, prf))
        })
        .map_err(bad)?;
    let prf = match prf {
        // The default of the RFC.
        None => Hash::Sha1,
        Some(id) => Hash::by_hmac(id.oid).ok_or_else(|| unsupported("PBKDF2 with", id.oid))?,
    };
    let len = key_len(stated, len)?;
    let each = 2 * prf.weight() * len.div_ceil(prf.len()) as u64;
    let iterations = rounds(iterations, each, work)?;
    Ok(kdf::pbkdf2(prf, password, salt.as_bytes(), iterations, len))
}

/// `scrypt-params` (RFC 7914 §7.1).
fn scrypt(
    parameters: AnyRef<'_>,
    password: &[u8],
    len: Option<usize>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>> {
    let bad = |_: der::Error| malformed("the parameters of scrypt");
    let (salt, n, r, p, stated) = parameters
        .sequence(|reader| {
            let salt: &OctetStringRef = reader.decode()?;
            let n: u64 = reader.decode()?;
            let r: u64 = reader.decode()?;
            let p: u64 = reader.decode()?;
            Ok((salt, n, r, p, optional_integer(reader)?))
        })
        .map_err(bad)?;
    let len = key_len(stated, len)?;
    let units = n.saturating_mul(r).saturating_mul(p).saturating_mul(4);
    work.spend(units, || format!("scrypt with N={n}, r={r}, p={p}"))?;
    let memory = n.saturating_add(p).saturating_mul(r).saturating_mul(128);
    if memory > MAX_SCRYPT_MEMORY {
        return Err(OpenError::TooCostly(format!(
            "deriving its keys is made too costly: scrypt with {memory} bytes of memory, at most \
             {MAX_SCRYPT_MEMORY} are possible"
        )));
    }
    let outside = || malformed("scrypt with N, r or p out of range");
    if !n.is_power_of_two() || n < 2 {
        return Err(outside());
    }
    let log = u8::try_from(n.trailing_zeros()).map_err(|_| outside())?;
    let (r, p) = (u32::try_from(r), u32::try_from(p));
    let (Ok(r), Ok(p)) = (r, p) else {
        return Err(outside());
    };
    let params = scrypt::Params::new(log, r, p).map_err(|_| outside())?;
    let mut key = Zeroizing::new(vec![0; len]);
    scrypt::scrypt(password, salt.as_bytes(), &params, &mut key).map_err(|_| outside())?;
    Ok(key)
}

/// `pkcs-12PbeParams` (RFC 7292 Appendix C).
fn pkcs12(
    cipher: Cipher,
    parameters: AnyRef<'_>,
    password: &Password,
    work: &mut Work,
) -> Result<Keys> {
    let (salt, iterations) = parameters
        .sequence(|r| Ok((r.decode::<&OctetStringRef>()?, r.decode::<u64>()?)))
        .map_err(|_: der::Error| malformed("the parameters of the PKCS #12 encryption"))?;
    // A key of up to 24 bytes and an IV: two blocks of SHA-1 and one.
    let blocks = cipher.key_len().div_ceil(Hash::Sha1.len()) + 1;
    let iterations = rounds(iterations, blocks as u64, work)?;
    let derive = |purpose, len| {
        let salt = salt.as_bytes();
        kdf::pkcs12(Hash::Sha1, purpose, &password.bmp, salt, iterations, len)
    };
    let key = derive(Purpose::Key, cipher.key_len());
    Ok((cipher, key, derive(Purpose::Iv, cipher.block())))
}

/// A number of iterations, each of so many compressions.
pub(super) fn rounds(iterations: u64, each: u64, work: &mut Work) -> Result<u32> {
    let all = iterations.saturating_mul(each);
    work.spend(all, || format!("{iterations} iterations"))?;
    match u32::try_from(iterations) {
        Ok(iterations) if iterations > 0 => Ok(iterations),
        _ => Err(malformed("a key derivation of no iterations")),
    }
}

fn optional_integer(reader: &mut SliceReader<'_>) -> der::Result<Option<u64>> {
    reader.decode()
}

/// RFC 8018 Appendix A.2: a length that is stated is the cipher's. A MAC has no other (RFC 9579 §8: 20
/// bytes at least); longer than a hash's block no one needs it.
fn key_len(stated: Option<u64>, wanted: Option<usize>) -> Result<usize> {
    let stated = stated.map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    match (stated, wanted) {
        (None, Some(len)) => Ok(len),
        (Some(stated), Some(len)) if stated == len => Ok(len),
        (Some(stated @ 20..=128), None) => Ok(stated),
        _ => Err(malformed("a derived key of a wrong length")),
    }
}

pub(super) fn unsupported(what: &str, oid: ObjectIdentifier) -> OpenError {
    OpenError::Unsupported(format!("{what} {}", oids::name(oid)))
}
