use super::cbc::Sealed;
use super::header::{HEADER_LEN, RecordHeader};
use super::usage::Usage;
use super::{AeadRead, AeadWrite, CbcRead, CbcWrite, RECV_BUFFER_LEN};
use crate::crypto::{Random, wipe};
use crate::error::{Error, Reason, Result};
use crate::wire::{ContentType, ProtocolVersion};
use core::mem::MaybeUninit;
use core::ops::Range;

/// Longest TLSPlaintext.fragment in bytes (RFC 5246 §6.2.1).
pub(crate) const MAX_FRAGMENT: usize = 1 << 14;

/// The most plaintext in bytes that a protected record of either direction holds, as negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordLimits {
    /// What the peer takes.
    pub send: u16,
    /// What we take.
    pub receive: u16,
}

impl Default for RecordLimits {
    /// RFC 5246 §6.2.1
    fn default() -> Self {
        Self {
            send: MAX_FRAGMENT as u16,
            receive: MAX_FRAGMENT as u16,
        }
    }
}

/// A run of records to seal: `plain` is cut into fragments of at most `fragment` bytes.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) content_type: ContentType,
    pub(crate) version: ProtocolVersion,
    pub(crate) plain: &'a [u8],
    pub(crate) fragment: usize,
}

impl<'a> Run<'a> {
    /// The fragments; one empty fragment for an empty run.
    pub(crate) fn fragments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let empty = self.plain.is_empty().then_some(&[][..]);
        self.plain.chunks(self.fragment).chain(empty)
    }

    /// Content type and version as the header and the MAC have them.
    pub(crate) fn header3(&self) -> [u8; 3] {
        let [major, minor] = self.version.0.to_be_bytes();
        [self.content_type.0, major, minor]
    }
}

enum WriteCipher {
    Null,
    Aead(AeadWrite),
    Cbc(CbcWrite),
}

/// The write half: keys, sequence number, and the format of the records that we send.
pub(crate) struct WriteProtection {
    cipher: WriteCipher,
    seq: u64,
    usage: Usage,
    /// Most bytes of plaintext in a record.
    fragment: usize,
}

impl WriteProtection {
    /// Before the first ChangeCipherSpec: TLS_NULL_WITH_NULL_NULL (RFC 5246 §6.1).
    pub(crate) fn null() -> Self {
        Self {
            cipher: WriteCipher::Null,
            seq: 0,
            usage: Usage::unlimited(),
            fragment: MAX_FRAGMENT,
        }
    }

    pub(crate) fn aead(keys: AeadWrite, limit: u64) -> Self {
        Self {
            cipher: WriteCipher::Aead(keys),
            seq: 0,
            usage: Usage::new(limit),
            fragment: MAX_FRAGMENT,
        }
    }

    pub(crate) fn cbc(keys: CbcWrite, limit: u64) -> Self {
        Self {
            cipher: WriteCipher::Cbc(keys),
            seq: 0,
            usage: Usage::new(limit),
            fragment: MAX_FRAGMENT,
        }
    }

    /// From here on no record holds more plaintext than so many bytes.
    pub(crate) fn limit_fragments(&mut self, limit: usize) {
        self.fragment = limit.min(MAX_FRAGMENT);
    }

    /// The most plaintext of a record.
    pub(crate) fn fragment(&self) -> usize {
        self.fragment
    }

    /// How much plaintext whole records carry in `room` bytes.
    pub(crate) fn capacity(&self, room: usize) -> usize {
        room / self.record_len(self.fragment) * self.fragment
    }

    /// Bytes of a whole record that carries `plain_len` bytes.
    fn record_len(&self, plain_len: usize) -> usize {
        HEADER_LEN
            + match &self.cipher {
                WriteCipher::Null => plain_len,
                WriteCipher::Aead(keys) => keys.sealed_len(plain_len),
                WriteCipher::Cbc(keys) => keys.sealed_len(plain_len),
            }
    }

    /// Bytes that [`WriteProtection::seal`] writes for `plain_len` bytes.
    pub(crate) fn run_len(&self, plain_len: usize, fragment: usize) -> usize {
        let (whole, rest) = (plain_len / fragment, plain_len % fragment);
        let mut len = whole * self.record_len(fragment);
        if rest > 0 || whole == 0 {
            len += self.record_len(rest);
        }
        len
    }

