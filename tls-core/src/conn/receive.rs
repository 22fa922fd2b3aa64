//! The receive loop: one record, one message or one answer at a time. It is the only place that
//! sends alerts.

use super::renegotiation::Requests;
use super::{Connection, Stop};
use crate::crypto::{Answer, wipe};
use crate::error::{Error, Reason, Result};
use crate::handshake::{Asked, Effect, Effects, Input, Question};
use crate::inspect::{Direction, Event};
use crate::msg::{self, alert::Alert};
use crate::record::RecordHeader;
use crate::wire::{AlertDescription, AlertLevel, ContentType, ProtocolVersion};
use core::mem::MaybeUninit;
use core::ops::Range;

/// Records without contents in a row; more serve only to keep us busy.
const MAX_EMPTY_RECORDS: u32 = 32;

/// Warning alerts in a row.
const MAX_WARNING_ALERTS: u32 = 4;

/// What a peer may do only so often.
#[derive(Default)]
pub(super) struct Counters {
    empty_records: u32,
    warning_alerts: u32,
    pub(super) requests: Requests,
}

/// What one turn of the loop brought.
pub(super) enum Turn {
    /// So many bytes of application data, in the caller's buffer.
    Data(usize),
    /// Something else, or data that waits in the receive buffer.
    Progress,
}

/// Why a turn brought nothing.
enum Idle {
    NeedBytes,
    NeedAnswer,
    Failed(Error),
}

impl From<Error> for Idle {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Reason> for Idle {
    fn from(reason: Reason) -> Self {
        Self::Failed(reason.into())
    }
}

impl Connection {
    /// One turn. Application data goes straight into `out` where it fits.
    pub(super) fn turn(&mut self, out: Option<&mut [MaybeUninit<u8>]>) -> Result<Turn, Stop> {
        self.check_alive()?;
        match self.try_turn(out) {
            Ok(turn) => Ok(turn),
            Err(Idle::NeedAnswer) => Err(Stop::WantApp),
            Err(Idle::NeedBytes) if self.eof => {
                let error = self.truncated();
                Err(self.fail_with(error))
            }
            Err(Idle::NeedBytes) => Err(Stop::WantRead),
            Err(Idle::Failed(error)) => Err(self.fail_with(error)),
        }
    }

    fn try_turn(&mut self, out: Option<&mut [MaybeUninit<u8>]>) -> Result<Turn, Idle> {
        if let Some(pending) = &self.pending {
            let answer = pending.take().ok_or(Idle::NeedAnswer)?;
            let kind = pending.kind();
            self.pending = None;
            self.tell(Event::Answer { kind });
            self.step(Input::Answer(answer), true)?;
            return Ok(Turn::Progress);
        }
        if self
            .handshake
            .as_ref()
            .is_some_and(|state| state.is_client_start())
        {
            self.step(Input::Start, true)?;
        }
        if self.step_message()? {
            return Ok(Turn::Progress);
        }
        if self.facts.close_received {
            // Before the handshake is complete there is nothing left to wait for.
            return Err(Idle::Failed(Reason::EofInHandshake.into()));
        }
        let Some((header, body)) = self.inbound.record(self.facts.version)? else {
            return Err(Idle::NeedBytes);
        };
        let turn = self.on_record(header, body, out)?;
        self.inbound.release(&self.config.pool);
        Ok(turn)
    }

    /// Whether a whole record of application data, or of anything else, could be taken next
    /// without the transport.
    pub(super) fn has_whole_record(&self) -> bool {
        !self.facts.close_received && matches!(self.inbound.record(self.facts.version), Ok(Some(_)))
    }

    fn on_record(
        &mut self,
        header: RecordHeader,
        body: Range<usize>,
        out: Option<&mut [MaybeUninit<u8>]>,
    ) -> Result<Turn, Idle> {
        let typ = header.content_type;
        if self.facts.version.is_none() {
            self.record_version = header
                .version
                .clamp(ProtocolVersion::TLS10, ProtocolVersion::TLS12);
        }
        if typ == ContentType::APPLICATION_DATA {
            self.check_data_allowed()?;
            if let Some(n) = self.open_directly(header, body.clone(), out)? {
                return Ok(Turn::Data(n));
            }
        }
        let opened = self.open(header, body.clone())?;
        let plain = body.start + opened.start..body.start + opened.end;
        self.inbound.consume(body.end);
        self.tell_received(header, body.len(), plain.len());
        self.count_record(typ, plain.len())?;
        match typ {
            ContentType::APPLICATION_DATA => self.inbound.add_plain(plain),
            // RFC 5246 §6.2.1: only application data may come in zero-length fragments.
            ContentType::HANDSHAKE if plain.is_empty() => {
                return Err(Reason::EmptyHandshakeRecord.into());
            }
            ContentType::HANDSHAKE => {
                let Self {
                    inbound, scratch, ..
                } = self;
                let fragment = inbound.slice(plain);
                scratch.get_or_insert_default().joiner.push(fragment);
                wipe(fragment);
                self.step_message()?;
            }
            ContentType::CHANGE_CIPHER_SPEC => self.on_change_cipher_spec(plain)?,
            _ => self.on_alert(plain)?,
        }
        Ok(Turn::Progress)
    }

