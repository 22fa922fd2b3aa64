//! Where a connection's bytes come from and go to.

#[cfg(unix)]
mod fd;
#[cfg(unix)]
mod sigpipe;
mod stream;

#[cfg(unix)]
pub use fd::FdTransport;
pub use stream::StreamTransport;

/// What one read or write of a transport did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// So many bytes, at least one and at most as many as were offered.
    Bytes(usize),
    /// The end of the stream. Reading alone.
    End,
    /// Nothing now: wait for this, then repeat.
    Blocked(Want),
    /// The transport failed, for ever.
    Failed(TransportError),
    /// The transport broke its contract; one sentence says how.
    Misbehaved(String),
}

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// The transport becomes readable.
    Read,
    /// The transport becomes writable.
    Write,
    /// The application answers.
    App,
}

/// Why a transport failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransportError {
    /// One sentence, or empty.
    pub text: String,
    /// The operating system's error number (errno), where there is one.
    pub os_error: Option<i32>,
}

impl From<std::io::Error> for TransportError {
    fn from(error: std::io::Error) -> Self {
        Self {
            text: error.to_string(),
            os_error: error.raw_os_error(),
        }
    }
}

/// A reliable stream of bytes, blocking or not. It retries what the operating system merely
/// interrupted, and must not raise SIGPIPE.
pub trait Transport: Send {
    /// Reads into `buf`, which is never empty.
    fn read(&mut self, buf: &mut [u8]) -> Transfer;

    /// Writes from `buf`, which is never empty.
    fn write(&mut self, buf: &[u8]) -> Transfer;

    /// After a write that failed: what the peer had sent before, as far as it can be had without
    /// waiting. It may hold the alert that tells why.
    fn read_rest(&mut self, buf: &mut [u8]) -> Transfer {
        let _ = buf;
        Transfer::Blocked(Want::Read)
    }
}
