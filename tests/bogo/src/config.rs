//! From flags to a configuration of tls-core.

use crate::alpn;
use crate::kept::Kept;
use crate::options::{Credential, Options};
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, PrivateKeyDer};
use std::error::Error;
use std::ffi::OsString;
use std::sync::Arc;
use tls_core::cert::{
    Certificate, CertificateVerifier, Keypair, VerifiedChain, VerifyRequest, leaf_key_usage,
};
use tls_core::config::{
    ClientAuth, ClientHelloInfo, Config, HelloDecision, HelloHandler, LEGACY, Ocsp, Policy,
    Preference, Renegotiation, Verification, parse_cipher_list,
};
use tls_core::crypto::{
    Answer, Digest, Hash, KeyError, KeyKind, Later, PrivateKey, PrivateKeyEncoding, Provider, Psk,
    PskKeys, PublicKey, Reply, Secret, SignedBytes,
};
use tls_core::error::Reason;
use tls_core::wire::{AlertDescription, NamedGroup, SignatureScheme};
use tls_crypto::{DefaultProvider, OsRandom};

/// Accepts or refuses every chain, at once or later.
#[derive(Debug)]
struct Verdict {
    accept: bool,
    /// The alert is the callback's own.
    custom: bool,
    later: bool,
}

impl CertificateVerifier for Verdict {
    fn verify(
        &self,
        request: &VerifyRequest<'_>,
        later: &Later,
    ) -> Reply<Result<VerifiedChain, tls_core::error::Error>> {
        // What the key may do is no matter of trust.
        let may = leaf_key_usage(&request.chain[0]).is_ok_and(|usage| {
            usage.is_none_or(|usage| request.key_use.is_none_or(|key_use| usage.allows(key_use)))
        });
        let result = if self.accept && !may {
            Err(Reason::CertificateUsage.into())
        } else if self.accept {
            Ok(VerifiedChain {
                path: request.chain.into(),
            })
        } else {
            let rejected = tls_core::error::Error::from(Reason::CertificateRejected);
            Err(match self.custom {
                true => rejected,
                false => rejected.and_alert(AlertDescription::HANDSHAKE_FAILURE),
            })
        };
        if !self.later {
            return Reply::Now(result);
        }
        let _stored = later
            .pending()
            .answer(Answer::Verdict(result.map(|chain| chain.path)));
        Reply::Later
    }

    /// One for all: whether a certificate is looked at again on resumption is for the suite to see.
    fn scope(&self, hash: &dyn Hash) -> Option<Digest> {
        Some(hash.hash(&[b"a flag"]))
    }
}

/// The key of `-psk`, at once or later.
#[derive(Debug)]
struct SharedKey {
    psk: Psk,
    later: bool,
}

impl SharedKey {
    fn reply(&self, psk: Option<Psk>, later: &Later) -> Reply<Option<Psk>> {
        if !self.later {
            return Reply::Now(psk);
        }
        let _stored = later.pending().answer(Answer::Psk(psk));
        Reply::Later
    }
}

impl PskKeys for SharedKey {
    fn for_hint(&self, _hint: &[u8], later: &Later) -> Reply<Option<Psk>> {
        self.reply(Some(self.psk.clone()), later)
    }

    fn for_identity(&self, identity: &[u8], later: &Later) -> Reply<Option<Psk>> {
        let known = self.psk.identity == identity;
        self.reply(known.then(|| self.psk.clone()), later)
    }

    fn scope(&self) -> Vec<u8> {
        self.psk.identity.clone()
    }
}

/// A key that signs with the schemes that were asked for, at once or later.
#[derive(Debug)]
struct Key {
    inner: Arc<dyn PrivateKey>,
    schemes: Vec<SignatureScheme>,
    later: bool,
}