    /// Opens a record in place; behind data, where it helps, together with the next record of data:
    /// between the two nothing can change the keys.
    fn open(&mut self, header: RecordHeader, body: Range<usize>) -> Result<Range<usize>> {
        let is_data = header.content_type == ContentType::APPLICATION_DATA;
        let next = (is_data && self.reading.opens_ahead())
            .then(|| self.inbound.data_behind(body.end, self.facts.version))
            .flatten();
        let (next, place) = next.unzip();
        let (body, next_body) = self.inbound.slices(body, place);
        self.reading.open((header, body), next.zip(next_body))
    }

    /// Data needs a complete handshake, and no handshake message may be cut in two by it.
    fn check_data_allowed(&self) -> Result<()> {
        if !self.reads_data() {
            return Err(Reason::ApplicationDataEarly.into());
        }
        if self.joins() {
            return Err(Reason::ExcessHandshakeData.into());
        }
        Ok(())
    }

    /// Opens a data record into the caller's buffer, where the protection can and the data fits.
    fn open_directly(
        &mut self,
        header: RecordHeader,
        body: Range<usize>,
        out: Option<&mut [MaybeUninit<u8>]>,
    ) -> Result<Option<usize>> {
        let Some(n) = self.reading.direct_len(body.len()) else {
            return Ok(None);
        };
        let Some(out) = out.and_then(|out| out.get_mut(..n)) else {
            return Ok(None);
        };
        self.reading
            .open_into(header, self.inbound.slice(body.clone()), out)?;
        self.inbound.consume(body.end);
        self.tell_received(header, body.len(), n);
        self.count_record(header.content_type, n)?;
        Ok(Some(n))
    }

    /// Empty records and warnings are counted until a record brings something: neither resets the
    /// other's count.
    fn count_record(&mut self, typ: ContentType, len: usize) -> Result<()> {
        let counters = &mut self.counters;
        if len == 0 {
            let empty = &mut counters.empty_records;
            return count(empty, MAX_EMPTY_RECORDS, Reason::TooManyEmptyRecords);
        }
        if typ != ContentType::ALERT {
            counters.empty_records = 0;
            counters.warning_alerts = 0;
        }
        Ok(())
    }

    /// RFC 5246 §7.1. Keys change only at a message boundary.
    fn on_change_cipher_spec(&mut self, body: Range<usize>) -> Result<()> {
        if *self.inbound.slice(body) != [1] {
            return Err(Reason::BadChangeCipherSpec.into());
        }
        if self.joins() {
            return Err(Reason::ExcessHandshakeData.into());
        }
        self.step(Input::ChangeCipherSpec, true)
    }

    /// RFC 5246 §7.2
    fn on_alert(&mut self, body: Range<usize>) -> Result<()> {
        let alert = Alert::decode(self.inbound.slice(body))?;
        self.tell(Event::Alert {
            direction: Direction::Received,
            level: alert.level,
            description: alert.description,
        });
        if alert.description == AlertDescription::CLOSE_NOTIFY {
            self.facts.close_received = true;
            return Ok(());
        }
        if alert.level == AlertLevel::FATAL {
            return Err(Error::received(alert.description));
        }
        let warnings = &mut self.counters.warning_alerts;
        count(warnings, MAX_WARNING_ALERTS, Reason::TooManyWarningAlerts)?;
        if alert.description == AlertDescription::NO_RENEGOTIATION {
            self.step(Input::NoRenegotiation, true)?;
        }
        Ok(())
    }

    /// Gives the next whole handshake message to the handshake; whether there was one.
    fn step_message(&mut self) -> Result<bool> {
        if !self.joins() {
            return Ok(false);
        }
        let joiner = core::mem::take(&mut self.scratch().joiner);
        let result = match joiner.peek(msg::max_len) {
            Ok(Some(message)) => {
                let len = message.encoded.len();
                let last = joiner.holds_only(len);
                self.tell_message(Direction::Received, message.encoded);
                self.count_request(message.typ)
                    .and_then(|()| self.step(Input::Message(message), last))
                    .map(|()| len)
            }
            Ok(None) => Ok(0),
            Err(error) => Err(error),
        };
        self.scratch().joiner = joiner;
        let len = result?;
        self.scratch().joiner.consume(len);
        self.tidy();
        Ok(len > 0)
    }

    /// One step of the handshake, and those that answers at once lead to; the effects of a step are applied only
    /// if it succeeds. `boundary`: no handshake byte waits behind the input. When it is our turn to
    /// speak, none may: a peer that goes on did not wait for what its next message depends on.
    pub(super) fn step(&mut self, input: Input<'_>, boundary: bool) -> Result<()> {
        let mut answer = self.step_once(input, boundary)?;
        while let Some(answered) = answer {
            answer = self.step_once(Input::Answer(answered), true)?;
        }
        Ok(())
    }

