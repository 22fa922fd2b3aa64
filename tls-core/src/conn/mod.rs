//! The connection: bytes in, bytes out, and the verbs between them.

mod buffered;
mod facts;
mod ocsp;
mod receive;
mod renegotiation;
mod scratch;
mod secrets;
mod send;
mod session;
mod stop;
mod watch;

pub use crate::record::RecordLimits;
pub use facts::Facts;
pub use secrets::{ChannelBinding, MAX_EXPORT};
pub use stop::{Role, Stop};

use crate::cert::ServerName;
use crate::config::{Config, Verification};
use crate::crypto::Pending;
use crate::error::{Error, Reason};
use crate::handshake::{Derived, Handshake, Names, Previous};
use crate::record::{Inbound, Outbound, ReadProtection, WriteProtection};
use crate::session::ClientSession;
use crate::wire::ProtocolVersion;
use core::mem::MaybeUninit;
use receive::{Counters, Turn};
use renegotiation::Learned;
use scratch::Scratch;
use std::sync::Arc;
use watch::Watch;

/// One TLS connection without I/O. Every verb works on what was received so far and never blocks.
pub struct Connection {
    config: Arc<Config>,
    names: Names,
    role: Role,
    facts: Facts,
    /// Where the handshake stands; `None` once the connection failed.
    handshake: Option<Handshake>,
    /// What the last complete handshake left to the next one.
    previous: Option<Previous>,
    /// What a handshake inside of the established connection has learned so far.
    renegotiation: Option<Box<Learned>>,
    /// A client's: the session that it offers, then the one that it has.
    session: Option<Arc<ClientSession>>,
    /// The question whose answer the handshake waits for.
    pending: Option<Arc<Pending>>,
    inbound: Inbound,
    /// What a handshake works with; `None` between handshakes.
    scratch: Option<Box<Scratch>>,
    /// Whether more is received than the record that is begun.
    read_ahead: bool,
    outbound: Outbound,
    reading: ReadProtection,
    writing: WriteProtection,
    counters: Counters,
    /// The secrets of the last complete handshake, wiped when dropped.
    secrets: Option<Derived>,
    /// Whoever looks on.
    watch: Option<Box<Watch>>,
    /// The version of our records before one is negotiated: 0x0301 in the first, which the oldest
    /// servers accept (RFC 5246 Appendix E.1), then what the peer's records have. A peer that has
    /// chosen a version already reads an alert under no other.
    record_version: ProtocolVersion,
    /// The transport ended.
    eof: bool,
    /// The first fatal error, for ever.
    fatal: Option<Error>,
    /// A misuse by the last verb, until the next.
    misuse: Option<Error>,
}

impl Connection {
    /// A client. `send_name` goes into server_name (nothing is sent for an IP address),
    /// `verify_name` is what the server's certificate must carry. A connection that cannot be set
    /// up (without a name to verify, or with lists that no hello can carry) is born failed and says
    /// why on every call.
    pub fn client(
        config: Arc<Config>,
        send_name: Option<ServerName>,
        verify_name: Option<ServerName>,
    ) -> Self {
        let refused = match config.verification {
            Verification::Required(_) if verify_name.is_none() && config.takes_certificate() => {
                Some(Reason::NoServerName.into())
            }
            _ => config.unusable().map(Error::new),
        };
        let names = Names {
            send: send_name,
            verify: verify_name,
        };
        Self::new(config, Role::Client, names, refused)
    }

    /// A server.
    pub fn server(config: Arc<Config>) -> Self {
        let refused = match () {
            () if !config.may_have_keypair() => Some(Reason::NoKeypair.into()),
            () => config.unusable_server(),
        };
        Self::new(config, Role::Server, Names::default(), refused)
    }

    /// A connection that could not be set up, and says why on every call.
    pub fn born_failed(config: Arc<Config>, role: Role, error: Error) -> Self {
        let mut conn = Self::new(config, role, Names::default(), None);
        conn.fail(error);
        conn
    }

