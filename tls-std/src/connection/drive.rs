//! The loop between a verb of the core and the transport.

use super::{ByHand, Connection, Stage};
use crate::error::Error;
use crate::transport::{Transfer, TransportError, Want};
use tls_core::conn::{Connection as Core, Stop};
use tls_core::error::Reason;

/// What the transport itself waits for when it neither reads nor writes. A transport that is a
/// protocol of its own may have to write in order to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocked {
    pub(super) reading: Want,
    pub(super) writing: Want,
}

impl Default for Blocked {
    fn default() -> Self {
        Self {
            reading: Want::Read,
            writing: Want::Write,
        }
    }
}

/// What moving bytes brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    All,
    Blocked,
}

impl Connection {
    /// Every verb begins here: the first one makes the connection of its set-up, and the last
    /// misuse is forgotten. A failed connection says the same for ever, after trying to send what
    /// is left of its alert.
    pub(super) fn begin(&mut self) -> Result<(), Stop> {
        if let Stage::Setup(setup) = &mut self.stage {
            let mut core = setup.begin();
            core.set_read_ahead(self.read_ahead);
            self.born_failed = core.is_failed();
            self.stage = Stage::Running(Box::new(core));
        }
        if self.is_failed() {
            return Err(self.failed());
        }
        self.error = None;
        Ok(())
    }

    /// Runs a verb of the core until it is done or the transport is blocked.
    pub(super) fn drive<T>(
        &mut self,
        mut verb: impl FnMut(&mut Core) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        loop {
            let stop = match verb(self.running()?) {
                Ok(value) => return Ok(value),
                Err(stop) => stop,
            };
            match stop {
                Stop::WantRead => self.exchange()?,
                Stop::WantWrite => self.flush_or_stop()?,
                Stop::WantApp => {
                    self.send_or_drop()?;
                    return Err(Stop::WantApp);
                }
                Stop::Failed => return Err(self.failed()),
            }
        }
    }

    /// Sends what waits, then receives. Data that cannot leave does not stop us from reading: the
    /// peer may be waiting for us to read before it reads.
    fn exchange(&mut self) -> Result<(), Stop> {
        let sent = self.send_or_drop()?;
        let core = self.running()?;
        if sent == Moved::Blocked && !core.facts().established {
            return Err(self.waits_for(self.blocked.writing));
        }
        match (self.receive()?, sent) {
            (Moved::All, _) => Ok(()),
            // The peer may be waiting for what could not leave: a program that polls for what we
            // say must poll for that.
            (Moved::Blocked, Moved::Blocked) => Err(self.waits_for(self.blocked.writing)),
            (Moved::Blocked, Moved::All) => Err(self.waits_for(self.blocked.reading)),
        }
    }

    /// Everything that waits, in as few writes as the transport makes of it.
    pub(super) fn send(&mut self) -> Result<Moved, Stop> {
        self.check_writable()?;
        let Stage::Running(core) = &mut self.stage else {
            return Ok(Moved::All);
        };
        while !core.outgoing().is_empty() {
            let Some(transport) = &mut self.transport else {
                return Ok(Moved::Blocked);
            };
            let offered = core.outgoing().len();
            match transport.write(core.outgoing()) {
                Transfer::Bytes(n) if (1..=offered).contains(&n) => core.sent(n),
                Transfer::Blocked(want) => {
                    self.blocked.writing = want;
                    return Ok(Moved::Blocked);
                }
                Transfer::Failed(error) => return Err(self.write_failed(error)),
                Transfer::Misbehaved(how) => return Err(self.misbehaved(how)),
                Transfer::Bytes(n) => return Err(self.wrong_count("writing", n, offered)),
                Transfer::End => return Err(self.wrong_count("writing", 0, offered)),
            }
        }
        self.blocked.writing = Want::Write;
        Ok(Moved::All)
    }

    /// For reading, what can no longer leave is no obstacle.
    pub(super) fn send_or_drop(&mut self) -> Result<Moved, Stop> {
        let sent = self.send();
        if self.unwritable.is_some() && !self.is_failed() {
            self.error = None;
            return Ok(Moved::All);
        }
        sent
    }

    /// Says so where the transport can no longer be written to; what waits for it is dropped.
    pub(super) fn check_writable(&mut self) -> Result<(), Stop> {
        let Some(error) = &self.unwritable else {
            return Ok(());
        };
        if !self.is_failed() {
            self.error = Some(error.clone());
        }
        if let Stage::Running(core) = &mut self.stage {
            core.sent(core.outgoing().len());
        }
        Err(Stop::Failed)
    }

    /// One read of the transport, into all the room there is.
    fn receive(&mut self) -> Result<Moved, Stop> {
        let Stage::Running(core) = &mut self.stage else {
            return Ok(Moved::Blocked);
        };
        let Some(transport) = &mut self.transport else {
            return Ok(Moved::Blocked);
        };
        let room = core.recv_buffer();
        let offered = room.len();
        if offered == 0 {
            if core.pending_plain() > 0 {
                // Data that came during a renegotiation fills the buffer: it must be read first.
                return Ok(Moved::Blocked);
            }
            // The core asks for bytes only where it has room for them.
            return Err(self.fatal(Reason::Bug.into()));
        }
        match transport.read(room) {
            Transfer::Bytes(n) if (1..=offered).contains(&n) => {
                core.received(n);
                self.blocked.reading = Want::Read;
                Ok(Moved::All)
            }
            Transfer::End => {
                core.received(0);
                core.transport_eof();
                Ok(Moved::All)
            }
            Transfer::Blocked(want) => {
                core.received(0);
                self.blocked.reading = want;
                Ok(Moved::Blocked)
            }
            Transfer::Failed(error) => {
                core.received(0);
                Err(self.transport_failed("read from", error))
            }
            Transfer::Misbehaved(how) => {
                core.received(0);
                Err(self.misbehaved(how))
            }
            Transfer::Bytes(n) => {
                core.received(0);
                Err(self.wrong_count("reading", n, offered))
            }
        }
    }

