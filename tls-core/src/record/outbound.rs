use super::BufferPool;

/// The send buffer: sealed records that wait for the transport. An idle connection holds none.
#[derive(Default)]
pub(crate) struct Outbound {
    buf: Option<Box<[u8]>>,
    start: usize,
    end: usize,
}

impl Outbound {
    /// What waits.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.buf
            .as_ref()
            .map_or(&[], |buf| &buf[self.start..self.end])
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The transport took `n` bytes; an emptied buffer goes back to the pool.
    pub(crate) fn sent(&mut self, n: usize, pool: &BufferPool) {
        self.start = self.start.saturating_add(n).min(self.end);
        self.release(pool);
    }

    /// Gives the buffer back when nothing waits in it.
    pub(crate) fn release(&mut self, pool: &BufferPool) {
        if self.is_empty() {
            self.drop_all(pool);
        }
    }

    /// Room for at least `n` more bytes, behind what waits. Data is only written into an empty
    /// buffer; a handshake's flight and alerts may make it grow, and they are bounded by our own
    /// configuration.
    pub(crate) fn space(&mut self, n: usize, pool: &BufferPool) -> &mut [u8] {
        let buf = self.buf.get_or_insert_with(|| pool.take_send());
        if buf.len() - self.end < n {
            let mut grown = vec![0; (self.end - self.start + n).next_power_of_two()];
            grown[..self.end - self.start].copy_from_slice(&buf[self.start..self.end]);
            pool.give(core::mem::replace(buf, grown.into()));
            self.end -= self.start;
            self.start = 0;
        }
        &mut buf[self.end..]
    }

    /// `n` bytes were put at the start of [`Outbound::space`].
    pub(crate) fn filled(&mut self, n: usize) {
        self.end += n;
    }

    /// Forgets everything and gives the buffer back.
    pub(crate) fn drop_all(&mut self, pool: &BufferPool) {
        if let Some(buf) = self.buf.take() {
            pool.give(buf);
        }
        (self.start, self.end) = (0, 0);
    }

    /// Whether a buffer is held.
    pub(crate) fn holds_buffer(&self) -> bool {
        self.buf.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::SEND_BUFFER_LEN;

    #[test]
    fn grows_for_flights_and_returns_its_buffer() {
        let (pool, mut out) = (BufferPool::default(), Outbound::default());
        for i in 0..3 {
            out.space(SEND_BUFFER_LEN / 2 + 1, &pool)[..4].copy_from_slice(&[i; 4]);
            out.filled(SEND_BUFFER_LEN / 2 + 1);
        }
        assert_eq!(out.bytes().len(), 3 * (SEND_BUFFER_LEN / 2 + 1));
        assert_eq!(out.bytes()[SEND_BUFFER_LEN / 2 + 1], 1);
        out.sent(usize::MAX / 2, &pool);
        assert!(out.is_empty() && !out.holds_buffer());
        assert_eq!(
            pool.idle().1,
            1,
            "the grown buffer is dropped, the first one is back"
        );
    }
}
