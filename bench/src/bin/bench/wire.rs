//! The transport of every implementation: two rings in memory, one copy in, one copy out.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// Bytes on their way in one direction.
#[derive(Default)]
pub(crate) struct Ring {
    bytes: Vec<u8>,
    /// What was taken.
    start: usize,
}

impl Ring {
    /// What waits.
    pub(crate) fn waiting(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Copies `bytes` in.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// `n` bytes of what waits are done with.
    pub(crate) fn taken(&mut self, n: usize) {
        self.start += n;
        if self.start == self.bytes.len() {
            self.start = 0;
            self.bytes.clear();
        }
    }

    /// Copies out as much as fits.
    pub(crate) fn take(&mut self, out: &mut [u8]) -> usize {
        let n = out.len().min(self.waiting().len());
        out[..n].copy_from_slice(&self.waiting()[..n]);
        self.taken(n);
        n
    }
}

/// One end of a connection's transport.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) incoming: Rc<RefCell<Ring>>,
    pub(crate) outgoing: Rc<RefCell<Ring>>,
}

/// Most bytes that are on their way at once: what a sample writes before it reads, and a record more.
const CAPACITY: usize = 256 << 10;

impl Wire {
    /// A client's end and a server's.
    pub(crate) fn pair() -> (Self, Self) {
        let ring = || Rc::<RefCell<Ring>>::default();
        let (a, b) = (ring(), ring());
        let client = Self {
            incoming: a.clone(),
            outgoing: b.clone(),
        };
        (
            client,
            Self {
                incoming: b,
                outgoing: a,
            },
        )
    }

    /// For the next connection: what the last one left on its way is gone.
    pub(crate) fn clear(&self) {
        for ring in [&self.incoming, &self.outgoing] {
            let mut ring = ring.borrow_mut();
            ring.start = 0;
            ring.bytes.clear();
        }
    }

    /// So that no sample waits for the allocator.
    pub(crate) fn reserve(&self) {
        for ring in [&self.incoming, &self.outgoing] {
            ring.borrow_mut().bytes.reserve(CAPACITY);
        }
    }
}

impl io::Read for Wire {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.incoming.borrow_mut().take(out) {
            0 if !out.is_empty() => Err(io::ErrorKind::WouldBlock.into()),
            n => Ok(n),
        }
    }
}

impl io::Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.borrow_mut().put(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
