use crate::cert::{Certificate, ends_at, ocsp_ends_at};
use crate::crypto::{MAX_PSK_IDENTITY, Master, Suite};
use crate::error::{Error, Reason, Result};
use crate::msg::ext::max_fragment_length;
use crate::wire::{NamedGroup, Put, Reader, SignatureScheme};
use std::sync::Arc;

/// The longest life of a session in seconds, counted from the handshake that authenticated it,
/// however often it is renewed: RFC 5246 Appendix F.1.4 suggests 24 hours.
pub const MAX_LIFETIME: u32 = 24 * 60 * 60;

/// Most bytes of certificates that a server keeps in a session: the client's chain and the path
/// that verified, as DER. They travel in every ClientHello with the ticket. A client with a longer
/// chain gets no session.
pub const MAX_PEER_CHAIN: usize = 8 << 10;

/// How far the clocks of hosts that share sessions may differ, in seconds.
const MAX_CLOCK_SKEW: u64 = 60;

/// The version of the encoding, its first byte. Another version is not read.
const VERSION: u8 = 3;

const EXTENDED_MASTER_SECRET: u8 = 1;
const VERIFIED: u8 = 2;

/// What a session is bound to, as a digest: see `Config::server_binding` and `Config::client_binding`.
pub(crate) type Binding = [u8; 32];

/// How the full handshake came about: to be shown on resumed connections too, nothing follows from it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) group: Option<NamedGroup>,
    pub(crate) scheme: Option<SignatureScheme>,
    pub(crate) client_scheme: Option<SignatureScheme>,
    /// SHA-256 of the certificate that a server showed: channel bindings are about it (RFC 5929 §4).
    pub(crate) certificate: Option<[u8; 32]>,
}

/// What one handshake leaves to the next. There is one version of the protocol so far; ALPN
/// (RFC 7301 §3.1) and encrypt_then_mac (RFC 7366 §3.1) are negotiated afresh and are not in it.
#[derive(Clone)]
pub(crate) struct SessionState {
    pub(crate) suite: &'static Suite,
    pub(crate) extended_master_secret: bool,
    pub(crate) master_secret: Master,
    /// When a full handshake authenticated the peer; seconds since 1970.
    pub(crate) authenticated: u64,
    /// When this session, or its last renewal, was made; seconds since 1970.
    pub(crate) issued: u64,
    /// How long it may be used from `issued` on, in seconds.
    pub(crate) lifetime: u32,
    /// The session context ID of the server that made it.
    pub(crate) context: Vec<u8>,
    pub(crate) binding: Binding,
    pub(crate) exchange: Exchange,
    /// The host name of server_name.
    pub(crate) server_name: Option<Arc<str>>,
    /// The peer's certificates as they came, leaf first; empty where it had none.
    pub(crate) peer_chain: Arc<[Certificate]>,
    /// The path that verified; `None` where nothing was verified.
    pub(crate) verified_chain: Option<Arc<[Certificate]>>,
    /// What the client called its pre-shared key; `None` where the suite has none.
    pub(crate) psk_identity: Option<Vec<u8>>,
    /// A client's: the OCSP response that the server stapled.
    pub(crate) ocsp_response: Option<Arc<[u8]>>,
    /// A client's: the server's SignedCertificateTimestampList.
    pub(crate) scts: Option<Arc<[u8]>>,
    /// RFC 6066 §4, in bytes: it holds for the session, resumptions included.
    pub(crate) max_fragment_length: Option<u16>,
}

impl SessionState {
    /// Whether it may still be used.
    pub(crate) fn is_fresh(&self, now: u64) -> bool {
        let lifetime = u64::from(self.lifetime);
        let alive = |from: u64, len: u64| {
            now.saturating_add(MAX_CLOCK_SKEW) >= from && now < from.saturating_add(len)
        };
        alive(self.issued, lifetime) && alive(self.authenticated, u64::from(MAX_LIFETIME))
    }

    /// With a life that ends with what it rests on: the staple, and every certificate of the path that
    /// verified. Nobody asks for others when the session is resumed. What was out of date already was
    /// passed over (a trusted certificate has no end), and says nothing.
    pub(crate) fn within_its_proofs(mut self) -> Self {
        let path = self.verified_chain.as_deref().unwrap_or_default();
        let staple = self.ocsp_response.as_deref().and_then(ocsp_ends_at);
        let left = path
            .iter()
            .filter_map(ends_at)
            .chain(staple)
            .filter_map(|end| u64::try_from(end).ok())
            .map(|end| end.saturating_add(1).saturating_sub(self.issued))
            .filter(|left| *left > 0)
            .min();
        if let Some(left) = left {
            self.lifetime = self.lifetime.min(left.try_into().unwrap_or(u32::MAX));
        }
        self
    }