    fn new(config: Arc<Config>, role: Role, names: Names, refused: Option<Error>) -> Self {
        let start = match role {
            Role::Client => Handshake::ClientStart(None),
            Role::Server => Handshake::client_hello(),
        };
        let watch = Self::watch(role, &config);
        let mut writing = WriteProtection::null();
        writing.limit_fragments(config.max_send_fragment.into());
        Self {
            config,
            names,
            role,
            facts: Facts::default(),
            handshake: refused.is_none().then_some(start),
            previous: None,
            renegotiation: None,
            session: None,
            pending: None,
            inbound: Inbound::default(),
            scratch: None,
            read_ahead: true,
            outbound: Outbound::default(),
            reading: ReadProtection::null(),
            writing,
            counters: Counters::default(),
            secrets: None,
            watch,
            record_version: ProtocolVersion::TLS10,
            eof: false,
            fatal: refused,
            misuse: None,
        }
    }

    /// Which side this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Free space for the transport's bytes, for whole records like the one that is begun or that came last;
    /// empty only while decrypted data or received records fill the buffer (read first), and once nothing more
    /// is wanted: after a fatal error.
    pub fn recv_buffer(&mut self) -> &mut [u8] {
        if self.fatal.is_some() {
            return &mut [];
        }
        let most = match self.read_ahead {
            true => self.inbound.run(self.reading.run_len()),
            false => self.inbound.rest(),
        };
        let space = self.inbound.space(&self.config.pool);
        let most = most.min(space.len());
        &mut space[..most]
    }

    /// Whether [`Connection::recv_buffer`] has room for more than the record that is begun and the header
    /// of the next: the default. Without, no complete record ever waits inside while nothing is left to
    /// read: whoever polls the transport before each read misses none.
    pub fn set_read_ahead(&mut self, on: bool) {
        self.read_ahead = on;
    }

    /// `n` bytes were put at the start of [`Connection::recv_buffer`]. With 0 the borrowed buffer
    /// goes back, if nothing else is in it.
    pub fn received(&mut self, n: usize) {
        self.inbound.filled(n);
        self.inbound.release(&self.config.pool);
    }

