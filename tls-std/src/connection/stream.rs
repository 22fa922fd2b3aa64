//! A connection as `std::io` sees it. Wants become `WouldBlock`.

use super::Connection;
use std::io::{Error, ErrorKind, Read, Result, Write};
use tls_core::conn::Stop;
use tls_core::error::Reason;

impl Connection {
    /// [`Connection::close`] in the terms of `std::io`.
    pub fn shutdown(&mut self) -> Result<()> {
        self.close().map_err(|stop| self.io_error(stop))
    }

    fn io_error(&self, stop: Stop) -> Error {
        match stop {
            Stop::WantRead | Stop::WantWrite | Stop::WantApp => ErrorKind::WouldBlock.into(),
            Stop::Failed => match self.error() {
                Some(error) => Error::new(kind(error), error.clone()),
                None => ErrorKind::Other.into(),
            },
        }
    }
}

fn kind(error: &crate::Error) -> ErrorKind {
    if let Some(number) = error.os_error() {
        return Error::from_raw_os_error(number).kind();
    }
    match error.reason() {
        Reason::Truncated | Reason::EofInHandshake => ErrorKind::UnexpectedEof,
        Reason::ClosedForWriting => ErrorKind::BrokenPipe,
        reason => match reason.family() {
            tls_core::error::Family::Misuse => ErrorKind::InvalidInput,
            _ => ErrorKind::InvalidData,
        },
    }
}

impl Read for Connection {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        Connection::read(self, buf).map_err(|stop| self.io_error(stop))
    }
}

impl Write for Connection {
    fn write(&mut self, buf: &[u8]) -> Result<usize> {
        Connection::write(self, buf).map_err(|stop| self.io_error(stop))
    }

    fn flush(&mut self) -> Result<()> {
        Connection::flush(self).map_err(|stop| self.io_error(stop))
    }
}
