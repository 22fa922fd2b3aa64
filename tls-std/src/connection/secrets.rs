//! What is made of a complete handshake's secrets.

use super::{Connection, Stage};
use crate::error::{Error, Result};
use tls_core::conn::{ChannelBinding, Connection as Core};
use tls_core::error::Reason;

impl Connection {
    /// Keying material for the application; see
    /// [`tls_core::conn::Connection::export_keying_material`].
    pub fn export_keying_material(
        &mut self,
        label: &[u8],
        context: Option<&[u8]>,
        out: &mut [u8],
    ) -> Result<()> {
        self.of_secrets(|core| core.export_keying_material(label, context, out))
    }

    /// A channel binding; see [`tls_core::conn::Connection::channel_binding`].
    pub fn channel_binding(&mut self, binding: ChannelBinding) -> Result<Vec<u8>> {
        self.of_secrets(|core| core.channel_binding(binding))
    }

    /// DANGER: tls-unique without the extended master secret too; see
    /// [`tls_core::conn::Connection::danger_tls_unique`].
    pub fn danger_tls_unique(&mut self) -> Result<Vec<u8>> {
        self.of_secrets(Core::danger_tls_unique)
    }

    fn of_secrets<T>(
        &mut self,
        f: impl FnOnce(&Core) -> Result<T, tls_core::error::Error>,
    ) -> Result<T> {
        let result = match &self.stage {
            Stage::Running(core) => f(core).map_err(Error::from),
            Stage::Setup(setup) => Err(setup
                .failure()
                .cloned()
                .unwrap_or_else(|| Error::with(Reason::WrongOrder, "the handshake has not begun"))),
        };
        self.keep(result)
    }
}
