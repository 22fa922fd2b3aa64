//! What a server needs to ask its clients for certificates.

use super::{ClientAuth, Config, Verification};
use crate::error::{Error, Reason, Result};

impl Config {
    /// Whether clients can be asked for as much: a certificate needs somebody who was told which CAs
    /// issue those of clients, or the word that any will do. Else `NoTrustAnchors`. Where [`Config::on_hello`]
    /// may choose another configuration, the one that serves is looked at when the hello has come.
    pub fn check_client_auth(&self, asked: ClientAuth) -> Result<()> {
        match self.on_hello {
            Some(_) => Ok(()),
            None => self.check_judge(asked),
        }
    }

    fn check_judge(&self, asked: ClientAuth) -> Result<()> {
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

    /// Why no server connection can begin with this configuration. `None`: one can.
    pub(crate) fn unusable_server(&self) -> Option<Error> {
        let trust = || self.check_client_auth(self.client_auth).err();
        self.unusable().map(Error::new).or_else(trust)
    }

    /// Why it serves no client, wherever it comes from, now that nobody will choose another. `None`: it does.
    pub(crate) fn unusable_chosen(&self) -> Option<Error> {
        let trust = || self.check_judge(self.client_auth).err();
        self.unusable().map(Error::new).or_else(trust)
    }
}
