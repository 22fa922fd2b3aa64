//! Configuration: policy in data, choices in lists.

mod clients;
mod fits;
mod hello;
mod limits;
mod lists;
mod new;
mod own;
mod policy;
mod sessions;
mod strength;
mod suites;

pub use crate::record::{BufferPool, RECV_BUFFER_LEN, SEND_BUFFER_LEN};
pub use hello::{AlpnDecision, AlpnSelector, ClientHelloInfo, HelloDecision, HelloHandler};
pub use limits::KeyLimits;
pub use lists::{CipherList, parse_cipher_list, parse_group_list, parse_scheme_list};
pub use own::Own;
pub use policy::{COMPATIBLE, LEGACY, MODERN, Policy};
pub use sessions::Sessions;
pub use strength::{MAX_SECURITY_LEVEL, Strength};

use crate::cert::{
    AskedBy, CertificatePolicy, CertificateVerifier, Keypair, KnownCertificates, Reviewer,
    UnixTime, VerifyOptions,
};
use crate::crypto::{DhParams, Provider, PskKeys, Random, Suite};
use crate::inspect::{KeyLog, Observers};
use crate::wire::{ExtensionType, NamedGroup, SignatureScheme};
use std::sync::Arc;

/// The caller's clock: certificates have lifetimes.
pub trait Clock: Send + Sync + core::fmt::Debug {
    /// Now.
    fn now(&self) -> UnixTime;
}

/// Who decides among what both sides have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preference {
    /// The server's order (the default).
    Server,
    /// The client's order.
    Client,
}

/// What is done with the peer's certificate.
#[derive(Clone, Debug)]
pub enum Verification {
    /// It must satisfy the verifier. A client needs a name to check and fails closed without one.
    Required(Arc<dyn CertificateVerifier>),
    /// The chain must satisfy the verifier, but any name will do: danger.
    WithoutName(Arc<dyn CertificateVerifier>),
    /// Any certificate is accepted: danger. Signatures made with its key are still verified.
    AcceptAny,
}

/// What a server asks of its clients (RFC 5246 §7.4.4). A certificate that comes is judged by
/// [`Config::verification`], without a name, in either case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientAuth {
    /// No certificate.
    #[default]
    None,
    /// A certificate, if the client has one.
    Request,
    /// A certificate: a client without one is refused.
    Require,
}

/// Whether handshakes may follow the first one of a connection (RFC 5746). Those that may not are
/// refused with the warning no_renegotiation, and the connection goes on. With a peer that does not
/// know RFC 5746 there is never any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Renegotiation {
    /// None.
    #[default]
    Refuse,
    /// Those that this side asks for ([`crate::conn::Connection::renegotiate`]).
    Own,
    /// Those that the peer asks for too: so many a minute.
    Allow,
}

/// What a client does about OCSP staples (RFC 6066 §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ocsp {
    /// It asks for none; a certificate that demands one (RFC 7633) is refused then.
    Off,
    /// It asks for one, and goes on without, except where the certificate demands one.
    #[default]
    Request,
    /// It asks for one, and refuses a server whose staple does not vouch for its certificate.
    Require,
}

