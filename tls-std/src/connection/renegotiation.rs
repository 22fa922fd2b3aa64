//! Handshakes behind the first one.

use super::{Connection, Stage};
use crate::error::{Error, Result};
use std::sync::Arc;
use tls_core::config::{ClientAuth, KeyLimits, Renegotiation};
use tls_core::conn::Stop;
use tls_core::session::ClientSession;

/// What the program was told about its keys.
#[derive(Debug, Default)]
pub(super) struct KeyNotice {
    /// The handshake that made them.
    handshakes: u32,
    /// About ours, about the peer's.
    told: [bool; 2],
}

impl KeyNotice {
    /// Whether the program is to be told that these are nearly used.
    fn is_news(&mut self, handshakes: u32, near: [bool; 2]) -> bool {
        if self.handshakes != handshakes {
            (self.handshakes, self.told) = (handshakes, [false; 2]);
        }
        let told = self.told;
        for (told, near) in self.told.iter_mut().zip(near) {
            *told |= near;
        }
        self.told != told
    }
}

impl Connection {
    /// Asks for another handshake: a client sends its ClientHello, a server a HelloRequest. The verbs
    /// that follow carry it on, [`Connection::handshake`] until it is complete; where the peer refuses
    /// it says so once (`RenegotiationRefused`, which is not fatal) and the connection goes on as it
    /// was. Where one goes on already nothing happens.
    ///
    /// Meanwhile data can be read as before, and writing waits from our hello to the end. A verb that
    /// does not read keeps the data that comes, up to some 32 KiB: behind that it is
    /// [`Stop::WantRead`] with [`Connection::pending`] bytes to read first.
    pub fn renegotiate(&mut self) -> Result<(), Stop> {
        self.begin()?;
        self.drive(|core| core.renegotiate())?;
        self.flush_or_stop()
    }

    /// Whether the keys of either direction have just come near the end of what they may protect
    /// ([`KeyLimits`]): close the connection, or renegotiate, before [`Connection::write`] fails with
    /// `KeyLimitReached`, or reading what the peer sends with `KeyLimitExceeded`. True once for either
    /// direction's keys of a handshake; ask after reading and writing.
    pub fn take_key_notice(&mut self) -> bool {
        let Stage::Running(core) = &self.stage else {
            return false;
        };
        let near = [core.own_keys_nearly_used(), core.peer_keys_nearly_used()];
        self.key_notice.is_news(core.facts().handshakes, near)
    }

    /// A client offers this session in place of what its context has for this host: in its first handshake,
    /// and between handshakes in the renegotiation that it begins next, which is a full one without. One that
    /// does not fit (another name, policy, trust or verification; over) is passed over.
    ///
    /// Errors: `WrongRole` on servers, `WrongOrder` inside of a handshake.
    pub fn set_session(&mut self, session: Option<Arc<ClientSession>>) -> Result<()> {
        let result = match &mut self.stage {
            Stage::Setup(_) => return self.offer_first(session),
            Stage::Running(core) => core.set_session(session).map_err(Error::from),
        };
        self.keep(result)
    }

    /// [`Context::set_key_limits`](crate::Context::set_key_limits) for this connection alone.
    pub fn set_key_limits(&mut self, limits: KeyLimits) -> Result<()> {
        self.change(|settings| settings.edit().set_own_key_limits(limits))
    }

    /// [`Context::set_renegotiation`](crate::Context::set_renegotiation) for this connection, at any
    /// time.
    pub fn set_renegotiation(&mut self, renegotiation: Renegotiation) -> Result<()> {
        match &mut self.stage {
            Stage::Setup(_) => {
                self.change(|settings| settings.edit().set_own_renegotiation(renegotiation))
            }
            Stage::Running(core) => {
                core.set_renegotiation(renegotiation);
                Ok(())
            }
        }
    }

    /// What a server asks of this client, in the handshakes that begin from here on; see
    /// [`Context::set_client_auth`](crate::Context::set_client_auth). With
    /// [`Connection::renegotiate`] behind it a certificate is asked for when it is needed.
    pub fn set_client_auth(&mut self, asked: ClientAuth) -> Result<()> {
        let result = match &mut self.stage {
            Stage::Setup(_) => return self.ask_first(asked),
            Stage::Running(core) => core.set_client_auth(asked).map_err(Error::from),
        };
        self.keep(result)
    }
}
