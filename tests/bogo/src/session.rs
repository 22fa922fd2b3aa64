//! One connection with the runner.

use crate::config::{chain_of, config};
use crate::errors;
use crate::kept::Kept;
use crate::options::Options;
use std::error::Error;
use std::io::{Read, Write};
use std::mem::MaybeUninit;
use std::net::TcpStream;
use std::sync::Arc;
use tls_core::cert::ServerName;
use tls_core::config::Renegotiation;
use tls_core::conn::{ChannelBinding, Connection, Stop};
use tls_core::error::Reason;
use tls_core::session::ClientSession;
use tls_core::wire::AlertDescription;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A connection and its socket.
struct Session<'a> {
    options: &'a Options,
    socket: TcpStream,
    conn: Connection,
    /// A connection that is to resume a session, and the one that was offered.
    resumes: bool,
    offered: Option<Arc<ClientSession>>,
}

pub(crate) fn run(options: &Options, kept: &mut Kept, resumes: bool) -> Outcome<()> {
    let config = Arc::new(config(options, kept)?);
    let mut conn = if options.server {
        Connection::server(config)
    } else {
        let name = options
            .host_name
            .as_deref()
            .and_then(|name| ServerName::parse(name).ok());
        Connection::client(config, name, None)
    };
    if kept.session.is_some() {
        conn.set_session(kept.session.clone())?;
    }
    let host = if options.ipv6 { "::1" } else { "127.0.0.1" };
    let mut socket = TcpStream::connect((host, options.port))?;
    socket.set_nodelay(true)?;
    socket.write_all(&options.shim_id.to_le_bytes())?;
    let mut session = Session {
        options,
        socket,
        conn,
        resumes,
        offered: kept.session.take(),
    };
    let result = session.exchange();
    kept.session = session.conn.session().cloned();
    // The alert must leave before the socket closes, and a socket that is closed with unread bytes
    // is reset, which would take the alert with it.
    let flushed = session.flush();
    session.linger();
    result.and(flushed)
}

