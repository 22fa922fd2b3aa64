//! `BIO_f_base64`: what is written becomes base64 for the BIO behind, what is read is decoded from there. Text has lines of 64
//! characters, or, with `BIO_FLAGS_BASE64_NO_NL`, none.

use super::{BIO, Behaviour, Room, ctrl, fill};
use crate::args::count;
use crate::object::Owned;
use core::cell::RefCell;
use core::ffi::{c_int, c_long, c_void};
use core::mem::MaybeUninit;

/// BIO_FLAGS_BASE64_NO_NL
const NO_LINES: c_int = 0x100;
/// Bytes of a line.
const LINE: usize = 48;
/// Bytes that are encoded, or read from behind, at a time; no text in front of the base64 has a longer line.
const PIECE: usize = 1024;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[derive(Default)]
pub(crate) struct Base64 {
    written: RefCell<Encoder>,
    read: RefCell<Decoder>,
}

#[derive(Default)]
struct Encoder {
    /// Bytes that do not make a line, or a group of three, yet.
    rest: Vec<u8>,
    /// Text that the BIO behind has not taken yet.
    text: Vec<u8>,
}

impl Encoder {
    fn encode(&mut self, bytes: &[u8]) {
        for group in bytes.chunks(3) {
            let at = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
            let word = at(0) << 16 | at(1) << 8 | at(2);
            for place in 0..4 {
                let letter = LETTERS[(word >> (18 - 6 * place) & 0x3f) as usize];
                self.text
                    .push(if place > group.len() { b'=' } else { letter });
            }
        }
    }

    /// Encodes what makes whole lines, or groups, of `bytes` and what was there; the rest waits.
    fn add(&mut self, bytes: &[u8], lines: bool) {
        let mut all = core::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let unit = if lines { LINE } else { 3 };
        let whole = all.len() - all.len() % unit;
        for line in all[..whole].chunks(if lines { LINE } else { whole.max(1) }) {
            self.encode(line);
            if lines {
                self.text.push(b'\n');
            }
        }
        self.rest = all.split_off(whole);
    }

    fn end(&mut self, lines: bool) {
        let rest = core::mem::take(&mut self.rest);
        if !rest.is_empty() {
            self.encode(&rest);
            if lines {
                self.text.push(b'\n');
            }
        }
    }

    /// Hands text to the BIO behind; what that says when it does not take all of it.
    fn send(&mut self, next: &BIO) -> Result<(), c_int> {
        while !self.text.is_empty() {
            match next.write(&self.text) {
                n if n > 0 => {
                    let n = crate::args::length(n).min(self.text.len());
                    self.text.drain(..n);
                }
                n => return Err(n),
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Decoder {
    /// A line in front of the base64, which may be its first.
    line: Vec<u8>,
    begun: bool,
    ended: bool,
    /// Six bits each, and how many `=` there were.
    group: Vec<u8>,
    filled: usize,
    bytes: Vec<u8>,
}

impl Decoder {
    fn letter(&mut self, byte: u8) {
        match byte {
            _ if self.ended => {}
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'=' if self.group.len() + self.filled >= 2 => self.filled += 1,
            _ => match LETTERS.iter().position(|letter| *letter == byte) {
                // LETTERS has 64.
                Some(six) if self.filled == 0 => self.group.push(six as u8),
                // The end of a PEM block, or no base64.
                _ => self.ended = true,
            },
        }
        if self.group.len() + self.filled == 4 {
            let at = |at: usize| u32::from(self.group.get(at).copied().unwrap_or(0));
            let word = (at(0) << 18 | at(1) << 12 | at(2) << 6 | at(3)).to_be_bytes();
            self.bytes.extend_from_slice(&word[1..4 - self.filled]);
            self.ended |= self.filled > 0;
            self.group.clear();
            self.filled = 0;
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.begun {
                self.letter(*byte);
            } else if *byte == b'\n' {
                self.begin();
            } else if self.line.len() < PIECE {
                self.line.push(*byte);
            }
        }
    }

    /// At the end of a line: the first of base64 alone begins it.
    fn begin(&mut self) {
        let line = core::mem::take(&mut self.line);
        let text = line.trim_ascii_end();
        let base64 = |byte: &u8| LETTERS.contains(byte) || *byte == b'=';
        if !text.is_empty() && text.iter().all(base64) {
            self.begun = true;
            text.iter().for_each(|byte| self.letter(*byte));
        }
    }

    fn take(&mut self, room: Room<'_>) -> usize {
        let n = self.bytes.len().min(room.len());
        fill(room, &self.bytes[..n]);
        self.bytes.drain(..n);
        n
    }
}

impl Base64 {
    fn send(&self, bio: &BIO, next: &Owned<BIO>) -> Result<(), c_int> {
        let sent = self.written.borrow_mut().send(next);
        if sent.is_err() {
            bio.copy_retry(next);
        }
        sent
    }
}

fn has_lines(bio: &BIO) -> bool {
    bio.flags.get() & NO_LINES == 0
}

impl Behaviour for Base64 {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        let Some(next) = bio.next() else { return 0 };
        bio.clear_retry();
        let mut done = 0;
        loop {
            done += self.read.borrow_mut().take(&mut room[done..]);
            if done == room.len() || self.read.borrow().ended {
                return count(done);
            }
            let mut piece = [MaybeUninit::uninit(); PIECE];
            let n = next.read(&mut piece);
            let mut read = self.read.borrow_mut();
            read.begun |= !has_lines(bio);
            if n > 0 {
                // SAFETY: the BIO behind has filled them.
                read.add(unsafe { piece[..crate::args::length(n)].assume_init_ref() });
                continue;
            }
            bio.copy_retry(&next);
            if next.should_retry() {
                return if done > 0 { count(done) } else { n };
            }
            // As in OpenSSL: what no line feed ends is no line that begins it.
            read.ended = true;
        }
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        let Some(next) = bio.next() else { return 0 };
        bio.clear_retry();
        let mut done = 0;
        for piece in bytes.chunks(PIECE) {
            if let Err(n) = self.send(bio, &next) {
                return if done > 0 { count(done) } else { n };
            }
            self.written.borrow_mut().add(piece, has_lines(bio));
            done += piece.len();
        }
        // What cannot go now goes with the next call.
        let _ = self.written.borrow_mut().send(&next);
        count(done)
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        let Some(next) = bio.next() else { return 0 };
        let many = |n: usize| c_long::try_from(n).unwrap_or(c_long::MAX);
        match cmd {
            ctrl::FLUSH => {
                self.written.borrow_mut().end(has_lines(bio));
                match self.send(bio, &next) {
                    Ok(()) => next.command(ctrl::FLUSH),
                    Err(n) => c_long::from(n),
                }
            }
            ctrl::PENDING if !self.read.borrow().bytes.is_empty() => {
                many(self.read.borrow().bytes.len())
            }
            ctrl::WPENDING if !self.written.borrow().text.is_empty() => {
                many(self.written.borrow().text.len())
            }
            // As OpenSSL's: part of a line, though it is no text yet.
            ctrl::WPENDING if has_lines(bio) && !self.written.borrow().rest.is_empty() => 1,
            ctrl::EOF if self.read.borrow().ended => 1,
            ctrl::RESET => {
                self.written.take();
                self.read.take();
                next.command(ctrl::RESET)
            }
            ctrl::PUSH | ctrl::POP => 1,
            // SAFETY: the program's command, for the BIO behind.
            _ => unsafe { next.ctrl(cmd, num, ptr) },
        }
    }
}