    /// Sends everything, or says what for it waits.
    pub(super) fn flush_or_stop(&mut self) -> Result<(), Stop> {
        match self.send()? {
            Moved::All => Ok(()),
            Moved::Blocked => Err(self.waits_for(self.blocked.writing)),
        }
    }

    /// What the caller waits for. Without a transport that is himself: who has never fed nor drained
    /// is told once what there is to do, and the second time that a transport is missing. He would
    /// wait for a file descriptor that this connection does not know.
    fn waits_for(&mut self, want: Want) -> Stop {
        if self.transport.is_none() {
            match self.by_hand {
                ByHand::Yes => {}
                ByHand::NotYet => self.by_hand = ByHand::Expected,
                ByHand::Expected => {
                    self.misused(Reason::NoTransport);
                    return Stop::Failed;
                }
            }
        }
        match want {
            Want::Read => Stop::WantRead,
            Want::Write => Stop::WantWrite,
            Want::App => Stop::WantApp,
        }
    }

    pub(super) fn running(&mut self) -> Result<&mut Core, Stop> {
        match &mut self.stage {
            Stage::Running(core) => Ok(core),
            // begin() comes first in every verb.
            Stage::Setup(_) => Err(Stop::Failed),
        }
    }

    /// Takes over the core's error, and sends its alert if the transport lets it.
    pub(super) fn failed(&mut self) -> Stop {
        if let Stage::Running(core) = &mut self.stage {
            let error = core.error().cloned().map(Error::from);
            let same =
                |old: &Error, new: &Error| old.clone().into_core() == new.clone().into_core();
            match (&self.error, error) {
                // The operating system's number is known here alone.
                (Some(old), Some(new)) if same(old, &new) => {}
                (_, new) => self.error = new,
            }
            if core.is_failed() {
                self.send_alert();
            }
        }
        Stop::Failed
    }

    /// Best effort: an alert that cannot leave changes nothing about the error.
    fn send_alert(&mut self) {
        if self.check_writable().is_err() {
            return;
        }
        let (Stage::Running(core), Some(transport)) = (&mut self.stage, &mut self.transport) else {
            return;
        };
        while !core.outgoing().is_empty() {
            let offered = core.outgoing().len();
            match transport.write(core.outgoing()) {
                Transfer::Bytes(n) if (1..=offered).contains(&n) => core.sent(n),
                Transfer::Blocked(want) => {
                    self.blocked.writing = want;
                    return;
                }
                Transfer::Bytes(_)
                | Transfer::End
                | Transfer::Failed(_)
                | Transfer::Misbehaved(_) => {
                    core.sent(offered);
                    return;
                }
            }
        }
    }

    fn transport_failed(&mut self, doing: &str, error: TransportError) -> Stop {
        self.fatal(transport_error(doing, error))
    }

    /// In the handshake that is the end. Afterwards the writing half alone is lost: the peer, which
    /// closed its reading half or is gone, may have sent data before, and reading goes on until it
    /// ends by itself.
    fn write_failed(&mut self, error: TransportError) -> Stop {
        if self.hear_alert() {
            return self.failed();
        }
        if !self.is_established() || self.is_failed() {
            return self.transport_failed("written to", error);
        }
        self.unwritable = Some(transport_error("written to", error));
        match self.check_writable() {
            Ok(()) => Stop::Failed,
            Err(stop) => stop,
        }
    }

    /// A peer that refuses the handshake sends its alert and closes; what we still write then fails
    /// before the alert is read. It says more than a broken pipe. Whether it was there.
    fn hear_alert(&mut self) -> bool {
        let (Stage::Running(core), Some(transport)) = (&mut self.stage, &mut self.transport) else {
            return false;
        };
        if core.facts().established || core.is_failed() {
            return false;
        }
        let room = core.recv_buffer();
        let offered = room.len();
        let n = match transport.read_rest(room) {
            Transfer::Bytes(n) if n <= offered => n,
            _ => 0,
        };
        core.received(n);
        n > 0 && core.handshake().is_err() && core.is_failed()
    }

    fn wrong_count(&mut self, doing: &str, n: usize, offered: usize) -> Stop {
        self.misbehaved(format!(
            "the transport claims {n} bytes after {doing}, 1 to {offered} are possible"
        ))
    }

    fn misbehaved(&mut self, how: String) -> Stop {
        self.fatal(Error::with(Reason::CallbackMisbehaved, how))
    }

    fn fatal(&mut self, error: Error) -> Stop {
        let error = error.untold();
        if let Stage::Running(core) = &mut self.stage {
            if !core.is_failed() {
                core.fail(error.clone().into_core());
                self.error = Some(error);
            }
            // A transport that failed or lies gets nothing more.
            core.sent(core.outgoing().len());
        }
        Stop::Failed
    }
}

fn transport_error(doing: &str, error: TransportError) -> Error {
    let why = match error.text.as_str() {
        "" => String::new(),
        text => format!(": {text}"),
    };
    let text = format!("the transport could not be {doing}{why}");
    Error::with(Reason::TransportFailed, text).and_os_error(error.os_error)
}
