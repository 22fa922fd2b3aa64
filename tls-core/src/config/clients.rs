//! What a server needs to ask its clients for certificates.

use super::{ClientAuth, Config, Verification};
use crate::error::{Error, Reason, Result};

impl Config {
    /// Whether clients can be asked for as much: a certificate needs somebody who was told which CAs
    /// issue those of clients, or the word that any will do. Else `NoTrustAnchors`.
    pub fn check_client_auth(&self, asked: ClientAuth) -> Result<()> {
        let judged = match &self.verification {
            Verification::Required(v) | Verification::WithoutName(v) => v.judges_clients(),
            Verification::AcceptAny => true,
        };
        if asked == ClientAuth::None || judged {
            return Ok(());
        }
        let text = "the server asks for client certificates: add the CAs that issue them";
        Err(Error::with(Reason::NoTrustAnchors, text))
    }

    /// Why no server can go by this configuration, wherever it comes from. `None`: it can.
    pub(crate) fn unusable_server(&self) -> Option<Error> {
        let trust = || self.check_client_auth(self.client_auth).err();
        self.unusable().map(Error::new).or_else(trust)
    }
}
