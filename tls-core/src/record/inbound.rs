use super::BufferPool;
use super::header::{HEADER_LEN, MAX_CIPHERTEXT, RecordHeader};
use crate::crypto::wipe;
use crate::error::Result;
use crate::wire::{ContentType, ProtocolVersion};
use core::ops::Range;

/// Where a record is: its header, and the place of its body.
pub(crate) type Place = (RecordHeader, Range<usize>);

/// The receive buffer: raw bytes of the transport, cut into records in place, and the decrypted
/// data that waits to be read: of one record, or of all that came while a renegotiation went on and
/// nobody read.
///
/// ```text
///   0 ...... plain.start .. plain.end ...... start ........ end ......... len
///            decrypted, waiting             raw records      free
/// ```
///
/// An idle connection holds no buffer. Decrypted data is wiped as soon as it was read or is given up:
/// the buffer goes on to another connection, whose transport is shown it.
#[derive(Default)]
pub(crate) struct Inbound {
    buf: Option<Box<[u8]>>,
    plain: Range<usize>,
    start: usize,
    end: usize,
    /// Where a record ends that was decrypted ahead of its turn; it is still among the raw ones. At
    /// most `start` where there is none.
    ahead: usize,
    /// Bytes of the record consumed last, with its header; 0 before the first.
    last: usize,
}

impl Inbound {
    /// Free space behind the raw bytes; borrows a buffer from the pool when there is none. There
    /// is room for a whole record unless decrypted data waits in front of a partial one.
    pub(crate) fn space(&mut self, pool: &BufferPool) -> &mut [u8] {
        let wanted = self.wanted();
        let buf = self.buf.get_or_insert_with(|| pool.take_recv());
        if buf.len() - self.end < wanted {
            let low = if self.plain.is_empty() {
                self.start
            } else {
                self.plain.start
            };
            buf.copy_within(low..self.end, 0);
            // What was moved away from behind the new end.
            let new_end = self.end - low;
            let left = self.plain.start.max(new_end)..self.plain.end.max(new_end);
            wipe(&mut buf[left]);
            let left = self.start.max(new_end)..self.ahead.max(self.start).max(new_end);
            wipe(&mut buf[left]);
            self.plain = self.plain.start.saturating_sub(low)..self.plain.end.saturating_sub(low);
            self.start -= low;
            self.end -= low;
            self.ahead = self.ahead.saturating_sub(low);
        }
        &mut buf[self.end..]
    }

    /// How many bytes end the record that is begun and bring the header of the next one; at least 1. None
    /// of what follows an alert: behind a close_notify it is not ours.
    pub(crate) fn rest(&self) -> usize {
        let raw = self.raw();
        match raw.first_chunk::<HEADER_LEN>() {
            Some([typ, .., high, low]) => {
                let whole = HEADER_LEN + usize::from(u16::from_be_bytes([*high, *low]));
                let next = match *typ == ContentType::ALERT.0 {
                    true => 0,
                    false => HEADER_LEN,
                };
                (whole + next).saturating_sub(raw.len()).max(1)
            }
            None => HEADER_LEN - raw.len(),
        }
    }

    /// How many bytes end the run of whole records, all as long as the one that is begun or else as the last
    /// one was, that `most` bytes hold, or one. Peers send runs of equal records: what is received like this leaves no
    /// part of a record behind, which would have to be moved. [`usize::MAX`] where more is there already.
    pub(crate) fn run(&self, most: usize) -> usize {
        let raw = self.raw();
        let whole = match (raw.first_chunk::<HEADER_LEN>(), self.last) {
            (Some([.., high, low]), _) => {
                HEADER_LEN + usize::from(u16::from_be_bytes([*high, *low]))
            }
            (None, 0) => most,
            (None, last) => last,
        };
        let run = (most / whole).max(1) * whole;
        match run.saturating_sub(raw.len()) {
            0 => usize::MAX,
            rest => rest,
        }
    }

    /// `n` bytes were put at the start of [`Inbound::space`].
    pub(crate) fn filled(&mut self, n: usize) {
        let len = self.buf.as_ref().map_or(0, |b| b.len());
        self.end = self.end.saturating_add(n).min(len);
    }

    /// The next record, once all of it is there: its header and the place of its body.
    pub(crate) fn record(&self, negotiated: Option<ProtocolVersion>) -> Result<Option<Place>> {
        self.record_at(self.start, negotiated)
    }

    /// The record behind one whose body ends at `end`, once all of it is there and it holds
    /// application data. What is wrong with it is told when it is the next.
    pub(crate) fn data_behind(
        &self,
        end: usize,
        negotiated: Option<ProtocolVersion>,
    ) -> Option<Place> {
        let place = self.record_at(end, negotiated).ok().flatten()?;
        (place.0.content_type == ContentType::APPLICATION_DATA).then_some(place)
    }

