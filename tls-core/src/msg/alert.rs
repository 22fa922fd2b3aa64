use crate::error::{Error, Reason, Result};
use crate::wire::{AlertDescription, AlertLevel};

/// An alert (RFC 5246 §7.2). One record holds exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) level: AlertLevel,
    pub(crate) description: AlertDescription,
}

impl Alert {
    pub(crate) fn decode(body: &[u8]) -> Result<Self> {
        let [level, description] = *body else {
            return Err(Error::with(
                Reason::BadAlert,
                format!("an alert record holds {} bytes, 2 are expected", body.len()),
            ));
        };
        let alert = Self {
            level: AlertLevel(level),
            description: AlertDescription(description),
        };
        if alert.level.name().is_none() {
            return Err(Error::with(
                Reason::BadAlert,
                format!(
                    "the alert {} has the unknown level {}",
                    alert.description, alert.level
                ),
            )
            .and_alert(AlertDescription::ILLEGAL_PARAMETER));
        }
        Ok(alert)
    }

    pub(crate) fn encode(self) -> [u8; 2] {
        [self.level.0, self.description.0]
    }
}
