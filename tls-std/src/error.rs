use tls_core::error::{Direction, Family, Reason};
use tls_core::wire::AlertDescription;

/// Shorthand of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// An error of the protocol or of what is around it: a reason with a stable number and name, one
/// sentence, the alert with its direction, and the operating system's error where there was one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    error: tls_core::error::Error,
    os_error: Option<i32>,
}

impl Error {
    pub(crate) fn with(reason: Reason, text: impl Into<String>) -> Self {
        tls_core::error::Error::with(reason, text.into()).into()
    }

    pub(crate) fn and_os_error(mut self, os_error: Option<i32>) -> Self {
        self.os_error = os_error;
        self
    }

    /// The same error with the place where it happened before its sentence.
    pub(crate) fn at(self, place: &str) -> Self {
        let text = format!("{place}: {}", self.error.text());
        let mut error = tls_core::error::Error::with(self.reason(), text);
        if let Some((alert, Direction::Sent)) = self.alert() {
            error = error.and_alert(alert);
        }
        if let Some(index) = self.certificate() {
            error = error.about_certificate(index);
        }
        Self {
            error,
            os_error: self.os_error,
        }
    }

    /// The same error, of which the peer is not told.
    pub(crate) fn untold(mut self) -> Self {
        self.error = self.error.untold();
        self
    }

    /// What went wrong.
    pub fn reason(&self) -> Reason {
        self.error.reason()
    }

    /// Who is to blame.
    pub fn family(&self) -> Family {
        self.reason().family()
    }

    /// One English sentence, without a full stop.
    pub fn text(&self) -> &str {
        self.error.text()
    }

    /// The alert that was sent or received for it.
    pub fn alert(&self) -> Option<(AlertDescription, Direction)> {
        self.error.alert()
    }

    /// The certificate that it is about, by its place on the path: 0 is the leaf, 1 its issuer.
    pub fn certificate(&self) -> Option<usize> {
        self.error.certificate()
    }

    /// The operating system's error number (errno) of a file or of the transport.
    pub fn os_error(&self) -> Option<i32> {
        self.os_error
    }

    /// The error as tls-core knows it, without the operating system's number.
    pub fn into_core(self) -> tls_core::error::Error {
        self.error
    }
}

impl From<tls_core::error::Error> for Error {
    fn from(error: tls_core::error::Error) -> Self {
        Self {
            error,
            os_error: None,
        }
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        tls_core::error::Error::new(reason).into()
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.error, f)
    }
}

impl std::error::Error for Error {}
