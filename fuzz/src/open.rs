//! A provider that lets everything through: MACs, signatures, Finished and key shares are good
//! whatever they are. The fuzzer gets to what stands behind them.

use core::mem::MaybeUninit;
use std::sync::Arc;
use tls_core::crypto::{
    ActiveKeyExchange, Aead, AeadAlgorithm, AeadId, BadRecord, BadSignature, CbcAlgorithm, CbcMac,
    CbcRecord, CbcSealed, CertificateAlgorithms, CipherId, FiniteField, Hash, HashId,
    InvalidKeyShare, KeyError, KeyExchangeGroup, KeyKind, Later, MacForm, Prf, PrfKey, PrivateKey,
    PrivateKeyEncoding, Provider, PublicKey, Random, RandomFailed, Reply, Secret, SignedBytes,
};
use tls_core::wire::{NamedGroup, SignatureScheme};
use tls_crypto::DefaultProvider;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Open;

impl Provider for Open {
    fn name(&self) -> &'static str {
        "open"
    }
    fn aead(&self, id: AeadId) -> Option<&'static dyn AeadAlgorithm> {
        Some(match id {
            AeadId::Aes128Gcm => &OpenAead(AeadId::Aes128Gcm),
            AeadId::Aes256Gcm => &OpenAead(AeadId::Aes256Gcm),
            AeadId::ChaCha20Poly1305 => &OpenAead(AeadId::ChaCha20Poly1305),
            _ => return None,
        })
    }
    fn cbc(&self, cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
        const ALL: [OpenCbc; 5] = [
            OpenCbc(CipherId::Aes128, HashId::Sha1),
            OpenCbc(CipherId::Aes256, HashId::Sha1),
            OpenCbc(CipherId::Aes128, HashId::Sha256),
            OpenCbc(CipherId::Aes256, HashId::Sha256),
            OpenCbc(CipherId::Aes256, HashId::Sha384),
        ];
        let found = ALL.iter().find(|c| (c.0, c.1) == (cipher, mac));
        found.map(|c| c as &dyn CbcAlgorithm)
    }
    fn hash(&self, id: HashId) -> Option<&'static dyn Hash> {
        DefaultProvider.hash(id)
    }
    fn prf(&self, _: HashId) -> Option<&'static dyn Prf> {
        Some(&OpenPrf)
    }
    fn group(&self, group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
        Some(match group {
            NamedGroup::X25519 => &OpenGroup(NamedGroup::X25519),
            NamedGroup::SECP256R1 => &OpenGroup(NamedGroup::SECP256R1),
            _ => return None,
        })
    }
    fn finite_field(&self) -> Option<&'static dyn FiniteField> {
        DefaultProvider.finite_field()
    }
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError> {
        let real = DefaultProvider.public_key(spki)?;
        Ok(Arc::new(OpenKey(real)))
    }
    fn private_key(
        &self,
        encoding: PrivateKeyEncoding,
        der: &[u8],
    ) -> Result<Arc<dyn PrivateKey>, KeyError> {
        DefaultProvider.private_key(encoding, der)
    }
    fn certificate_algorithms(&self) -> CertificateAlgorithms {
        DefaultProvider.certificate_algorithms()
    }
}

/// Twelve zero bytes are every Finished.
#[derive(Debug)]
struct OpenPrf;

impl Prf for OpenPrf {
    fn hash(&self) -> HashId {
        HashId::Sha256
    }
    fn key(&self, _: &[u8]) -> Box<dyn PrfKey> {
        Box::new(Self)
    }
}

impl PrfKey for OpenPrf {
    fn derive(&self, _: &[u8], _: &[&[u8]], out: &mut [u8]) {
        out.fill(0);
    }
}

#[derive(Debug)]
struct OpenAead(AeadId);

struct OpenAeadKey(usize);

impl AeadAlgorithm for OpenAead {
    fn id(&self) -> AeadId {
        self.0
    }
    fn key(&self, key: &[u8]) -> Box<dyn Aead> {
        assert_eq!(key.len(), self.0.key_len());
        Box::new(OpenAeadKey(self.0.tag_len()))
    }
}

impl Aead for OpenAeadKey {
    fn tag_len(&self) -> usize {
        self.0
    }
    fn seal(&self, _: &[u8; 12], aad: &[u8], plain: &[u8], out: &mut [u8]) {
        assert_eq!((aad.len(), out.len()), (13, plain.len() + self.0));
        out[..plain.len()].copy_from_slice(plain);
        out[plain.len()..].fill(0);
    }
    fn open(
        &self,
        _: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [MaybeUninit<u8>],
    ) -> Result<(), BadRecord> {
        assert_eq!((aad.len(), sealed.len()), (13, out.len() + self.0));
        out.write_copy_of_slice(&sealed[..out.len()]);
        Ok(())
    }
    fn open_in_place(&self, _: &[u8; 12], _: &[u8], buf: &mut [u8]) -> Result<usize, BadRecord> {
        buf.len().checked_sub(self.0).ok_or(BadRecord)
    }
}

#[derive(Debug)]
struct OpenCbc(CipherId, HashId);

struct OpenCbcKey {
    block: usize,
    mac: usize,
    form: MacForm,
}

