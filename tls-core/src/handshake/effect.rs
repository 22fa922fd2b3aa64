use super::previous::Previous;
use super::question::Question;
use super::transcript::Transcript;
use crate::cert::{Authorities, Certificate};
use crate::config::Config;
use crate::crypto::{Master, Prf, Secret, Suite};
use crate::inspect::Decision;
use crate::msg;
use crate::record::{ReadProtection, RecordLimits, WriteProtection};
use crate::session::{ClientSession, SessionId};
use crate::wire::{HandshakeType, NamedGroup, ProtocolVersion, SignatureScheme};
use core::ops::Range;
use std::sync::Arc;
use std::vec::Drain;

/// Something that the handshake learned.
pub(crate) enum Fact {
    Version(ProtocolVersion),
    Suite(&'static Suite),
    Group(NamedGroup),
    /// Length of the modulus of a finite-field exchange.
    DhBits(usize),
    Scheme(SignatureScheme),
    ClientScheme(SignatureScheme),
    Alpn(Vec<u8>),
    ServerName(Arc<str>),
    PeerChain(Arc<[Certificate]>),
    VerifiedChain(Arc<[Certificate]>),
    LocalKeypair(usize),
    /// The OCSP response that the server stapled.
    OcspResponse(Arc<[u8]>),
    /// The server's SignedCertificateTimestampList.
    Scts(Arc<[u8]>),
    /// How long the records of either direction may be.
    RecordLimits(RecordLimits),
    /// The server asked for a certificate, and of whom.
    CertificateRequested(Authorities),
    ExtendedMasterSecret,
    EncryptThenMac,
    SecureRenegotiation,
    /// What the client calls the pre-shared key.
    PskIdentity(Vec<u8>),
    /// The session was resumed.
    Resumed,
    /// The session ID of a session that the server keeps.
    SessionId(SessionId),
}

/// Something about sessions that a step wants to happen.
pub(crate) enum SessionEffect {
    /// A client offers this one.
    Offer(Arc<ClientSession>),
    /// A client got this one.
    Keep(Arc<ClientSession>),
    /// A client's offer was not taken, and nothing came in its place.
    Forget,
    /// A server keeps this value under a session ID, for so many seconds.
    Store {
        id: SessionId,
        value: Secret,
        lifetime: u32,
    },
}

/// The master secret and what is derived with it: for what outlives the handshake.
pub(crate) struct Derived {
    pub(crate) prf: &'static dyn Prf,
    pub(crate) master: Master,
    pub(crate) client_random: [u8; 32],
    pub(crate) server_random: [u8; 32],
}

/// Something that a step wants to happen. Applied in order, and only if the step succeeds.
pub(crate) enum Effect {
    /// Send the handshake message that stands in [`Effects::bytes`] at this range.
    Send(Range<usize>),
    /// Send ChangeCipherSpec.
    SendChangeCipherSpec,
    /// Everything sent from here on is protected with these keys.
    WriteKeys(WriteProtection),
    /// Every record received from here on is protected with these keys.
    ReadKeys(ReadProtection),
    /// The master secret is there; the handshake may still fail.
    Secret(Derived),
    /// No record holds more plaintext than this from here on, whatever its protection.
    FragmentLimit(RecordLimits),
    /// Tell whoever looks on.
    Tell(Box<Decision>),
    /// Remember a fact.
    Learn(Fact),
    /// Everything from here on is done with this configuration.
    Configure(Arc<Config>),
    /// Keep or forget a session.
    Session(SessionEffect),
    /// Refuse a request for renegotiation with a warning alert.
    RefuseRenegotiation,
    /// A handshake begins inside of the established connection. What it learns holds once it is
    /// complete.
    Renegotiate,
    /// The peer refused to renegotiate.
    RenegotiationRefused,
    /// The handshake is complete.
    Complete(Previous),
}

/// Bytes of a flight without certificates.
const USUAL_FLIGHT: usize = 512;

/// As many effects as a step that resumes a session has.
const USUAL_EFFECTS: usize = 16;

/// The effects of one step.
#[derive(Default)]
pub(crate) struct Effects {
    bytes: Vec<u8>,
    items: Vec<Effect>,
    /// Asked when the rest is applied, so that an answer at once comes no earlier than one that
    /// comes later.
    ask: Option<(Question, Moment)>,
}

/// Where in the peer's flight a question comes up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// In the middle: more may wait behind.
    InFlight,
    /// At its end: it is our turn.
    AtTheEnd,
}

impl Effects {
    /// Appends a handshake message to what is sent and to the transcript.
    pub(crate) fn message(
        &mut self,
        transcript: &mut Transcript,
        typ: HandshakeType,
        body: impl FnOnce(&mut Vec<u8>),
    ) {
        if self.bytes.capacity() == 0 {
            self.bytes.reserve_exact(USUAL_FLIGHT);
        }
        let at = self.bytes.len();
        msg::encode(typ, &mut self.bytes, body);
        transcript.add(&self.bytes[at..]);
        self.push(Effect::Send(at..self.bytes.len()));
    }

    /// Appends a handshake message without contents to what is sent, and to no transcript.
    pub(crate) fn message_apart(&mut self, typ: HandshakeType) {
        self.message(&mut Transcript::new(), typ, |_| {});
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        if self.items.capacity() == 0 {
            self.items.reserve_exact(USUAL_EFFECTS);
        }
        self.items.push(effect);
    }

    pub(crate) fn learn(&mut self, fact: Fact) {
        self.push(Effect::Learn(fact));
    }

    /// Get an answer before anything else is received. It is our turn to speak.
    pub(crate) fn ask(&mut self, question: Question) {
        self.ask_at(question, Moment::AtTheEnd);
    }

    /// The question is about a message in the middle of the peer's flight: more may wait behind it.
    pub(crate) fn ask_in_flight(&mut self, question: Question) {
        self.ask_at(question, Moment::InFlight);
    }

    fn ask_at(&mut self, question: Question, moment: Moment) {
        debug_assert!(self.ask.is_none(), "a step asks one question");
        self.ask = Some((question, moment));
    }

    /// Whether it is our turn now: what the peer said so far must end here.
    pub(crate) fn ends_flight(&self) -> bool {
        let asks = self.ask.as_ref().map(|(_, moment)| *moment);
        let ends = |fx: &Effect| matches!(fx, Effect::Send(_) | Effect::Complete(_));
        asks == Some(Moment::AtTheEnd) || self.items.iter().any(ends)
    }

    /// Takes the effects in their order, and the question that comes behind them; the bytes that
    /// [`Effect::Send`] speaks of stay until [`Effects::forget_bytes`].
    pub(crate) fn take(&mut self) -> (Drain<'_, Effect>, &[u8], Option<Question>) {
        let question = self.ask.take().map(|(question, _)| question);
        (self.items.drain(..), &self.bytes, question)
    }

    /// What was sent is done with. The memory serves the next step.
    pub(crate) fn forget_bytes(&mut self) {
        self.bytes.clear();
    }
}
