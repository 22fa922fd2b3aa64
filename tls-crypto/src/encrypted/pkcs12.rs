use super::bags::{self, Bags};
use super::pbe::Password;
use super::work::Work;
use super::{OpenError, Result, ber, mac, malformed, oids};
use rsa::pkcs8::ObjectIdentifier;
use rsa::pkcs8::der::asn1::{AnyRef, OctetStringRef};
use rsa::pkcs8::der::{self, Decode as _, Reader as _, SliceReader};
use zeroize::Zeroizing;

/// What a PKCS #12 file holds. CRLs and other secrets in it are passed over.
pub struct Pkcs12 {
    /// The private keys, each a `PrivateKeyInfo` in DER.
    pub keys: Vec<Zeroizing<Vec<u8>>>,
    /// The certificates in DER, in no useful order.
    pub certificates: Vec<Vec<u8>>,
}

/// Opens a PFX (RFC 7292 §4) in BER or DER. Its MAC is checked first, where it has one; keys and
/// certificates are decrypted with PBES2 or with the algorithms of PKCS #12 (3DES and RC2). An empty
/// password is tried as none at all too: programs differ.
pub fn open_pkcs12(bytes: &[u8], password: &[u8]) -> Result<Pkcs12> {
    let pfx = ber::to_der(bytes)?;
    let mut work = Work::new();
    match open(&pfx, &Password::new(password), &mut work) {
        Err(OpenError::WrongPassword) if password.is_empty() => {
            open(&pfx, &Password::absent(), &mut work)
        }
        result => result,
    }
}

impl core::fmt::Debug for Pkcs12 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Pkcs12")
            .field("keys", &self.keys.len())
            .field("certificates", &self.certificates.len())
            .finish()
    }
}

fn open(pfx: &[u8], password: &Password, work: &mut Work) -> Result<Pkcs12> {
    let bad = |_: der::Error| malformed("not a PFX of PKCS #12");
    let (version, safe, mac_data) = AnyRef::from_der(pfx)
        .and_then(|pfx| {
            pfx.sequence(|r| {
                let version: u8 = r.decode()?;
                let safe = ContentInfo::read(r)?;
                Ok::<_, der::Error>((version, safe, r.decode::<Option<AnyRef<'_>>>()?))
            })
        })
        .map_err(bad)?;
    if version != 3 {
        return Err(malformed("the version of PKCS #12 is not 3"));
    }
    let safe = safe.data()?;
    let proven = mac_data.is_some();
    if let Some(mac_data) = mac_data {
        mac::check(mac_data, safe, password, work)?;
    }
    let safe = ber::to_der(safe)?;
    let contents = AnyRef::from_der(&safe)
        .and_then(|contents| contents.sequence(content_infos))
        .map_err(bad)?;
    let mut bags = Bags::default();
    for info in contents {
        let (plain, certain) = match info.kind {
            oids::ENCRYPTED_DATA => (bags::decrypt(info.content, password, work)?, proven),
            _ => (Zeroizing::new(info.data()?.to_vec()), true),
        };
        bags.read(&plain, certain, password, work)?;
    }
    Ok(Pkcs12 {
        keys: bags.keys,
        certificates: bags.certificates,
    })
}

fn content_infos<'a>(reader: &mut SliceReader<'a>) -> der::Result<Vec<ContentInfo<'a>>> {
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(ContentInfo::read(reader)?);
    }
    Ok(all)
}

/// `ContentInfo` (RFC 5652 §3).
struct ContentInfo<'a> {
    kind: ObjectIdentifier,
    /// What is inside of `[0]`.
    content: AnyRef<'a>,
}

impl<'a> ContentInfo<'a> {
    fn read(reader: &mut SliceReader<'a>) -> der::Result<Self> {
        let info: AnyRef<'a> = reader.decode()?;
        info.sequence(|r| {
            let kind = r.decode()?;
            let content = bags::explicit0(r)?;
            Ok(Self { kind, content })
        })
    }

    fn data(&self) -> Result<&'a [u8]> {
        if self.kind != oids::DATA {
            return Err(super::pbe::unsupported(
                "a PKCS #12 file that is",
                self.kind,
            ));
        }
        let data = self.content.decode_as::<&OctetStringRef>();
        data.map(OctetStringRef::as_bytes)
            .map_err(|_| malformed("the data of a PKCS #12 file"))
    }
}