    /// Whether half of its life is over: time for a new ticket.
    pub(crate) fn is_half_over(&self, now: u64) -> bool {
        now.saturating_sub(self.issued) >= u64::from(self.lifetime / 2)
    }

    /// Seconds that are left at `now`.
    pub(crate) fn seconds_left(&self, now: u64) -> u32 {
        let own = self.issued.saturating_add(self.lifetime.into());
        let most = self.authenticated.saturating_add(MAX_LIFETIME.into());
        own.min(most)
            .saturating_sub(now)
            .try_into()
            .unwrap_or(MAX_LIFETIME)
    }

    /// Whether the certificates are few enough to be kept by a server.
    pub(crate) fn fits(&self) -> bool {
        let sum = |chain: &[Certificate]| chain.iter().map(|c| c.len()).sum::<usize>();
        let path = self.verified_chain.as_deref().unwrap_or_default();
        let extra: usize = path
            .iter()
            .filter(|c| !self.peer_chain.contains(c))
            .map(|c| c.len())
            .sum();
        sum(&self.peer_chain) + extra <= MAX_PEER_CHAIN
    }

    /// A generous bound, so that a growing buffer leaves no copies of the secret behind.
    pub(crate) fn certificates_len(&self) -> usize {
        let path = self.verified_chain.as_deref().unwrap_or_default();
        let all = self.peer_chain.iter().chain(path);
        let extras = [&self.ocsp_response, &self.scts];
        let extras = extras.iter().map(|e| 3 + e.as_ref().map_or(0, |e| e.len()));
        all.map(|c| c.len() + 8).sum::<usize>()
            + self.server_name.as_ref().map_or(0, |n| n.len())
            + self.psk_identity.as_ref().map_or(0, |i| 2 + i.len())
            + extras.sum::<usize>()
    }

    /// Appends the encoding.
    pub(crate) fn encode_into(&self, out: &mut Vec<u8>) {
        out.u8(VERSION);
        out.u16(self.suite.id);
        let ems = if self.extended_master_secret {
            EXTENDED_MASTER_SECRET
        } else {
            0
        };
        let verified = if self.verified_chain.is_some() {
            VERIFIED
        } else {
            0
        };
        out.u8(ems | verified);
        out.raw(&self.master_secret[..]);
        out.raw(&self.authenticated.to_be_bytes());
        out.raw(&self.issued.to_be_bytes());
        out.raw(&self.lifetime.to_be_bytes());
        out.vec8(|out| out.raw(&self.context));
        out.raw(&self.binding);
        self.exchange.encode_into(out);
        out.vec8(|out| out.raw(self.server_name.as_deref().unwrap_or_default().as_bytes()));
        out.vec24(|out| {
            for certificate in self.peer_chain.iter() {
                out.vec24(|out| out.raw(certificate));
            }
        });
        let path = self.verified_chain.as_deref().unwrap_or_default();
        out.vec24(|out| path.iter().for_each(|c| self.encode_in_path(c, out)));
        if self.suite.kx.row().psk {
            out.vec16(|out| out.raw(self.psk_identity.as_deref().unwrap_or_default()));
        }
        out.vec24(|out| out.raw(self.ocsp_response.as_deref().unwrap_or_default()));
        out.vec24(|out| out.raw(self.scts.as_deref().unwrap_or_default()));
        out.u16(self.max_fragment_length.unwrap_or(0));
    }

    /// A certificate of the path: its place in the peer's chain, or itself behind 0xff.
    fn encode_in_path(&self, certificate: &Certificate, out: &mut Vec<u8>) {
        let place = self.peer_chain.iter().position(|c| c == certificate);
        match place
            .and_then(|p| u8::try_from(p).ok())
            .filter(|p| *p < 0xff)
        {
            Some(place) => out.u8(place),
            None => {
                out.u8(0xff);
                out.vec24(|out| out.raw(certificate));
            }
        }
    }