impl Key {
    fn reply<T>(
        &self,
        reply: Reply<T>,
        later: &Later,
        answer: impl FnOnce(T) -> Answer,
    ) -> Reply<T> {
        match reply {
            Reply::Now(value) if self.later => {
                let _stored = later.pending().answer(answer(value));
                Reply::Later
            }
            other => other,
        }
    }
}

impl PrivateKey for Key {
    fn kind(&self) -> KeyKind {
        self.inner.kind()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        self.inner.public_key()
    }

    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        self.reply(
            self.inner.sign(scheme, message, later),
            later,
            Answer::Signature,
        )
    }

    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        self.reply(
            self.inner.decrypt_raw(ciphertext, later),
            later,
            Answer::Decrypted,
        )
    }
}

/// The schemes that BoringSSL verifies by default.
const VERIFIED: [u16; 9] = [
    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201,
];

/// What it signs with by default.
const SIGNED: [u16; 12] = [
    0x0807, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0203, 0x0201,
];

/// The groups that it has by default.
const GROUPS: [u16; 3] = [29, 23, 24];

/// What the application says to a ClientHello, at once or later.
#[derive(Debug)]
struct Word {
    refuse: Option<AlertDescription>,
    later: bool,
}

impl Word {
    fn decision(&self) -> HelloDecision {
        self.refuse
            .map_or(HelloDecision::GoOn, HelloDecision::Refuse)
    }
}

impl HelloHandler for Word {
    fn on_hello(&self, _: &ClientHelloInfo<'_>, later: &Later) -> Reply<HelloDecision> {
        if !self.later {
            return Reply::Now(self.decision());
        }
        let _stored = later.pending().answer(self.decision().into());
        Reply::Later
    }
}

pub(crate) fn config(options: &Options, kept: &Kept) -> Result<Config, Box<dyn Error>> {
    let verdict = Verdict {
        accept: !options.verify_fail,
        custom: options.custom_verify,
        later: options.asynchronous,
    };
    let mut config = Config::new(
        Arc::new(DefaultProvider),
        Arc::new(OsRandom),
        kept.clock.clone(),
        // The suite's clients verify and go on where that fails; `verify_peer` makes it fatal.
        match options.verify_fail && !options.server && !options.verify_peer {
            true => Verification::AcceptAny,
            false => Verification::WithoutName(Arc::new(verdict)),
        },
    );
    let word = |refuse| {
        let later = options.asynchronous;
        Some(Arc::new(Word { refuse, later }) as Arc<dyn HelloHandler>)
    };
    if options.early_callback || options.fail_early_callback {
        let refuses = options.fail_early_callback;
        config.on_hello = word(refuses.then_some(AlertDescription::HANDSHAKE_FAILURE));
    }
    if options.fail_cert_callback {
        config.on_certificate = word(Some(AlertDescription::INTERNAL_ERROR));
    }
    config.set_policy(&LEGACY);
    if options.no_legacy_server_connect {
        config.policy = Box::leak(Box::new(Policy {
            insecure_renegotiation_peers: false,
            ..LEGACY
        }));
    }
    config.renegotiation = renegotiation(options);
    config.sessions = kept.sessions(options);
    let list = options.cipher.as_deref().unwrap_or("ALL:!3DES");
    let list = parse_cipher_list(list, &LEGACY)?;
    config.suites = list.suites;
    config.equal_suites = list.equal;
    config.psk_hint = options.psk_identity.clone();
    config.psk = options.psk.as_ref().map(|key| -> Arc<dyn PskKeys> {
        Arc::new(SharedKey {
            psk: Psk {
                identity: options.psk_identity.clone(),
                key: Secret::new(key.clone()),
            },
            later: options.asynchronous,
        })
    });
    config.groups = or_default(&options.curves, &GROUPS)
        .map(NamedGroup)
        // Those with ML-KEM belong to TLS 1.3: a list of the library's cannot name them.
        .filter(|group| group.name().is_some())
        .collect();
    if options.server {
        config.client_auth = match (options.require_any_client_certificate, options.verify_peer) {
            (true, _) => ClientAuth::Require,
            (false, true) => ClientAuth::Request,
            (false, false) => ClientAuth::None,
        };
        config.client_authorities = options.client_cas.as_deref().map(Into::into);
    }
    // A list says that its order matters.
    config.preference = if options.server_preference || options.cipher.is_some() {
        Preference::Server
    } else {
        Preference::Client
    };
    let schemes = |list, default| or_default(list, default).map(SignatureScheme).collect();
    config.schemes = schemes(&options.verify_prefs, &VERIFIED);
    config.signing_schemes = Some(schemes(&signing_prefs(options), &SIGNED));
    alpn::apply(options, &mut config);
    for credential in options
        .credentials
        .iter()
        .chain([&options.default_credential])
    {
        if credential.cert_file.is_some() && credential.key_file.is_some() {
            let keypair = keypair(credential, options.asynchronous)?;
            config.keypairs.push(Arc::new(keypair));
        }
    }
    config.scts = options.scts;
    if let Some(bytes) = options.max_send_fragment {
        config.max_send_fragment = bytes;
    }
    config.fallback_scsv = options.fallback_scsv;
    config.ocsp = match options.ocsp_stapling {
        true => Ocsp::Request,
        false => Ocsp::Off,
    };
    Ok(config)
}