/// Everything that a connection needs to know, immutable once the connection has it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The cryptography.
    pub provider: Arc<dyn Provider>,
    /// Randomness for hellos, ephemeral keys and IVs.
    pub random: Arc<dyn Random>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What is allowed at all.
    pub policy: &'static Policy,
    /// OpenSSL's security level, 0 (nothing beside the policy) to [`MAX_SECURITY_LEVEL`]: what it asks of
    /// keys and certificates holds by itself, the lists must fit it ([`Config::strength`]).
    pub security_level: u8,
    /// Suites, most preferred first.
    pub suites: Vec<&'static Suite>,
    /// Suites among which a server lets the client's order decide, whatever [`Config::preference`]
    /// says: each group stands where its first member stands in `suites`.
    pub equal_suites: Vec<Vec<&'static Suite>>,
    /// Groups, most preferred first.
    pub groups: Vec<NamedGroup>,
    /// Signature schemes that are verified, most preferred first.
    pub schemes: Vec<SignatureScheme>,
    /// Signature schemes that our keys make, most preferred first; `None`: the same.
    pub signing_schemes: Option<Vec<SignatureScheme>>,
    /// Who decides.
    pub preference: Preference,
    /// ALPN protocol names, most preferred first, each of 1 to 255 bytes.
    pub alpn: Vec<Vec<u8>>,
    /// A server's own group for DHE, for clients that name none of RFC 7919's; without it they get
    /// the first one of `groups`.
    pub dh_params: Option<Arc<DhParams>>,
    /// Accept, and serve, finite-field groups of 1024 to 2047 bits: danger.
    pub dh_1024: bool,
    /// Chooses a server's application protocol in place of `alpn`.
    pub alpn_selector: Option<Arc<dyn AlpnSelector>>,
    /// Asked by a server about each ClientHello, before anything is looked up or chosen.
    pub on_hello: Option<Arc<dyn HelloHandler>>,
    /// Asked by a server that will present a certificate: not where a session is resumed. It can
    /// give keypairs or refuse; a whole configuration comes too late here.
    pub on_certificate: Option<Arc<dyn HelloHandler>>,
    /// Pre-shared keys (RFC 4279). Without them no suite that needs one is offered or chosen.
    pub psk: Option<Arc<dyn PskKeys>>,
    /// A server's identity hint, at most [`MAX_PSK_IDENTITY`](crate::crypto::MAX_PSK_IDENTITY) bytes; empty: none is sent.
    pub psk_hint: Vec<u8>,
    /// Certificates and keys.
    pub keypairs: Vec<Arc<Keypair>>,
    /// What is done with the peer's certificate.
    pub verification: Verification,
    /// What paths must keep beside the policy.
    pub verify_options: VerifyOptions,
    /// What is remembered of certificates that were accepted: shared by the connections of a context,
    /// whatever else of the configuration changes.
    pub known: Arc<KnownCertificates>,
    /// The application's word on the verdicts of `verification`.
    pub reviewer: Option<Arc<dyn Reviewer>>,
    /// What a server asks of its clients.
    pub client_auth: ClientAuth,
    /// What a client wants to know of the certificate's revocation.
    pub ocsp: Ocsp,
    /// A client asks for signed certificate timestamps (RFC 6962 §3.3.1).
    pub scts: bool,
    /// A client asks that no record holds more plaintext than so many bytes, in either direction
    /// (RFC 6066 §4): 512, 1024, 2048 or 4096. Servers do as they are asked.
    pub max_fragment_length: Option<u16>,
    /// The most plaintext in bytes of a protected record that we take (RFC 8449), 64 to 16384; where
    /// the peer answers, it comes before `max_fragment_length`. A server without it answers 16384.
    pub record_size_limit: Option<u16>,
    /// The most plaintext in bytes of a record that we send, 64 to 16384 (the default): less where the
    /// reader should have data to work on before a whole record has arrived.
    pub max_send_fragment: u16,
    /// A ClientHello is padded to so many bytes (RFC 7685), at most 4096; 0: not at all.
    pub hello_padding: usize,
    /// A client says that it would have offered a higher version, had it not failed before
    /// (TLS_FALLBACK_SCSV, RFC 7507 §4).
    pub fallback_scsv: bool,
    /// DER names of the CAs that a server lists when it asks for a certificate; `None`: those that
    /// the verifier trusts, if they fit.
    pub client_authorities: Option<Arc<[Vec<u8>]>>,
    /// Accept a server's common name when its certificate has no subjectAltName.
    pub common_name: bool,
    /// The extensions that a client offers, in this order (each only where it applies).
    pub client_extensions: Vec<ExtensionType>,
    /// The extensions that a server answers, in this order (each only where it applies).
    pub server_extensions: Vec<ExtensionType>,
    /// A client goes on with a server that does not know RFC 5746, where the policy does not.
    pub servers_without_rfc5746: bool,
    /// A client signals RFC 5746 by the SCSV in place of the extension.
    pub renegotiation_scsv: bool,
    /// Whether handshakes may follow the first one.
    pub renegotiation: Renegotiation,
    /// How much the keys of one direction may protect.
    pub key_limits: KeyLimits,
    /// What is kept for resumption.
    pub sessions: Sessions,
    /// Who looks on at the connections. `None`: nobody.
    pub observers: Option<Arc<dyn Observers>>,
    /// Gets every connection's master secret: danger. `None`: nobody does.
    pub key_log: Option<Arc<dyn KeyLog>>,
    /// Record buffers, shared by the connections of a context.
    pub pool: Arc<BufferPool>,
    /// Which of these settings are the connection's own.
    pub own: Own,
}

impl Config {
    /// The shortest modulus of a finite-field group, in bits.
    pub fn min_dh_bits(&self) -> usize {
        let least = if self.dh_1024 { 1024 } else { 2048 };
        self.strength().dh_bits.max(least)
    }

    /// Whether a server has a keypair, or may get one from the application.
    pub fn may_have_keypair(&self) -> bool {
        !self.keypairs.is_empty()
            || !self.needs_certificate()
            || self.on_hello.is_some()
            || self.on_certificate.is_some()
    }

    /// What our keys sign with.
    pub fn signing_schemes(&self) -> &[SignatureScheme] {
        self.signing_schemes.as_deref().unwrap_or(&self.schemes)
    }

    /// What the policy allows of certificates.
    pub fn certificate_policy(&self) -> CertificatePolicy {
        let strength = self.strength();
        CertificatePolicy {
            common_name: self.common_name,
            min_rsa_bits: strength.rsa_bits,
            min_ec_bits: strength.ec_bits,
            min_hash_bits: strength.hash_bits,
            version1: self.policy.version1_certificates,
            asked_by: AskedBy {
                policy: self.policy.name,
                rsa_bits: self.policy.min_rsa_bits,
                ec_bits: self.policy.min_ec_bits,
                hash_bits: self.policy.min_hash_bits,
                security_level: self.security_level,
            },
        }
    }
}