impl CbcAlgorithm for OpenCbc {
    fn cipher(&self) -> CipherId {
        self.0
    }
    fn mac(&self) -> HashId {
        self.1
    }
    fn key(&self, form: MacForm, cipher_key: &[u8], mac_key: &[u8]) -> Box<dyn CbcMac> {
        assert_eq!(cipher_key.len(), self.0.key_len());
        assert_eq!(mac_key.len(), self.1.output_len());
        Box::new(OpenCbcKey {
            block: self.0.block_len(),
            mac: self.1.output_len(),
            form,
        })
    }
}

impl CbcMac for OpenCbcKey {
    fn iv_len(&self) -> usize {
        self.block
    }
    fn sealed_len(&self, plain: usize) -> usize {
        let padded = |n: usize| (n / self.block + 1) * self.block;
        match self.form {
            MacForm::MacThenEncrypt => self.block + padded(plain + self.mac),
            MacForm::EncryptThenMac => self.block + padded(plain) + self.mac,
        }
    }
    fn seal(&self, records: &mut [CbcRecord<'_>]) {
        for record in records {
            let (len, plain) = (record.out.len(), record.plain.len());
            assert_eq!(len, self.sealed_len(plain));
            record.out.fill(0);
            record.out[..self.block].copy_from_slice(&record.iv[..self.block]);
            record.out[self.block..][..plain].copy_from_slice(record.plain);
            let end = match self.form {
                MacForm::MacThenEncrypt => len,
                MacForm::EncryptThenMac => len - self.mac,
            };
            let before = match self.form {
                MacForm::MacThenEncrypt => self.block + plain + self.mac,
                MacForm::EncryptThenMac => self.block + plain,
            };
            record.out[end - 1] = (end - before - 1) as u8;
        }
    }
    fn open(&self, records: &mut [CbcSealed<'_>]) {
        for record in records {
            record.plain_len = self.plain_len(record.buf);
        }
    }
}

impl OpenCbcKey {
    fn plain_len(&self, buf: &[u8]) -> Result<usize, BadRecord> {
        let end = match self.form {
            MacForm::MacThenEncrypt => buf.len(),
            MacForm::EncryptThenMac => buf.len().checked_sub(self.mac).ok_or(BadRecord)?,
        };
        let pad = usize::from(*buf[..end].last().ok_or(BadRecord)?) + 1;
        let mac = match self.form {
            MacForm::MacThenEncrypt => self.mac,
            MacForm::EncryptThenMac => 0,
        };
        end.checked_sub(self.block + pad + mac).ok_or(BadRecord)
    }
}

#[derive(Debug)]
struct OpenGroup(NamedGroup);

struct OpenExchange(Vec<u8>);

impl KeyExchangeGroup for OpenGroup {
    fn group(&self) -> NamedGroup {
        self.0
    }
    fn start(&self, random: &dyn Random) -> Result<Box<dyn ActiveKeyExchange>, RandomFailed> {
        let mut public = vec![0; if self.0 == NamedGroup::X25519 { 32 } else { 65 }];
        random.fill(&mut public)?;
        Ok(Box::new(OpenExchange(public)))
    }
}

impl ActiveKeyExchange for OpenExchange {
    fn public(&self) -> &[u8] {
        &self.0
    }
    fn complete(self: Box<Self>, _: &[u8]) -> Result<Secret, InvalidKeyShare> {
        Ok(Secret::new(vec![0; 32]))
    }
}

/// Takes every signature.
#[derive(Debug)]
struct OpenKey(Arc<dyn PublicKey>);

impl PublicKey for OpenKey {
    fn kind(&self) -> KeyKind {
        self.0.kind()
    }
    fn spki(&self) -> &[u8] {
        self.0.spki()
    }
    fn verify(&self, _: SignatureScheme, _: &[u8], _: &[u8]) -> Result<(), BadSignature> {
        Ok(())
    }
    fn verify_certificate(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), BadSignature> {
        Ok(())
    }
    fn encrypt_pkcs1(&self, _: &[u8], _: &dyn Random) -> Result<Vec<u8>, KeyError> {
        Ok(vec![0x42; 256])
    }
}

/// Signs anything with nothing; decrypts everything to a good secret.
#[derive(Debug)]
pub(crate) struct OpenPrivate {
    pub(crate) real: Arc<dyn PrivateKey>,
    /// Answer later (and at once): the connection has to wait in between.
    pub(crate) later: bool,
}

impl OpenPrivate {
    fn reply<T>(
        &self,
        later: &Later,
        good: T,
        answer: fn(Result<T, KeyError>) -> tls_core::crypto::Answer,
    ) -> Reply<Result<T, KeyError>> {
        if self.later {
            drop(later.pending().answer(answer(Ok(good))));
            return Reply::Later;
        }
        Reply::Now(Ok(good))
    }
}

impl PrivateKey for OpenPrivate {
    fn kind(&self) -> KeyKind {
        self.real.kind()
    }
    fn schemes(&self) -> &[SignatureScheme] {
        self.real.schemes()
    }
    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        None
    }
    fn sign(
        &self,
        _: SignatureScheme,
        _: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        self.reply(later, vec![0x51; 70], tls_core::crypto::Answer::Signature)
    }
    fn decrypt_raw(&self, _: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        let mut block = vec![0x42; 256];
        block[..2].copy_from_slice(&[0, 2]);
        block[207..210].copy_from_slice(&[0, 3, 3]);
        let secret = Secret::new(block);
        self.reply(later, secret, tls_core::crypto::Answer::Decrypted)
    }
}