    /// What a record of so many bytes takes of the keys' limit.
    fn record_units(&self, plain_len: usize) -> u64 {
        match &self.cipher {
            WriteCipher::Null | WriteCipher::Aead(_) => 1,
            WriteCipher::Cbc(keys) => keys.blocks(keys.sealed_len(plain_len)),
        }
    }

    /// How many bytes of application data may still be sealed under these keys, in full records.
    pub(crate) fn data_room(&self) -> usize {
        let records = self.usage.left() / self.record_units(self.fragment);
        usize::try_from(records)
            .unwrap_or(usize::MAX)
            .saturating_mul(self.fragment)
    }

    /// Whether the keys have protected nearly as much as they may.
    pub(crate) fn is_nearly_used(&self) -> bool {
        self.usage.is_near()
    }

    /// Seals a run of records into `out`, which has exactly [`WriteProtection::run_len`] bytes.
    pub(crate) fn seal(&mut self, run: Run<'_>, out: &mut [u8], random: &dyn Random) -> Result<()> {
        let records = run.plain.len().div_ceil(run.fragment).max(1) as u64;
        let seq = self.seq;
        // RFC 5246 §6.1: sequence numbers do not wrap. Checked before the first is used.
        self.seq = seq.checked_add(records).ok_or_else(exhausted)?;
        for fragment in run.fragments() {
            self.usage.add(self.record_units(fragment.len()));
        }
        let mut rest = out;
        match &mut self.cipher {
            WriteCipher::Null => {
                for fragment in run.fragments() {
                    let body = begin(&mut rest, &run, fragment.len());
                    body.copy_from_slice(fragment);
                }
            }
            WriteCipher::Aead(keys) => {
                for (fragment, seq) in run.fragments().zip(seq..) {
                    let body = begin(&mut rest, &run, keys.sealed_len(fragment.len()));
                    keys.seal(seq, run.header3(), fragment, body);
                }
            }
            WriteCipher::Cbc(keys) => keys.seal_run(seq, &run, rest, random)?,
        }
        Ok(())
    }
}

/// Splits one record off `rest`, writes its header, and returns its body.
pub(super) fn begin<'a>(rest: &mut &'a mut [u8], run: &Run<'_>, body_len: usize) -> &'a mut [u8] {
    let (record, tail) = core::mem::take(rest).split_at_mut(HEADER_LEN + body_len);
    *rest = tail;
    let (header, body) = record.split_at_mut(HEADER_LEN);
    RecordHeader::write(header, run.content_type, run.version, body_len);
    body
}

fn exhausted() -> Error {
    Error::new(Reason::SequenceExhausted)
}

enum ReadCipher {
    Null,
    Aead(AeadRead),
    Cbc(CbcRead),
}

/// The read half.
pub(crate) struct ReadProtection {
    cipher: ReadCipher,
    seq: u64,
    usage: Usage,
    /// Most bytes of plaintext in a record.
    fragment: usize,
}

impl ReadProtection {
    /// Before the first ChangeCipherSpec.
    pub(crate) fn null() -> Self {
        Self {
            cipher: ReadCipher::Null,
            seq: 0,
            usage: Usage::unlimited(),
            fragment: MAX_FRAGMENT,
        }
    }

    pub(crate) fn aead(keys: AeadRead, limit: u64) -> Self {
        Self {
            cipher: ReadCipher::Aead(keys),
            seq: 0,
            usage: Usage::new(limit),
            fragment: MAX_FRAGMENT,
        }
    }

    pub(crate) fn cbc(keys: CbcRead, limit: u64) -> Self {
        Self {
            cipher: ReadCipher::Cbc(keys),
            seq: 0,
            usage: Usage::new(limit),
            fragment: MAX_FRAGMENT,
        }
    }

    /// From here on no record may hold more plaintext than so many bytes.
    pub(crate) fn limit_fragments(&mut self, limit: usize) {
        self.fragment = limit.min(MAX_FRAGMENT);
    }