    fn record_at(
        &self,
        start: usize,
        negotiated: Option<ProtocolVersion>,
    ) -> Result<Option<Place>> {
        let raw = self.buf.as_ref().map_or(&[][..], |buf| &buf[..self.end]);
        let Some(header) = raw
            .get(start..)
            .and_then(|raw| raw.first_chunk::<HEADER_LEN>())
        else {
            return Ok(None);
        };
        let header = RecordHeader::parse(*header, negotiated)?;
        let body = start + HEADER_LEN..start + HEADER_LEN + header.len;
        Ok((body.end <= self.end).then_some((header, body)))
    }

    /// The bodies of the record at `first`, and of the one at `next` behind it, for opening both: the
    /// second one is decrypted ahead of its turn.
    pub(crate) fn slices(
        &mut self,
        first: Range<usize>,
        next: Option<Range<usize>>,
    ) -> (&mut [u8], Option<&mut [u8]>) {
        let Some(next) = next else {
            return (self.slice(first), None);
        };
        self.ahead = next.end;
        match &mut self.buf {
            Some(buf) => {
                let (before, from_next) = buf.split_at_mut(next.start);
                (&mut before[first], Some(&mut from_next[..next.len()]))
            }
            None => (&mut [], None),
        }
    }

    /// The bytes at `range`, for opening.
    pub(crate) fn slice(&mut self, range: Range<usize>) -> &mut [u8] {
        match &mut self.buf {
            Some(buf) => &mut buf[range],
            None => &mut [],
        }
    }

    /// The record whose body ends at `end` is done with.
    pub(crate) fn consume(&mut self, end: usize) {
        self.last = end - self.start;
        self.start = end;
    }

    /// Decrypted data waits at `range`, inside the record consumed last; behind data that waits
    /// already it is moved together with it.
    pub(crate) fn add_plain(&mut self, range: Range<usize>) {
        if self.plain.is_empty() {
            self.plain = range;
            return;
        }
        let end = self.plain.end + range.len();
        if let Some(buf) = &mut self.buf {
            buf.copy_within(range.clone(), self.plain.end);
            wipe(&mut buf[range.start.max(end)..range.end]);
        }
        self.plain.end = end;
    }

    /// The decrypted data that waits.
    pub(crate) fn plain(&self) -> &[u8] {
        self.buf
            .as_ref()
            .map_or(&[], |buf| &buf[self.plain.clone()])
    }

    /// The first `n` bytes of [`Inbound::plain`] were read.
    pub(crate) fn plain_read(&mut self, n: usize) {
        let read = self.plain.start..(self.plain.start + n).min(self.plain.end);
        self.plain.start = read.end;
        wipe(self.slice(read));
    }

    /// Raw bytes not processed yet.
    pub(crate) fn raw(&self) -> &[u8] {
        self.buf
            .as_ref()
            .map_or(&[], |buf| &buf[self.start..self.end])
    }

    /// Whether nothing waits, neither raw nor decrypted.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end && self.plain.is_empty()
    }

    /// Gives the buffer back when nothing waits in it.
    pub(crate) fn release(&mut self, pool: &BufferPool) {
        if self.is_empty() {
            self.drop_all(pool);
        }
    }

    /// Forgets the raw bytes: nothing more will be opened. Decrypted data stays readable.
    pub(crate) fn drop_raw(&mut self, pool: &BufferPool) {
        self.wipe_ahead();
        self.start = self.end;
        self.release(pool);
    }

    /// Forgets everything and gives the buffer back.
    pub(crate) fn drop_all(&mut self, pool: &BufferPool) {
        self.wipe_ahead();
        if let Some(mut buf) = self.buf.take() {
            wipe(&mut buf[self.plain.clone()]);
            pool.give(buf);
        }
        (self.plain, self.start, self.end, self.ahead) = (0..0, 0, 0, 0);
    }

    /// A record that was decrypted ahead and will not have its turn.
    fn wipe_ahead(&mut self) {
        let ahead = self.start..self.ahead;
        if !ahead.is_empty() {
            wipe(self.slice(ahead));
        }
    }

    /// Whether a buffer is held.
    pub(crate) fn holds_buffer(&self) -> bool {
        self.buf.is_some()
    }

    /// How many free bytes are needed to make progress: the rest of the current record, or a
    /// whole one.
    fn wanted(&self) -> usize {
        let raw = self.raw();
        match raw.first_chunk::<HEADER_LEN>() {
            Some(h) => {
                let len = usize::from(u16::from_be_bytes([h[3], h[4]])).min(MAX_CIPHERTEXT);
                (HEADER_LEN + len).saturating_sub(raw.len()).max(1)
            }
            None => HEADER_LEN + MAX_CIPHERTEXT - raw.len(),
        }
    }
}

#[cfg(test)]
mod tests;
