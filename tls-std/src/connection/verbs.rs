use super::drive::Moved;
use super::{ByHand, Connection};
use crate::error::Error;
use core::mem::MaybeUninit;
use tls_core::conn::Stop;
use tls_core::error::Reason;

impl Connection {
    /// Runs the handshake; `Ok` once it is complete and its last bytes have left. Optional: reading
    /// and writing run it too.
    pub fn handshake(&mut self) -> Result<(), Stop> {
        self.begin()?;
        self.drive(|core| core.handshake())?;
        self.flush_or_stop()
    }

    /// Reads decrypted bytes; 0 means that the peer closed with close_notify. A transport that ends
    /// without it is an error. `buf` must not be empty.
    pub fn read(&mut self, buf: &mut [u8]) -> Result<usize, Stop> {
        // SAFETY: MaybeUninit<u8> has the layout of u8. The core only ever writes initialised bytes
        // into the slice, so `buf` stays initialised throughout.
        let buf = unsafe {
            core::slice::from_raw_parts_mut(buf.as_mut_ptr().cast::<MaybeUninit<u8>>(), buf.len())
        };
        self.read_uninit(buf)
    }

    /// The same into memory that may be uninitialised; as many bytes of it as are returned are
    /// initialised afterwards.
    pub fn read_uninit(&mut self, buf: &mut [MaybeUninit<u8>]) -> Result<usize, Stop> {
        self.begin()?;
        let n = self.drive(|core| core.read(buf))?;
        if !self.outgoing().is_empty() {
            // An answer of the protocol's own. Whatever stands in its way shows at the next verb.
            let _later = self.send_or_drop();
        }
        Ok(n)
    }

    /// Seals bytes and hands them to the transport. Returns how many were taken: those are the
    /// connection's, though some may still wait for the transport. Nothing is taken while sealed
    /// bytes wait. A blocking transport takes all.
    ///
    /// Where the transport fails to write on an established connection, writing, flushing and closing
    /// say so from then on; what the peer had sent can still be read.
    pub fn write(&mut self, buf: &[u8]) -> Result<usize, Stop> {
        self.begin()?;
        if buf.is_empty() {
            return Ok(0);
        }
        self.check_writable()?;
        let mut taken = 0;
        loop {
            match self.drive(|core| core.write(&buf[taken..])) {
                Ok(n) => taken += n,
                // What was taken is told first; a failure is kept for the next verb.
                Err(_) if taken > 0 => return Ok(taken),
                Err(stop) => return Err(stop),
            }
            if self.send()? == Moved::Blocked || taken == buf.len() {
                return Ok(taken);
            }
        }
    }

    /// Hands the sealed bytes that wait to the transport; `Ok` only when all have left.
    pub fn flush(&mut self) -> Result<(), Stop> {
        self.begin()?;
        self.flush_or_stop()
    }

    /// Sends close_notify; `Ok` once it has left. Nothing can be written behind it, reading stays
    /// possible.
    pub fn close(&mut self) -> Result<(), Stop> {
        self.begin()?;
        self.check_writable()?;
        self.drive(|core| core.close())?;
        self.flush_or_stop()
    }

    /// Hands received bytes in and returns how many were consumed, which can be fewer while received
    /// data fills the buffer (read first).
    pub fn feed(&mut self, bytes: &[u8]) -> Result<usize, Stop> {
        self.by_hand = ByHand::Yes;
        self.begin()?;
        let core = self.running()?;
        if core.transport_ended() {
            self.misused(Error::with(
                Reason::WrongOrder,
                "bytes were fed behind the end that was told before",
            ));
            return Err(Stop::Failed);
        }
        Ok(core.feed(bytes))
    }

    /// Tells that no further bytes will come.
    pub fn feed_eof(&mut self) -> Result<(), Stop> {
        self.by_hand = ByHand::Yes;
        self.begin()?;
        self.running()?.transport_eof();
        Ok(())
    }

    /// Takes sealed bytes out and returns how many; 0 when none wait. The alert that tells the peer
    /// of a fatal error comes out before that error does. `out` must not be empty.
    pub fn drain(&mut self, out: &mut [MaybeUninit<u8>]) -> Result<usize, Stop> {
        self.by_hand = ByHand::Yes;
        let n = self.outgoing().len().min(out.len());
        if n == 0 {
            self.begin()?;
            if out.is_empty() {
                self.misused(Error::with(
                    Reason::BadArgument,
                    "draining into no bytes at all",
                ));
                return Err(Stop::Failed);
            }
        }
        // The first verb may have made bytes to send, so look again.
        let n = self.outgoing().len().min(out.len());
        out[..n].write_copy_of_slice(&self.outgoing()[..n]);
        self.running()?.sent(n);
        if !self.is_failed() {
            self.error = None;
        }
        Ok(n)
    }

    /// Takes back bytes that arrived behind the peer's close_notify: they belong to whatever follows
    /// TLS on this transport. Returns how many.
    pub fn unread(&mut self, out: &mut [MaybeUninit<u8>]) -> usize {
        if self.unread.is_empty()
            && let Ok(core) = self.running()
        {
            self.unread = core.take_unread();
        }
        let n = self.unread.len().min(out.len());
        out[..n].write_copy_of_slice(&self.unread[..n]);
        self.unread.drain(..n);
        n
    }
}