    /// How many bytes of records are best received at once. The cache next to the CPU holds a large record
    /// and what becomes of it, hardly two; but CBC records are worked on in pairs.
    pub(crate) fn run_len(&self) -> usize {
        match &self.cipher {
            ReadCipher::Aead(_) => RECV_BUFFER_LEN / 2,
            ReadCipher::Null | ReadCipher::Cbc(_) => RECV_BUFFER_LEN,
        }
    }

    /// Whether [`ReadProtection::open`] gains from being given the record that follows.
    pub(crate) fn opens_ahead(&self) -> bool {
        // Near the end of the keys' use nothing is opened before it is counted.
        matches!(&self.cipher, ReadCipher::Cbc(keys) if !keys.is_ahead() && !self.usage.is_near())
    }

    /// Opens a record's body in place; returns where in `body` the plaintext is. Application data of
    /// the same keys, and `next`, where it is given, is what will be opened next: it may be decrypted
    /// at once, and is from then on until its turn a secret in the receive buffer.
    pub(crate) fn open(
        &mut self,
        (header, body): Sealed<'_>,
        next: Option<Sealed<'_>>,
    ) -> Result<Range<usize>> {
        let seq = self.next_seq(header)?;
        let plain = match &mut self.cipher {
            ReadCipher::Null => 0..body.len(),
            ReadCipher::Aead(keys) => keys.open_in_place(seq, header, body)?,
            ReadCipher::Cbc(keys) => keys.open_in_place(seq, (header, &mut *body), next)?,
        };
        check_fragment_len(plain.len(), self.fragment).inspect_err(|_| wipe(body))?;
        Ok(plain)
    }

    /// How many bytes a body of `body_len` bytes opens to, where [`ReadProtection::open_into`] can
    /// do it: with an AEAD. A CBC record's length is secret until its MAC is checked.
    pub(crate) fn direct_len(&self, body_len: usize) -> Option<usize> {
        match &self.cipher {
            ReadCipher::Aead(keys) => keys.plain_len(body_len).filter(|n| *n <= self.fragment),
            ReadCipher::Null | ReadCipher::Cbc(_) => None,
        }
    }

    /// Opens a record's body straight into the reader's buffer, which has exactly
    /// [`ReadProtection::direct_len`] bytes and is initialised on success.
    pub(crate) fn open_into(
        &mut self,
        header: RecordHeader,
        body: &[u8],
        out: &mut [MaybeUninit<u8>],
    ) -> Result<()> {
        let seq = self.next_seq(header)?;
        match &mut self.cipher {
            ReadCipher::Aead(keys) => keys.open_into(seq, header, body, out),
            ReadCipher::Null | ReadCipher::Cbc(_) => Err(Reason::Bug.into()),
        }
    }

    /// Whether the peer's keys have protected nearly as much as they may.
    pub(crate) fn is_nearly_used(&self) -> bool {
        self.usage.is_near()
    }

    /// The sequence number of the record that came.
    fn next_seq(&mut self, header: RecordHeader) -> Result<u64> {
        let units = match &self.cipher {
            ReadCipher::Null | ReadCipher::Aead(_) => 1,
            ReadCipher::Cbc(keys) => keys.blocks(header.len),
        };
        if header.content_type == ContentType::APPLICATION_DATA {
            self.usage.add_data(units)?;
        } else {
            self.usage.add(units);
        }
        let seq = self.seq;
        self.seq = seq.checked_add(1).ok_or_else(exhausted)?;
        Ok(seq)
    }
}

/// RFC 5246 §6.2.1, §6.2.3: at most 2^14 bytes of plaintext, whatever the protection; fewer where that
/// was negotiated (RFC 6066 §4, RFC 8449 §4).
fn check_fragment_len(len: usize, limit: usize) -> Result<()> {
    if len <= limit {
        return Ok(());
    }
    Err(Error::with(
        Reason::RecordOverflow,
        format!("a record holds {len} bytes, at most {limit} are allowed"),
    ))
}

/// A record that does not authenticate.
pub(super) fn bad_record(header: RecordHeader, seq: u64) -> Error {
    Error::with(
        Reason::BadRecordMac,
        format!(
            "{} record number {seq} of {} bytes does not authenticate",
            header.content_type, header.len
        ),
    )
}

#[cfg(test)]
mod tests;
