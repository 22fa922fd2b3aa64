//! What a program decides about a ClientHello.

use super::{Context, Roles};
use crate::error::Result;
use std::sync::Arc;
use tls_core::config::{AlpnSelector, HelloDecision, HelloHandler};
use tls_core::error::Reason;

/// What an application decides about a ClientHello, on servers.
impl Context {
    /// Asks the application about each ClientHello, before anything is looked up or chosen. It may
    /// answer later. `None`: nobody is asked.
    pub fn set_hello_handler(&self, handler: Option<Arc<dyn HelloHandler>>) {
        self.change(|s| s.edit().on_hello = handler);
    }

    /// Asks the application for keypairs in each full handshake, where no session is resumed. It may
    /// answer later. `None`: those of the context are all there are.
    pub fn set_certificate_handler(&self, handler: Option<Arc<dyn HelloHandler>>) {
        self.change(|s| s.edit().on_certificate = handler);
    }

    /// Lets the application choose among the client's protocols, in place of the list.
    pub fn set_alpn_selector(&self, selector: Option<Arc<dyn AlpnSelector>>) {
        self.change(|s| s.edit().alpn_selector = selector);
    }

    /// The decision to go on with this context, in everything, as it is now.
    ///
    /// Errors: `WrongRole` where it makes no server connections.
    pub fn as_decision(&self) -> Result<HelloDecision> {
        match self.roles() {
            Roles::Server | Roles::Both => Ok(HelloDecision::Config(self.config())),
            Roles::Client => Err(Reason::WrongRole.into()),
        }
    }

    /// The decision to go on with this context's keypairs, as they are now.
    pub fn keypairs_as_decision(&self) -> HelloDecision {
        HelloDecision::Keypairs(self.config().keypairs.clone())
    }
}
