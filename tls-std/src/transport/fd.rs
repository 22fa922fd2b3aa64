use super::{Transfer, Transport, Want, sigpipe};
use std::io::{Error, ErrorKind, Result};
use std::os::fd::RawFd;

/// File descriptors: sockets, pipes, terminals; blocking or not. They stay the caller's: nothing
/// here closes them, and a descriptor that was closed too early fails with EBADF.
#[derive(Clone, Copy, Debug)]
pub struct FdTransport {
    read_fd: RawFd,
    write_fd: RawFd,
    /// Whether `write_fd` takes send(2); found out by the first write.
    is_socket: bool,
}

impl FdTransport {
    /// One descriptor to read from, and one, the same or another, to write to.
    pub fn new(read_fd: RawFd, write_fd: RawFd) -> Self {
        Self {
            read_fd,
            write_fd,
            is_socket: true,
        }
    }

    fn write_once(&mut self, buf: &[u8]) -> Result<usize> {
        if self.is_socket {
            match sigpipe::send(self.write_fd, buf) {
                Err(error) if error.raw_os_error() == Some(libc::ENOTSOCK) => {
                    self.is_socket = false;
                }
                result => return result,
            }
        }
        sigpipe::write(self.write_fd, buf)
    }
}

impl Transport for FdTransport {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        loop {
            // SAFETY: the pointer and the length are those of a live, exclusively borrowed slice. An
            // invalid descriptor is an error of the call, not of memory.
            let n = unsafe { libc::read(self.read_fd, buf.as_mut_ptr().cast(), buf.len()) };
            let error = match sigpipe::checked(n) {
                Ok(0) => return Transfer::End,
                Ok(n) => return Transfer::Bytes(n),
                Err(error) => error,
            };
            if let Some(stop) = stopped(error, Want::Read) {
                return stop;
            }
        }
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        loop {
            let error = match self.write_once(buf) {
                Ok(0) => ErrorKind::WriteZero.into(),
                Ok(n) => return Transfer::Bytes(n),
                Err(error) => error,
            };
            if let Some(stop) = stopped(error, Want::Write) {
                return stop;
            }
        }
    }

    fn read_rest(&mut self, buf: &mut [u8]) -> Transfer {
        let (data, len, flags) = (buf.as_mut_ptr().cast(), buf.len(), libc::MSG_DONTWAIT);
        // SAFETY: the pointer and the length are those of a live, exclusively borrowed slice.
        match sigpipe::checked(unsafe { libc::recv(self.read_fd, data, len, flags) }) {
            Ok(0) => Transfer::End,
            Ok(n) => Transfer::Bytes(n),
            Err(error) => Transfer::Failed(error.into()),
        }
    }
}

/// What an error means; `None`: interrupted, once more.
fn stopped(error: Error, want: Want) -> Option<Transfer> {
    match error.kind() {
        ErrorKind::Interrupted => None,
        ErrorKind::WouldBlock => Some(Transfer::Blocked(want)),
        _ => Some(Transfer::Failed(error.into())),
    }
}
