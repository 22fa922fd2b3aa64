use super::pbe::{self, Password};
use super::work::Work;
use super::{OpenError, Result, ber, malformed, oids, pkcs8};
use rsa::pkcs8::ObjectIdentifier;
use rsa::pkcs8::der::asn1::{AnyRef, OctetStringRef};
use rsa::pkcs8::der::{self, Decode as _, Encode as _, Reader as _, SliceReader, Tag, Tagged as _};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

/// Private keys and certificates of one file; more belong to no server.
const MAX_KEYS: usize = 16;
const MAX_CERTIFICATES: usize = 256;
/// SafeContents inside of SafeContents.
const MAX_DEPTH: usize = 8;

/// What was found so far.
#[derive(Default)]
pub(super) struct Bags {
    pub(super) keys: Vec<Zeroizing<Vec<u8>>>,
    pub(super) certificates: Vec<Vec<u8>>,
}

/// An `EncryptedData` (RFC 5652 §8): what is inside, decrypted.
pub(super) fn decrypt(
    data: AnyRef<'_>,
    password: &Password,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>> {
    let (algorithm, content) = data
        .sequence(|r| {
            let _version: u8 = r.decode()?;
            let info: AnyRef<'_> = r.decode()?;
            // Unprotected attributes may follow; nothing is in them for us.
            let _attributes: Option<AnyRef<'_>> = r.decode()?;
            info.sequence(|r| {
                let _kind: ObjectIdentifier = r.decode()?;
                let algorithm: AlgorithmIdentifierRef<'_> = r.decode()?;
                Ok((algorithm, r.decode::<AnyRef<'_>>()?))
            })
        })
        .map_err(|_: der::Error| malformed("the EncryptedData of a PKCS #12 file"))?;
    let Tag::ContextSpecific { constructed, .. } = content.tag() else {
        return Err(malformed("an EncryptedData without contents"));
    };
    let content = ber::pieces(constructed, content.value())?;
    pbe::decrypt(&algorithm, &content, password, work)
}

impl Bags {
    /// `SafeContents` (RFC 7292 §4.2), in BER. Where they are `certain`, as behind a MAC, what does not
    /// parse is damaged. Where they are not, a wrong password has made them: one padding in 256 fits by
    /// chance.
    pub(super) fn read(
        &mut self,
        ber: &[u8],
        certain: bool,
        password: &Password,
        work: &mut Work,
    ) -> Result<()> {
        let doubt = |why| match certain {
            true => why,
            false => OpenError::WrongPassword,
        };
        let contents = ber::to_der(ber).map_err(doubt)?;
        let contents = AnyRef::from_der(&contents).map_err(|why| doubt(bad(why)))?;
        let parses = contents.sequence(bags);
        parses.map_err(|why| doubt(bad(why)))?;
        self.safe_contents(contents, password, work, 0)
    }

    fn safe_contents(
        &mut self,
        contents: AnyRef<'_>,
        password: &Password,
        work: &mut Work,
        depth: usize,
    ) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(malformed("SafeContents nested too deep"));
        }
        for (kind, value) in contents.sequence(bags).map_err(bad)? {
            match kind {
                oids::KEY_BAG => {
                    self.key(Zeroizing::new(value.to_der().map_err(bad)?))?;
                }
                oids::SHROUDED_KEY_BAG => {
                    let key = pkcs8::open(value, password, work)?;
                    self.key(key)?;
                }
                oids::CERT_BAG => self.certificate(value)?,
                oids::SAFE_CONTENTS_BAG => {
                    self.safe_contents(value, password, work, depth + 1)?;
                }
                // CRLs, and secrets that are no private keys.
                _ => {}
            }
        }
        Ok(())
    }

    fn key(&mut self, key: Zeroizing<Vec<u8>>) -> Result<()> {
        if self.keys.len() == MAX_KEYS {
            return Err(malformed("more than 16 private keys"));
        }
        self.keys.push(key);
        Ok(())
    }

    /// `CertBag` (RFC 7292 §4.2.3). Those that are not X.509 are passed over.
    fn certificate(&mut self, bag: AnyRef<'_>) -> Result<()> {
        let (kind, value) = bag
            .sequence(|r| Ok((r.decode::<ObjectIdentifier>()?, explicit0(r)?)))
            .map_err(bad)?;
        if kind != oids::X509_CERTIFICATE {
            return Ok(());
        }
        if self.certificates.len() == MAX_CERTIFICATES {
            return Err(malformed("more than 256 certificates"));
        }
        let der: &OctetStringRef = value.decode_as().map_err(bad)?;
        self.certificates.push(der.as_bytes().to_vec());
        Ok(())
    }
}

/// The identifiers and values of `SafeBag`s.
fn bags<'a>(reader: &mut SliceReader<'a>) -> der::Result<Vec<(ObjectIdentifier, AnyRef<'a>)>> {
    let mut all = Vec::new();
    while !reader.is_finished() {
        let bag: AnyRef<'a> = reader.decode()?;
        all.push(bag.sequence(|r| {
            let kind = r.decode()?;
            let value = explicit0(r)?;
            // The friendly name and the local key ID: keys are matched by themselves.
            let _attributes: Option<AnyRef<'a>> = r.decode()?;
            Ok::<_, der::Error>((kind, value))
        })?);
    }
    Ok(all)
}

/// What is inside of `[0] EXPLICIT`.
pub(super) fn explicit0<'a>(reader: &mut SliceReader<'a>) -> der::Result<AnyRef<'a>> {
    let tagged: AnyRef<'a> = reader.decode()?;
    match tagged.tag() {
        Tag::ContextSpecific {
            constructed: true,
            number,
        } if number.value() == 0 => AnyRef::from_der(tagged.value()),
        tag => Err(tag.unexpected_error(None).into()),
    }
}

fn bad(_: der::Error) -> OpenError {
    malformed("the SafeContents of a PKCS #12 file")
}
