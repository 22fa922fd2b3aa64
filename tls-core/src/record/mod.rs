//! The record layer (RFC 5246 §6): framing, limits, protection. It knows no messages.

mod aead;
mod cbc;
mod header;
mod inbound;
mod joiner;
mod outbound;
mod pool;
mod protect;
mod usage;

pub(crate) use aead::{AeadRead, AeadWrite, NonceForm};
pub(crate) use cbc::{CbcRead, CbcWrite};
pub(crate) use header::{HEADER_LEN as RECORD_HEADER_LEN, RecordHeader};
pub(crate) use inbound::Inbound;
pub(crate) use joiner::{HEADER_LEN as MESSAGE_HEADER_LEN, Joiner, RawMessage};
pub(crate) use outbound::Outbound;
pub use pool::{BufferPool, RECV_BUFFER_LEN, SEND_BUFFER_LEN};
pub use protect::RecordLimits;
pub(crate) use protect::{MAX_FRAGMENT, ReadProtection, Run, WriteProtection};