    /// Copies as much of `bytes` as there is room for and returns that number. 0 means: read first.
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        if self.fatal.is_some() {
            return 0;
        }
        let space = self.inbound.space(&self.config.pool);
        let n = space.len().min(bytes.len());
        space[..n].copy_from_slice(&bytes[..n]);
        self.received(n);
        n
    }

    /// The transport ended. Without a close_notify before it, reading fails with
    /// [`Reason::Truncated`].
    pub fn transport_eof(&mut self) {
        self.eof = true;
    }

    /// Whether [`Connection::transport_eof`] was called.
    pub fn transport_ended(&self) -> bool {
        self.eof
    }

    /// Sealed bytes that wait for the transport.
    pub fn outgoing(&self) -> &[u8] {
        self.outbound.bytes()
    }

    /// The transport took the first `n` bytes of [`Connection::outgoing`].
    pub fn sent(&mut self, n: usize) {
        self.outbound.sent(n, &self.config.pool);
    }

    /// Drives the handshake; `Ok` once it is complete (bytes may still wait in `outgoing`). So it
    /// does with a renegotiation, one that was asked for too: `RenegotiationRefused` then says that
    /// the peer will not, and is not fatal.
    ///
    /// With [`Stop::WantRead`] and data that was received meanwhile
    /// ([`Connection::pending_plain`]) the receive buffer may be full: read first.
    pub fn handshake(&mut self) -> Result<(), Stop> {
        self.misuse = None;
        let awaited = !self.is_settled();
        self.run_until(Self::is_settled)?;
        if awaited && self.facts.renegotiation_refused {
            let reason = Reason::RenegotiationRefused;
            return self.misused(reason, reason.text());
        }
        Ok(())
    }

    /// Decrypts into `out` and returns how many bytes of it are initialised; 0 means that the peer
    /// closed with close_notify. Runs the handshake when it is not done. `out` must not be empty.
    ///
    /// Several records are taken in one call while they fit.
    pub fn read(&mut self, out: &mut [MaybeUninit<u8>]) -> Result<usize, Stop> {
        self.misuse = None;
        if out.is_empty() {
            return self.misused(Reason::BadArgument, "reading into no bytes at all");
        }
        let mut filled = 0;
        if self.facts.established {
            // What was decrypted before an error is still the peer's word.
            filled = self.copy_plain(out);
        }
        if filled == 0 {
            self.run_until(|conn| conn.facts.established)?;
        }
        loop {
            filled += self.copy_plain(&mut out[filled..]);
            if filled == out.len() || (filled > 0 && !self.has_whole_record()) {
                return Ok(filled);
            }
            if filled == 0 && self.facts.close_received {
                return Ok(0);
            }
            match self.turn(Some(&mut out[filled..])) {
                Ok(Turn::Data(n)) => filled += n,
                Ok(Turn::Progress) => {}
                // The error is kept; what was decrypted before it is not lost.
                Err(_) if filled > 0 => return Ok(filled),
                Err(stop) => return Err(stop),
            }
        }
    }

    /// Seals as much of `plain` as fits the send buffer and returns that number. Takes nothing
    /// while sealed bytes wait ([`Stop::WantWrite`]), nor while a handshake goes on, which it runs
    /// (see [`Connection::handshake`]).
    pub fn write(&mut self, plain: &[u8]) -> Result<usize, Stop> {
        self.misuse = None;
        self.run_until(|conn| !conn.is_handshaking())?;
        if self.facts.close_sent {
            return self.misused(Reason::ClosedForWriting, Reason::ClosedForWriting.text());
        }
        if plain.is_empty() {
            return Ok(0);
        }
        if !self.outbound.is_empty() {
            return Err(Stop::WantWrite);
        }
        if self.writing.data_room() == 0 {
            let reason = Reason::KeyLimitReached;
            return self.misused(reason, reason.text());
        }
        self.seal_data(plain).map_err(|error| self.fail_with(error))
    }

    /// Queues close_notify once (RFC 5246 §7.2.1); reading stays possible. Before the handshake is
    /// complete it ends the connection: nothing but the close_notify is said any more.
    pub fn close(&mut self) -> Result<(), Stop> {
        self.misuse = None;
        self.check_alive()?;
        self.queue_close_notify()
            .map_err(|error| self.fail_with(error))
    }

    /// Whether the handshake is complete.
    pub fn is_established(&self) -> bool {
        self.facts.established
    }

    /// The question that the connection waits for, if any.
    pub fn pending(&self) -> Option<&Arc<Pending>> {
        self.pending.as_ref()
    }

    /// The error that ended the connection, or else the misuse of the last verb.
    pub fn error(&self) -> Option<&Error> {
        self.fatal.as_ref().or(self.misuse.as_ref())
    }

    /// Whether the connection failed for ever.
    pub fn is_failed(&self) -> bool {
        self.fatal.is_some()
    }

    /// Ends the connection with an error of the layer above (a transport that failed, a callback
    /// that misbehaved). Its alert is sent, if it has one. The first error stays.
    pub fn fail(&mut self, error: Error) {
        if self.fatal.is_none() {
            self.fail_with(error);
        }
    }

    /// Whether the handshake is complete and the peer's certificate was verified in it: on a client
    /// for the right name too. A path that verified tells less: that the peer has the key is shown
    /// later, and a verification without a name accepts every holder of a certificate.
    pub fn is_verified(&self) -> bool {
        let nameless = self.role == Role::Client
            && matches!(self.config.verification, Verification::WithoutName(_));
        self.facts.established && self.facts.verified_chain.is_some() && !nameless
    }

    /// What the handshake learned.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The configuration of the last complete handshake; before, the one that the connection was created
    /// with, or that was chosen for the client's hello.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// Whether the connection holds a record buffer, receiving or sending. An idle one holds none.
    pub fn holds_buffer(&self) -> bool {
        self.inbound.holds_buffer() || self.outbound.holds_buffer()
    }

    /// Drives the handshake that goes on until `done`.
    fn run_until(&mut self, done: fn(&Self) -> bool) -> Result<(), Stop> {
        self.check_alive()?;
        while !done(self) {
            if self.facts.close_sent {
                let text = "the connection was closed before its handshake was complete";
                return self.misused(Reason::ClosedForWriting, text);
            }
            self.turn(None)?;
        }
        Ok(())
    }

    fn check_alive(&self) -> Result<(), Stop> {
        if self.fatal.is_some() {
            Err(Stop::Failed)
        } else {
            Ok(())
        }
    }

    fn misused<T>(&mut self, reason: Reason, text: &'static str) -> Result<T, Stop> {
        self.misuse = Some(Error::with(reason, text));
        Err(Stop::Failed)
    }
}

impl core::fmt::Debug for Connection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Connection")
            .field("role", &self.role)
            .field("facts", &self.facts)
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}
