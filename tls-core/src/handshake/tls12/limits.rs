//! How long records may be: max_fragment_length (RFC 6066 §4) and record_size_limit (RFC 8449).

use super::agreed::Agreed;
use crate::config::Config;
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::{Effect, Effects, Fact};
use crate::handshake::hello::Offer;
use crate::record::{MAX_FRAGMENT, RecordLimits};
use crate::wire::ExtensionType as E;

/// What the hellos say about it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    /// The length that is answered, or that was.
    pub(super) max_fragment_length: Option<u16>,
    /// The peer's limit, where both sides have the extension.
    pub(super) record_size_limit: Option<u16>,
}

impl Lengths {
    /// A server answers record_size_limit and no other, where a client offers both (RFC 8449 §5).
    pub(super) fn choose(offer: &Offer, config: &Config) -> Self {
        let answered = |typ| config.server_extensions.contains(&typ);
        let limit = offer
            .record_size_limit
            .filter(|_| answered(E::RECORD_SIZE_LIMIT));
        let length = offer
            .max_fragment_length
            .filter(|_| limit.is_none() && answered(E::MAX_FRAGMENT_LENGTH));
        Self {
            max_fragment_length: length,
            record_size_limit: limit,
        }
    }

    /// What a client may be answered: the very length that it asked for, and not both.
    pub(super) fn check_answer(&self, config: &Config) -> Result<()> {
        if self.record_size_limit.is_some() && self.max_fragment_length.is_some() {
            return Err(Error::with(
                Reason::BadExtension,
                "the server answered both record_size_limit and max_fragment_length",
            ));
        }
        match (self.max_fragment_length, config.max_fragment_length) {
            (Some(theirs), Some(ours)) if theirs != ours => Err(Error::with(
                Reason::BadFragmentLength,
                format!("max_fragment_length was {ours}, the server answered {theirs}"),
            )),
            _ => Ok(()),
        }
    }
}

/// The limit that a side announces.
pub(super) fn own_limit(config: &Config) -> u16 {
    config.record_size_limit.unwrap_or(MAX_FRAGMENT as u16)
}

impl Agreed {
    /// Behind the ServerHello. A fragment length holds from here on, also for what is not protected,
    /// and for every resumption of its session, mentioned again or not (RFC 6066 §4); record size
    /// limits concern protected records and are told in every handshake (RFC 8449 §4).
    pub(super) fn limit_records(
        &mut self,
        lengths: Lengths,
        of_session: Option<u16>,
        env: Env<'_>,
        fx: &mut Effects,
    ) {
        let mut clear = RecordLimits::default();
        if let Some(theirs) = lengths.record_size_limit {
            self.limits = RecordLimits {
                send: theirs.min(MAX_FRAGMENT as u16),
                receive: own_limit(env.config),
            };
            // What is not protected is not subject to it, but GnuTLS thinks so: ours keeps to it.
            clear.send = self.limits.send;
        } else if let Some(length) = lengths.max_fragment_length.or(of_session) {
            self.keep.max_fragment_length = Some(length);
            self.limits = RecordLimits {
                send: length,
                receive: length,
            };
            clear = self.limits;
        }
        // In a renegotiation data is still in flight under the limits before: with the new keys come
        // the new ones.
        if env.previous.is_none() {
            fx.push(Effect::FragmentLimit(clear));
        }
        fx.learn(Fact::RecordLimits(self.limits));
    }
}