impl Session<'_> {
    fn exchange(&mut self) -> Outcome<()> {
        if !self.options.implicit_handshake {
            self.drive(|conn| conn.handshake())?;
            self.flush()?;
            self.check_expectations()?;
        }
        if self.options.forbid_renegotiation_after_handshake {
            self.conn.set_renegotiation(Renegotiation::Refuse);
        }
        if self.options.send_alert {
            self.drive(|conn| conn.handshake())?;
            let alert = AlertDescription::DECOMPRESSION_FAILURE;
            self.conn
                .fail(tls_core::error::Error::new(Reason::Bug).and_alert(alert));
            return Ok(());
        }
        self.write_secrets()?;
        self.initial_writes()?;
        if !self.options.shim_shuts_down {
            self.echo()?;
        }
        let renegotiations = self.conn.facts().handshakes.saturating_sub(1);
        let expected = self.options.expect.renegotiations.map(u32::from);
        check("renegotiations", expected, Some(renegotiations))?;
        self.shut_down()
    }

    /// What both ends must derive alike, as data.
    fn write_secrets(&mut self) -> Outcome<()> {
        let options = self.options;
        if let Some(len) = options.export {
            let context = &options.export_context[..];
            let context = options.use_export_context.then_some(context);
            let mut out = vec![0; len];
            self.conn
                .export_keying_material(&options.export_label, context, &mut out)?;
            self.write(&out)?;
        }
        if options.tls_unique {
            // In a full handshake the suite asks for it without the extended master secret too.
            let unique = match self.conn.facts().resumed {
                true => self.conn.channel_binding(ChannelBinding::TlsUnique),
                false => self.conn.danger_tls_unique(),
            };
            let unique = unique.map_err(|_| "failed to get tls-unique")?;
            self.write(&unique)?;
        }
        Ok(())
    }

    fn initial_writes(&mut self) -> Outcome<()> {
        if self.options.write_different_record_sizes {
            for size in [
                0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769,
            ] {
                self.write(&vec![0x42; size])?;
            }
        }
        if self.options.shim_writes_first {
            let first = self.options.initial_write.clone();
            self.write(first.as_deref().unwrap_or(b"hello"))?;
        }
        Ok(())
    }

    /// Reads in pieces and writes each back, every bit turned over, until the peer closes.
    fn echo(&mut self) -> Outcome<()> {
        let size = self.options.read_size.unwrap_or(512);
        loop {
            let bytes = match self.read(size) {
                Ok(bytes) => bytes,
                Err(_) if self.is_truncated() && !self.options.check_close_notify => return Ok(()),
                Err(_) if self.is_truncated() => {
                    return Err("Unexpected SSL_shutdown result: -1 != 1".into());
                }
                Err(why) => return Err(why),
            };
            if bytes.is_empty() {
                return Ok(());
            }
            if self.options.implicit_handshake && self.conn.facts().handshakes == 1 {
                self.check_expectations()?;
            }
            let answer: Vec<u8> = bytes.iter().map(|b| b ^ 0xff).collect();
            self.write(&answer)?;
        }
    }

    fn is_truncated(&self) -> bool {
        self.conn
            .error()
            .is_some_and(|e| e.reason() == Reason::Truncated)
    }

    fn shut_down(&mut self) -> Outcome<()> {
        if self.conn.is_failed() {
            return Ok(());
        }
        self.drive(|conn| conn.close())?;
        self.flush()?;
        if !(self.options.shim_shuts_down && self.options.check_close_notify) {
            return Ok(());
        }
        match self.read(512) {
            Ok(bytes) if bytes.is_empty() => Ok(()),
            Ok(_) => Err(":APPLICATION_DATA_ON_SHUTDOWN:".into()),
            Err(_) if self.is_truncated() => Err("Unexpected SSL_shutdown result: -1 != 1".into()),
            Err(why) => Err(why),
        }
    }

    fn check_expectations(&self) -> Outcome<()> {
        let (expect, facts) = (&self.options.expect, self.conn.facts());
        check("version", expect.version, facts.version.map(|v| v.0))?;
        check("cipher", expect.cipher, facts.suite.map(|s| s.id))?;
        check("curve", expect.curve, facts.group.map(|g| g.0))?;
        let scheme = match self.options.server {
            true => facts.client_scheme,
            false => facts.scheme,
        };
        check("scheme", expect.peer_scheme, scheme.map(|s| s.0))?;
        if let Some(file) = &expect.peer_cert_file {
            let chain = facts.peer_chain.as_deref().unwrap_or_default();
            check("peer's chain", Some(&chain_of(file)?[..]), Some(chain))?;
        }
        check(
            "server name",
            expect.server_name.as_deref(),
            facts.server_name.as_deref(),
        )?;
        if let Some(alpn) = &expect.alpn {
            check(
                "ALPN",
                Some(&alpn[..]),
                Some(facts.alpn.as_deref().unwrap_or_default()),
            )?;
        }
        if let Some(expected) = &expect.client_cas {
            let asked = facts.certificate_requested.as_ref();
            let names: Vec<&[u8]> = asked.iter().flat_map(|list| list.iter()).collect();
            if asked.is_none() || names != *expected {
                return Err(format!("CAs {expected:02x?} were expected, {asked:02x?} came").into());
            }
        }
        let verified = facts.verified_chain.is_some();
        if self.options.expect_verify_result && facts.peer_chain.is_some() {
            check(
                "verification",
                Some(!self.options.verify_fail),
                Some(verified),
            )?;
        }
        self.check_credential()?;
        self.check_session()?;
        let secure = facts.secure_renegotiation;
        if expect.secure_renegotiation && !secure || expect.no_secure_renegotiation && secure {
            return Err(format!("secure renegotiation: {secure}").into());
        }
        if expect.extended_master_secret && !facts.extended_master_secret {
            return Err("extended_master_secret was expected".into());
        }
        Ok(())
    }

    /// Which credential we showed, and what came with the peer's.
    fn check_credential(&self) -> Outcome<()> {
        let (expect, facts) = (&self.options.expect, self.conn.facts());
        let place = |index: usize| match index < self.options.credentials.len() {
            true => i32::try_from(index).unwrap_or(i32::MAX),
            false => -1,
        };
        if !facts.resumed {
            check(
                "credential",
                expect.credential,
                facts.local_keypair.map(place),
            )?;
        }
        check(
            "OCSP response",
            expect.ocsp_response.as_deref(),
            facts.ocsp_response.as_deref(),
        )?;
        check("SCT list", expect.scts.as_deref(), facts.scts.as_deref())
    }

    fn check_session(&self) -> Outcome<()> {
        let (expect, facts) = (&self.options.expect, self.conn.facts());
        let resumed = self.resumes && !expect.session_miss;
        check("resumption", Some(resumed), Some(facts.resumed))?;
        if !self.resumes && (expect.session_id || expect.no_session_id) {
            let kept = !facts.session_id.is_empty();
            check("session ID", Some(expect.session_id), Some(kept))?;
        }
        if self.options.server {
            return Ok(());
        }
        let new = match (self.conn.session(), &self.offered) {
            (Some(new), Some(old)) => !Arc::ptr_eq(new, old),
            (session, _) => session.is_some(),
        };
        let renewed = !facts.resumed || expect.ticket_renewal;
        let expected = !expect.no_session && renewed;
        check("new session", Some(expected), Some(new))
    }

    fn read(&mut self, size: usize) -> Outcome<Vec<u8>> {
        let mut out = vec![MaybeUninit::new(0); size];
        let n = self.drive(|conn| conn.read(&mut out))?;
        // SAFETY: every element was initialised when the vector was made.
        Ok(out[..n]
            .iter()
            .map(|b| unsafe { b.assume_init() })
            .collect())
    }

    fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let n = self.drive(|conn| conn.write(rest))?;
            rest = &rest[n..];
            self.flush()?;
        }
        Ok(())
    }

    /// Repeats a verb until it is done, doing what it waits for.
    fn drive<T>(&mut self, mut verb: impl FnMut(&mut Connection) -> Result<T, Stop>) -> Outcome<T> {
        loop {
            let result = verb(&mut self.conn);
            if self.options.renegotiate_once && self.conn.facts().handshakes > 1 {
                self.conn.set_renegotiation(Renegotiation::Refuse);
            }
            self.check_refusals()?;
            match result {
                Ok(done) => return Ok(done),
                Err(Stop::WantRead) => {
                    self.flush()?;
                    self.fill()?;
                }
                Err(Stop::WantWrite) => self.flush()?,
                // Our callbacks answer before they say that they answer later.
                Err(Stop::WantApp) => {}
                Err(Stop::Failed) => {
                    let error = self.conn.error().ok_or("failed without an error")?;
                    return Err(format!(":{}: {error}", errors::name(error)).into());
                }
            }
        }
    }

    /// The suite's application ends a connection whose peer asks for a renegotiation that is refused,
    /// unless it is told to ignore the request; the library by itself warns and goes on.
    fn check_refusals(&mut self) -> Outcome<()> {
        let refused = self.conn.facts().requests_refused > 0 && !self.options.renegotiate_ignore;
        if !refused || self.conn.is_failed() {
            return Ok(());
        }
        let refusal = tls_core::error::Error::new(Reason::RenegotiationRefused);
        self.conn
            .fail(refusal.and_alert(AlertDescription::NO_RENEGOTIATION));
        Err(format!(":{}:", Reason::RenegotiationRefused.name()).into())
    }

    fn fill(&mut self) -> Outcome<()> {
        let mut bytes = [0; 20_000];
        // One by one also where the second request may come right behind the first handshake.
        let max = match self.options.asynchronous || self.options.renegotiate_once {
            true => 1,
            false => bytes.len(),
        };
        let n = match self.socket.read(&mut bytes[..max]) {
            Ok(n) => n,
            // A reset is an end of the transport as well.
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => 0,
            Err(e) => return Err(e.into()),
        };
        if n == 0 {
            self.conn.transport_eof();
        }
        let mut rest = &bytes[..n];
        while !rest.is_empty() {
            let taken = self.conn.feed(rest);
            if taken == 0 {
                break;
            }
            rest = &rest[taken..];
        }
        Ok(())
    }

    /// Reads until the runner closes; it waits for our end, so this is short.
    fn linger(&mut self) {
        let _shut = self.socket.shutdown(std::net::Shutdown::Write);
        let mut bytes = [0; 4096];
        while matches!(self.socket.read(&mut bytes), Ok(n) if n > 0) {}
    }

    fn flush(&mut self) -> Outcome<()> {
        while !self.conn.outgoing().is_empty() {
            let out = self.conn.outgoing();
            let max = if self.options.asynchronous {
                1
            } else {
                out.len()
            };
            match self.socket.write(&out[..max]) {
                Ok(n) => self.conn.sent(n),
                // The peer is gone; what it said before still counts.
                Err(_) => {
                    let n = self.conn.outgoing().len();
                    self.conn.sent(n);
                }
            }
        }
        Ok(())
    }
}

fn check<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: Option<T>,
    got: Option<T>,
) -> Outcome<()> {
    if expected.is_none() || expected == got {
        return Ok(());
    }
    Err(format!("{what}: {expected:?} was expected, {got:?} came").into())
}
