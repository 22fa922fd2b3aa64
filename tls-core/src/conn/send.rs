//! Sealing: fragments into the send buffer.

use super::Connection;
use super::watch::SentRun;
use crate::error::Result;
use crate::inspect::{Direction, Event};
use crate::msg::alert::Alert;
use crate::record::{RECORD_HEADER_LEN, Run, SEND_BUFFER_LEN};
use crate::wire::{AlertDescription, AlertLevel, ContentType};

impl Connection {
    /// Seals a handshake message, a ChangeCipherSpec or an alert, in one record where it fits.
    /// Nothing goes out behind our close_notify (RFC 5246 §7.2.1).
    pub(super) fn seal(&mut self, content_type: ContentType, plain: &[u8]) -> Result<()> {
        if self.facts.close_sent {
            return Ok(());
        }
        let fragment = self.writing.fragment();
        let version = self.facts.version.unwrap_or(self.record_version);
        let run = Run {
            content_type,
            version,
            plain,
            fragment,
        };
        let len = self.writing.run_len(plain.len(), fragment);
        let out = self.outbound.space(len, &self.config.pool);
        let sealed = self
            .writing
            .seal(run, &mut out[..len], &*self.config.random);
        if sealed.is_ok() {
            self.outbound.filled(len);
            if let Some(watch) = &mut self.watch {
                let writing = &self.writing;
                watch.sent_records(&SentRun {
                    content_type,
                    version,
                    len: plain.len(),
                    fragment,
                    wire_len: &|len| writing.run_len(len, fragment) - RECORD_HEADER_LEN,
                });
            }
        } else {
            self.outbound.release(&self.config.pool);
        }
        sealed
    }

    /// Seals application data into the empty send buffer and returns how much was taken: as many whole
    /// records as fit it together.
    pub(super) fn seal_data(&mut self, plain: &[u8]) -> Result<usize> {
        let capacity = self.writing.capacity(SEND_BUFFER_LEN);
        let taken = plain.len().min(capacity).min(self.writing.data_room());
        self.seal(ContentType::APPLICATION_DATA, &plain[..taken])?;
        Ok(taken)
    }

    /// The most plaintext of a record that we send: what was agreed on, or less.
    pub(super) fn limit_sent(&mut self, agreed: usize) {
        let own = usize::from(self.handshake_config().max_send_fragment);
        self.writing.limit_fragments(agreed.min(own));
    }

    pub(super) fn seal_alert(
        &mut self,
        level: AlertLevel,
        description: AlertDescription,
    ) -> Result<()> {
        if !self.facts.close_sent {
            self.tell(Event::Alert {
                direction: Direction::Sent,
                level,
                description,
            });
        }
        self.seal(ContentType::ALERT, &Alert { level, description }.encode())
    }

    pub(super) fn queue_close_notify(&mut self) -> Result<()> {
        if self.facts.close_sent {
            return Ok(());
        }
        self.seal_alert(AlertLevel::WARNING, AlertDescription::CLOSE_NOTIFY)?;
        self.facts.close_sent = true;
        Ok(())
    }
}
