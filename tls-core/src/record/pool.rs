use crossbeam_queue::ArrayQueue;

/// Bytes of a receive buffer: room for two records of the largest size (RFC 5246 §6.2.3), so that
/// one read of the transport can bring several.
pub const RECV_BUFFER_LEN: usize = 2 * (5 + (1 << 14) + 2048);

/// Bytes of a send buffer: room for four sealed records of the largest size that we send.
pub const SEND_BUFFER_LEN: usize = 4 * (5 + (1 << 14) + 512);

/// Idle buffers of each kind that a context keeps.
const POOLED: usize = 64;

/// Record buffers that connections take when bytes arrive and give back when the last is read.
/// Bounded; taking and giving are lock-free. Buffers come initialised and stay so: their zeroing
/// is paid once.
#[derive(Debug)]
pub struct BufferPool {
    recv: ArrayQueue<Box<[u8]>>,
    send: ArrayQueue<Box<[u8]>>,
}

impl Default for BufferPool {
    fn default() -> Self {
        Self {
            recv: ArrayQueue::new(POOLED),
            send: ArrayQueue::new(POOLED),
        }
    }
}

impl BufferPool {
    pub(crate) fn take_recv(&self) -> Box<[u8]> {
        self.recv
            .pop()
            .unwrap_or_else(|| vec![0; RECV_BUFFER_LEN].into())
    }

    pub(crate) fn take_send(&self) -> Box<[u8]> {
        self.send
            .pop()
            .unwrap_or_else(|| vec![0; SEND_BUFFER_LEN].into())
    }

    /// Takes a buffer back; one that grew beyond the usual size is dropped instead.
    pub(crate) fn give(&self, buffer: Box<[u8]>) {
        let queue = match buffer.len() {
            RECV_BUFFER_LEN => &self.recv,
            SEND_BUFFER_LEN => &self.send,
            _ => return,
        };
        // A full pool drops the buffer: that is its bound.
        drop(queue.push(buffer));
    }

    /// Buffers that wait in the pool: (receive, send).
    pub fn idle(&self) -> (usize, usize) {
        (self.recv.len(), self.send.len())
    }
}