    /// One step; the answer to what it asked, where that came at once.
    fn step_once(&mut self, input: Input<'_>, boundary: bool) -> Result<Option<Answer>> {
        let state = self.handshake.take().ok_or(Reason::Bug)?;
        let mut fx = core::mem::take(&mut self.scratch().effects);
        let state = state.step(input, self.env(), &mut fx)?;
        if fx.ends_flight() && !boundary {
            return Err(Reason::ExcessHandshakeData.into());
        }
        self.handshake = Some(state);
        let question = self.apply(&mut fx)?;
        self.scratch().effects = fx;
        match question {
            Some(question) => self.ask(question),
            None => Ok(None),
        }
    }

    /// Applies the effects in their order and leaves none; what remains is the question.
    fn apply(&mut self, fx: &mut Effects) -> Result<Option<Question>> {
        let (items, bytes, question) = fx.take();
        for effect in items {
            match effect {
                Effect::Send(range) => {
                    self.tell_message(Direction::Sent, &bytes[range.clone()]);
                    self.seal(ContentType::HANDSHAKE, &bytes[range])?;
                }
                Effect::SendChangeCipherSpec => self.seal(ContentType::CHANGE_CIPHER_SPEC, &[1])?,
                Effect::FragmentLimit(limits) => {
                    self.limit_sent(limits.send.into());
                    self.reading.limit_fragments(limits.receive.into());
                }
                Effect::WriteKeys(keys) => {
                    let agreed = keys.fragment();
                    self.writing = keys;
                    self.limit_sent(agreed);
                    self.tell_keys(Direction::Sent);
                }
                Effect::ReadKeys(keys) => {
                    self.reading = keys;
                    self.tell_keys(Direction::Received);
                }
                Effect::Tell(decision) => self.tell(Event::Decision(&decision)),
                Effect::Secret(derived) => self.on_secret(derived),
                Effect::Learn(fact) => self.learning().learn(fact),
                Effect::Configure(config) => self.on_configure(config),
                Effect::Session(effect) => self.on_session(effect),
                Effect::RefuseRenegotiation => self.refuse_renegotiation()?,
                Effect::Renegotiate => self.on_renegotiate(),
                Effect::RenegotiationRefused => self.on_renegotiation_refused(),
                Effect::Complete(previous) => self.on_complete(previous),
            }
        }
        fx.forget_bytes();
        Ok(question)
    }

    fn ask(&mut self, question: Question) -> Result<Option<Answer>> {
        let kind = question.kind();
        let asked = question.ask(self.handshake_config())?;
        let waits = matches!(asked, Asked::Waiting(_));
        self.tell(Event::Question { kind, waits });
        match asked {
            Asked::Answered(answer) => Ok(Some(answer)),
            Asked::Waiting(pending) => {
                self.pending = Some(pending);
                Ok(None)
            }
        }
    }

    /// The error of a transport that ended before close_notify.
    fn truncated(&self) -> Error {
        match &self.handshake {
            Some(state) if !self.facts.established => Error::with(
                Reason::EofInHandshake,
                format!("the transport ended where {} was expected", state.name()),
            ),
            _ => Reason::Truncated.into(),
        }
    }

    /// Ends the connection: sends the error's alert once, and keeps the error for ever.
    pub(super) fn fail_with(&mut self, error: Error) -> Stop {
        if self.fatal.is_some() {
            return Stop::Failed;
        }
        // Behind our close_notify nothing is sent. Nor is an alert that cannot be sealed: the first
        // error is what counts.
        let told = match error.alert_to_send().filter(|_| !self.facts.close_sent) {
            Some(AlertDescription::CLOSE_NOTIFY) => self.queue_close_notify().is_ok(),
            Some(alert) => self.seal_alert(AlertLevel::FATAL, alert).is_ok(),
            None => false,
        };
        let error = if told { error } else { error.untold() };
        self.forget_session(&error);
        if !self.facts.established {
            // Whoever showed these certificates did not show that they are his; nor whoever named a key,
            // that he knows it. The certificates themselves can be looked at.
            self.facts.verified_chain = None;
            self.facts.psk_identity = None;
        }
        self.tell_failed(&error);
        self.fatal = Some(error);
        self.handshake = None;
        self.previous = None;
        self.pending = None;
        self.reading = crate::record::ReadProtection::null();
        self.writing = crate::record::WriteProtection::null();
        self.inbound.drop_raw(&self.config.pool);
        self.scratch = None;
        self.secrets = None;
        Stop::Failed
    }
}

/// Counts one more, and refuses when there are too many.
pub(super) fn count(counter: &mut u32, max: u32, reason: Reason) -> Result<()> {
    *counter += 1;
    if *counter > max {
        return Err(Error::with(
            reason,
            format!("{}: more than {max}", reason.text()),
        ));
    }
    Ok(())
}
