//! The fuzzer's bytes as a plan.
//!
//! ```text
//!   setup  mode  piece  verbs  rest...
//! ```
//! `setup`: suite, keys and provider. `mode`: 0 the rest is the peer's bytes; 1 the rest is a list of
//! edits to the recorded flight; 2 one byte of the rest says how many records of the flight come
//! first, unchanged, and what follows is the peer's bytes. `piece`: how many bytes arrive at a time
//! (0: all). `verbs`: which verb is called when.

use crate::edit;
use crate::record::{self, Record};

pub(crate) struct Input<'a> {
    pub(crate) setup: u8,
    mode: u8,
    pub(crate) piece: u8,
    pub(crate) verbs: u8,
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(crate) fn parse(data: &'a [u8]) -> Option<Self> {
        let [setup, mode, piece, verbs, rest @ ..] = data else {
            return None;
        };
        let (setup, mode, piece, verbs) = (*setup, *mode, *piece, *verbs);
        Some(Self {
            setup,
            mode,
            piece,
            verbs,
            rest,
        })
    }

    /// What the peer says.
    pub(crate) fn stream(&self, flight: &[u8]) -> Vec<u8> {
        match self.mode % 3 {
            0 => self.rest.to_vec(),
            1 => {
                let mut records = record::split(flight);
                edit::apply(&mut records, self.rest);
                write(&records)
            }
            _ => {
                let [n, raw @ ..] = self.rest else {
                    return flight.to_vec();
                };
                let mut records = record::split(flight);
                records.truncate(usize::from(*n % 32));
                let mut stream = write(&records);
                stream.extend_from_slice(raw);
                stream
            }
        }
    }
}

fn write(records: &[Record]) -> Vec<u8> {
    let mut out = Vec::new();
    records.iter().for_each(|record| record.write(&mut out));
    out
}
