use super::{Transfer, Transport, Want};
use std::io::{ErrorKind, Read, Write};

/// Anything that reads and writes, a `TcpStream` for instance. `WouldBlock` becomes a want.
#[derive(Debug)]
pub struct StreamTransport<S>(pub S);

impl<S: Read + Write + Send> Transport for StreamTransport<S> {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        loop {
            return match self.0.read(buf) {
                Ok(0) => Transfer::End,
                Ok(n) => Transfer::Bytes(n),
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    ErrorKind::WouldBlock => Transfer::Blocked(Want::Read),
                    _ => Transfer::Failed(error.into()),
                },
            };
        }
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        loop {
            return match self.0.write(buf) {
                Ok(0) => Transfer::Failed(std::io::Error::from(ErrorKind::WriteZero).into()),
                Ok(n) => Transfer::Bytes(n),
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    ErrorKind::WouldBlock => Transfer::Blocked(Want::Write),
                    _ => Transfer::Failed(error.into()),
                },
            };
        }
    }
}