/// Of all credentials; each key signs with its own alone.
fn signing_prefs(options: &Options) -> Vec<u16> {
    let mut all = Vec::new();
    for credential in options
        .credentials
        .iter()
        .chain([&options.default_credential])
    {
        let unset = credential.signing_prefs.is_empty() && credential.cert_file.is_some();
        let prefs = match unset {
            true => &SIGNED[..],
            false => &credential.signing_prefs,
        };
        for scheme in prefs {
            if !all.contains(scheme) {
                all.push(*scheme);
            }
        }
    }
    all
}

/// A request that is ignored by flag is refused by us, and the connection goes on as well.
fn renegotiation(options: &Options) -> Renegotiation {
    let first = options.renegotiate_once || options.forbid_renegotiation_after_handshake;
    match options.renegotiate_freely || first {
        true => Renegotiation::Allow,
        false => Renegotiation::Refuse,
    }
}

fn or_default<'a>(given: &'a [u16], default: &'a [u16]) -> impl Iterator<Item = u16> + 'a {
    let list = if given.is_empty() { default } else { given };
    list.iter().copied()
}

/// The certificates of a PEM file.
pub(crate) fn chain_of(file: &OsString) -> Result<Vec<Certificate>, Box<dyn Error>> {
    let chain = CertificateDer::pem_file_iter(file)?.map(|c| c.map(Certificate::from));
    Ok(chain.collect::<Result<_, _>>()?)
}

fn keypair(credential: &Credential, later: bool) -> Result<Keypair, Box<dyn Error>> {
    let (Some(chain), Some(key)) = (&credential.cert_file, &credential.key_file) else {
        return Err("a certificate without a key".into());
    };
    let chain = chain_of(chain)?;
    let PrivateKeyDer::Pkcs8(key) = PrivateKeyDer::from_pem_file(key)? else {
        return Err("the key is not in PKCS#8".into());
    };
    let der = key.secret_pkcs8_der();
    let inner = DefaultProvider.private_key(PrivateKeyEncoding::Pkcs8, der)?;
    let schemes = inner.schemes().to_vec();
    let prefs = &credential.signing_prefs;
    let schemes = schemes
        .into_iter()
        .filter(|s| prefs.is_empty() || prefs.contains(&s.0));
    let key = Key {
        schemes: schemes.collect(),
        inner,
        later,
    };
    let bytes = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(Into::into);
    Ok(Keypair::new(&DefaultProvider, chain, Arc::new(key))?
        .with_ocsp_response(bytes(&credential.ocsp_response))?
        .with_scts(bytes(&credential.scts))
        .map_err(|error| format!(":INVALID_SCT_LIST: {error}"))?)
}