    /// The inverse of [`SessionState::encode_into`]. What it gets was authenticated in most cases, and
    /// comes from a file in some: everything is checked.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut r = Reader::new("the session", bytes);
        let version = r.u8()?;
        if version != VERSION {
            return Err(bad(format!(
                "the session has version {version} of the encoding"
            )));
        }
        let id = r.u16()?;
        let suite =
            Suite::by_id(id).ok_or_else(|| bad(format!("the suite {id:#06x} is unknown")))?;
        let flags = r.u8()?;
        if flags & !(EXTENDED_MASTER_SECRET | VERIFIED) != 0 {
            return Err(bad(format!("the flags {flags:#x} are unknown")));
        }
        let master_secret = Master::copy_of(r.array_ref()?);
        let authenticated = u64::from_be_bytes(r.array()?);
        let issued = u64::from_be_bytes(r.array()?);
        let lifetime = u32::from_be_bytes(r.array()?);
        let context = r.vec8(0..=32)?.to_vec();
        let binding = r.array()?;
        let exchange = Exchange::decode(&mut r)?;
        let server_name = read_name(r.vec8(0..=255)?)?;
        let peer_chain = read_chain(r.vec24(0..=MAX_DECODED)?)?;
        let path = read_path(r.vec24(0..=MAX_DECODED)?, &peer_chain)?;
        let psk_identity = match suite.kx.row().psk {
            true => Some(r.vec16(0..=MAX_PSK_IDENTITY)?.to_vec()),
            false => None,
        };
        let ocsp_response = read_bytes(r.vec24(0..=MAX_DECODED)?);
        let scts = read_bytes(r.vec24(0..=MAX_DECODED)?);
        let max_fragment_length = read_length(r.u16()?)?;
        r.end()?;
        if path.is_empty() != (flags & VERIFIED == 0) {
            return Err(bad("the verified path does not fit its flag".to_owned()));
        }
        Ok(Self {
            suite,
            extended_master_secret: flags & EXTENDED_MASTER_SECRET != 0,
            master_secret,
            authenticated,
            issued,
            lifetime: lifetime.min(MAX_LIFETIME),
            context,
            binding,
            exchange,
            server_name,
            peer_chain,
            verified_chain: (!path.is_empty()).then(|| path.into()),
            psk_identity,
            ocsp_response,
            scts,
            max_fragment_length,
        })
    }
}

impl Exchange {
    /// 0 for what there was not: no group and no scheme has this number.
    fn encode_into(&self, out: &mut Vec<u8>) {
        out.u16(self.group.map_or(0, |g| g.0));
        out.u16(self.scheme.map_or(0, |s| s.0));
        out.u16(self.client_scheme.map_or(0, |s| s.0));
        out.vec8(|out| out.raw(self.certificate.as_ref().map_or(&[], |c| &c[..])));
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self> {
        let mut number = || Ok::<_, Error>(Some(r.u16()?).filter(|n| *n != 0));
        let (group, scheme, client_scheme) = (number()?, number()?, number()?);
        let certificate =
            match r.vec8(0..=32)? {
                [] => None,
                digest => Some(digest.try_into().map_err(|_| {
                    bad(format!("a certificate's digest has {} bytes", digest.len()))
                })?),
            };
        Ok(Self {
            group: group.map(NamedGroup),
            scheme: scheme.map(SignatureScheme),
            client_scheme: client_scheme.map(SignatureScheme),
            certificate,
        })
    }
}

/// Most bytes of a list of certificates, as of the message that they came in.
const MAX_DECODED: usize = 128 << 10;

/// Most certificates that a session has: as many as are looked at in a handshake, twice.
const MAX_CERTIFICATES: usize = 64;

fn bad(text: String) -> Error {
    Error::with(Reason::BadSession, text)
}

fn read_name(bytes: &[u8]) -> Result<Option<Arc<str>>> {
    if bytes.is_empty() {
        return Ok(None);
    }
    match core::str::from_utf8(bytes) {
        Ok(name) => Ok(Some(name.into())),
        Err(_) => Err(bad("the server name is no text".to_owned())),
    }
}

fn read_bytes(bytes: &[u8]) -> Option<Arc<[u8]>> {
    (!bytes.is_empty()).then(|| bytes.into())
}

fn read_length(length: u16) -> Result<Option<u16>> {
    match length {
        0 => Ok(None),
        known if max_fragment_length::number(known).is_some() => Ok(Some(known)),
        other => Err(bad(format!("no fragment has a length of {other}"))),
    }
}

fn read_chain(bytes: &[u8]) -> Result<Arc<[Certificate]>> {
    if bytes.is_empty() {
        return Ok(Arc::default());
    }
    let mut r = Reader::new("the session's chain", bytes);
    let mut chain = Vec::new();
    while !r.is_empty() {
        chain.push(Certificate::from(r.vec24(1..=MAX_DECODED)?));
        check_count(&chain)?;
    }
    Ok(chain.into())
}

fn read_path(bytes: &[u8], chain: &[Certificate]) -> Result<Vec<Certificate>> {
    let mut r = Reader::new("the session's path", bytes);
    let mut path = Vec::new();
    while !r.is_empty() {
        path.push(match r.u8()? {
            0xff => Certificate::from(r.vec24(1..=MAX_DECODED)?),
            place => chain
                .get(usize::from(place))
                .ok_or_else(|| bad(format!("the chain has no certificate {place}")))?
                .clone(),
        });
        check_count(&path)?;
    }
    Ok(path)
}

fn check_count(chain: &[Certificate]) -> Result<()> {
    if chain.len() > MAX_CERTIFICATES {
        return Err(bad(format!("more than {MAX_CERTIFICATES} certificates")));
    }
    Ok(())
}

impl core::fmt::Debug for SessionState {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SessionState")
            .field("suite", &self.suite.name)
            .field("server_name", &self.server_name.as_deref())
            .field("issued", &self.issued)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}
