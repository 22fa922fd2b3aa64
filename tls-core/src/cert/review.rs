//! The application's word on a verdict.

use super::{Purpose, ServerName};
use crate::crypto::{Later, Reply, Ruling};
use crate::error::Error;
use crate::wire::Certificate;

/// What a reviewer is told of a verdict.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    /// The peer's chain as it came, leaf first; never empty.
    pub chain: &'a [Certificate],
    /// The name that the leaf must carry; `None` where none is checked.
    pub name: Option<&'a ServerName>,
    /// What the certificate must be good for: who the peer is.
    pub purpose: Purpose,
    /// The OCSP response that a server stapled, as it came.
    pub ocsp_response: Option<&'a [u8]>,
    /// The path that verified, leaf first (empty where the configuration accepts any certificate), or
    /// why none did.
    pub verdict: Result<&'a [Certificate], &'a Error>,
}

/// The application's word on a verdict, after the verifier's: to pin a key, to ask somebody, to log
/// what was refused. It sees every full handshake in which the peer shows a certificate.
pub trait Reviewer: Send + Sync + core::fmt::Debug {
    /// Lets the verdict stand, refuses what the verifier accepted, or accepts, at the application's
    /// own risk, what it refused. To answer later, keep [`Later::pending`], return [`Reply::Later`] and
    /// answer with [`Answer::Ruling`](crate::crypto::Answer::Ruling).
    fn review(&self, review: &Review<'_>, later: &Later) -> Reply<Ruling>;

    /// What names the rules of this reviewer: a session that was made under them is resumed under no
    /// others, because nobody reviews a chain again when it is. `None`, the default: every handshake
    /// is a full one.
    fn scope(&self) -> Option<[u8; 32]> {
        None
    }
}
