//! GenericBlockCipher (RFC 5246 §6.2.3.2), and encrypt-then-MAC (RFC 7366): framing only. What
//! depends on secrets is the provider's, behind `CbcMac`.

use super::header::RecordHeader;
use super::protect::{Run, bad_record, begin};
use crate::crypto::{CbcMac, CbcRecord, CbcSealed, Random};
use crate::error::{Reason, Result};
use core::ops::Range;

/// Records that are handed to the provider together. CBC encryption of one record is bound by the
/// cipher's latency; side by side they are not.
const BATCH: usize = 4;

/// Bytes of the longest IV.
const MAX_IV: usize = 16;

pub(crate) struct CbcWrite {
    keys: Box<dyn CbcMac>,
}

impl CbcWrite {
    pub(crate) fn new(keys: Box<dyn CbcMac>) -> Self {
        Self { keys }
    }

    /// Blocks of a record's body; a MAC behind it counts with them.
    pub(crate) fn blocks(&self, body_len: usize) -> u64 {
        body_len.div_ceil(self.keys.iv_len().max(1)) as u64
    }

    pub(crate) fn sealed_len(&self, plain_len: usize) -> usize {
        self.keys.sealed_len(plain_len)
    }

    /// Seals a run in batches, with unpredictable explicit IVs (RFC 5246 §6.2.3.2).
    pub(crate) fn seal_run(
        &self,
        mut seq: u64,
        run: &Run<'_>,
        mut rest: &mut [u8],
        random: &dyn Random,
    ) -> Result<()> {
        let mut fragments = run.fragments().peekable();
        while fragments.peek().is_some() {
            let mut ivs = [0; BATCH * MAX_IV];
            let mut batch: [CbcRecord<'_>; BATCH] = core::array::from_fn(|_| CbcRecord {
                seq: 0,
                header: run.header3(),
                iv: [0; MAX_IV],
                plain: &[],
                out: &mut [],
            });
            let mut n = 0;
            for (slot, plain) in batch.iter_mut().zip(&mut fragments) {
                slot.seq = seq;
                slot.plain = plain;
                slot.out = begin(&mut rest, run, self.keys.sealed_len(plain.len()));
                seq = seq.wrapping_add(1);
                n += 1;
            }
            let batch = &mut batch[..n];
            // IVs are drawn for the bytes that are used: an injected source sees no others.
            let iv_len = self.keys.iv_len();
            let ivs = &mut ivs[..n * iv_len];
            random.fill(ivs).map_err(|_| Reason::RandomFailed)?;
            for (record, iv) in batch.iter_mut().zip(ivs.chunks_exact(iv_len)) {
                record.iv[..iv_len].copy_from_slice(iv);
            }
            self.keys.seal(batch);
        }
        Ok(())
    }
}

/// A record in the receive buffer: its header, and the fragment behind it.
pub(crate) type Sealed<'a> = (RecordHeader, &'a mut [u8]);

pub(crate) struct CbcRead {
    keys: Box<dyn CbcMac>,
    /// What became of the record that follows, where it was opened together with the last one.
    ahead: Option<Result<Range<usize>>>,
}

impl CbcRead {
    pub(crate) fn new(keys: Box<dyn CbcMac>) -> Self {
        Self { keys, ahead: None }
    }

    /// Blocks of a record's body; a MAC behind it counts with them.
    pub(crate) fn blocks(&self, body_len: usize) -> u64 {
        body_len.div_ceil(self.keys.iv_len().max(1)) as u64
    }

    /// Whether the next record is open already.
    pub(crate) fn is_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    /// Opens a record, and together with it the one that follows: two MACs take little longer than
    /// one. What became of the second is told when it is asked for.
    pub(crate) fn open_in_place(
        &mut self,
        seq: u64,
        (header, body): Sealed<'_>,
        next: Option<Sealed<'_>>,
    ) -> Result<Range<usize>> {
        if let Some(opened) = self.ahead.take() {
            return opened;
        }
        let start = self.keys.iv_len();
        let told = |record: &CbcSealed<'_>, header| match record.plain_len {
            Ok(len) => Ok(start..start + len),
            Err(_) => Err(bad_record(header, record.seq)),
        };
        let first = CbcSealed::new(seq, header.first3(), body);
        let (Some((next, body)), Some(after)) = (next, seq.checked_add(1)) else {
            let mut record = [first];
            self.keys.open(&mut record);
            return told(&record[0], header);
        };
        let mut records = [first, CbcSealed::new(after, next.first3(), body)];
        self.keys.open(&mut records);
        self.ahead = Some(told(&records[1], next));
        told(&records[0], header)
    }
}
