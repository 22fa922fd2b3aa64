//! The error queue: fifteen errors for each thread, oldest first, as OpenSSL keeps it. It is the one thread-local
//! state of the library; libtlscore itself has none.

pub mod api;
pub mod read;
mod reasons;

use core::cell::RefCell;
use core::ffi::{c_int, c_ulong};
use core::mem::ManuallyDrop;
use std::collections::VecDeque;
use std::ffi::CString;

pub(crate) use reasons::other::{bio, evp, pem, x509};
pub(crate) use reasons::{lib_text, native, reason_text, ssl};

/// ERR_R_INTERNAL_ERROR
pub(crate) const INTERNAL_ERROR: c_int = 786_691;
/// ERR_R_MALLOC_FAILURE
pub(crate) const MALLOC_FAILURE: c_int = 786_688;
/// ERR_R_PASSED_NULL_PARAMETER
pub(crate) const PASSED_NULL: c_int = 786_690;
/// ERR_R_PASSED_INVALID_ARGUMENT
pub(crate) const INVALID_ARGUMENT: c_int = 524_550;
/// ERR_R_UNSUPPORTED
pub(crate) const UNSUPPORTED: c_int = 524_556;
/// ERR_R_SYS_LIB
pub(crate) const SYS_LIB: c_int = 524_290;
/// ERR_R_PEM_LIB
pub(crate) const PEM_LIB: c_int = 524_297;
/// ERR_R_ASN1_LIB
pub(crate) const ASN1_LIB: c_int = 524_301;

/// Errors that are kept of one thread: one less than OpenSSL's ring has places.
const ENTRIES: usize = 15;

/// ERR_TXT_STRING
const TEXT: c_int = 2;

/// Whose error it is, by OpenSSL's numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lib {
    Evp = 6,
    Pem = 9,
    X509 = 11,
    Asn1 = 13,
    Ssl = 20,
    Bio = 32,
}

#[derive(Clone, Default)]
pub(crate) struct Entry {
    pub(crate) code: c_ulong,
    pub(crate) file: Option<CString>,
    pub(crate) line: c_int,
    pub(crate) func: Option<CString>,
    pub(crate) data: Option<CString>,
    marks: u32,
}

impl Entry {
    pub(crate) const fn flags(&self) -> c_int {
        if self.data.is_some() { TEXT } else { 0 }
    }
}

struct Queue {
    entries: VecDeque<Entry>,
    /// What a program was last shown: its strings stay until the next look.
    shown: Entry,
}

impl Queue {
    const fn new() -> Self {
        Self {
            entries: VecDeque::new(),
            shown: Entry {
                code: 0,
                file: None,
                line: 0,
                func: None,
                data: None,
                marks: 0,
            },
        }
    }
}

thread_local! {
    /// Never dropped, so that it is there in destructors of thread-locals and in what atexit() calls.
    static QUEUE: RefCell<ManuallyDrop<Queue>> = const { RefCell::new(ManuallyDrop::new(Queue::new())) };
    static LAST: Last = const { Last };
}

/// Gives the memory of a thread's queue back when the thread ends. The main thread's ends with the process.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        // SAFETY: calls without arguments.
        if unsafe { libc::gettid() != libc::getpid() } {
            with(|queue| *queue = Queue::new());
        }
    }
}

/// Which error of the queue is meant.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// The oldest, taken out.
    Get,
    /// The oldest.
    Peek,
    /// The newest.
    PeekLast,
}

/// The code of an error in a library.
pub(crate) fn pack(lib: c_int, reason: c_int) -> c_ulong {
    let system = c_ulong::from(reason.cast_unsigned()) & 0x7fff_ffff;
    match lib {
        2 => system | 0x8000_0000,
        _ => (c_ulong::from(lib.cast_unsigned()) & 0xff) << 23 | system & 0x7f_ffff,
    }
}

/// Appends an error with a sentence of ours, which is shown behind OpenSSL's words for it.
pub(crate) fn put(lib: Lib, reason: c_int, text: impl Into<Vec<u8>>) {
    push(pack(lib as c_int, reason), text.into());
}

/// The operating system's error, as OpenSSL tells it.
pub(crate) fn put_system(errno: c_int, text: impl Into<Vec<u8>>) {
    push(pack(2, errno), text.into());
}

fn push(code: c_ulong, mut text: Vec<u8>) {
    text.retain(|byte| *byte != 0);
    push_entry(Entry {
        code,
        data: (!text.is_empty()).then(|| CString::new(text).unwrap_or_default()),
        ..Entry::default()
    });
}

pub(crate) fn push_entry(entry: Entry) {
    // Nobody frees what a thread that is taken down leaves: there an error is its code alone.
    let entry = match LAST.try_with(|_| ()) {
        Ok(()) => entry,
        Err(_) => Entry {
            code: entry.code,
            ..Entry::default()
        },
    };
    with(|queue| {
        if queue.entries.len() == ENTRIES {
            queue.entries.pop_front();
        }
        queue.entries.push_back(entry);
    });
}

pub(crate) fn clear() {
    with(|queue| {
        if !queue.entries.is_empty() {
            queue.entries = VecDeque::new();
        }
    });
}

/// The code of the oldest error; 0: there is none.
pub(crate) fn first() -> c_ulong {
    with(|queue| queue.entries.front().map_or(0, |entry| entry.code))
}

/// Whether the newest error is this one.
pub(crate) fn is_last(lib: Lib, reason: c_int) -> bool {
    let code = pack(lib as c_int, reason);
    with(|queue| queue.entries.back().is_some_and(|entry| entry.code == code))
}

/// Shows an error: `f` sees it in a place where its strings stay until the next look.
pub(crate) fn show<T>(which: Which, f: impl FnOnce(&Entry) -> T) -> Option<T> {
    with(|queue| {
        queue.shown = match which {
            Which::Get => queue.entries.pop_front(),
            Which::Peek => queue.entries.front().cloned(),
            Which::PeekLast => queue.entries.back().cloned(),
        }?;
        if queue.entries.is_empty() {
            queue.entries = VecDeque::new();
        }
        Some(f(&queue.shown))
    })
}

/// Marks the newest error, to come back to; false: there is none.
pub(crate) fn mark() -> bool {
    with(|queue| queue.entries.back_mut().map(|entry| entry.marks += 1)).is_some()
}

/// Takes out what came behind the last mark, and the mark; false: there was no mark.
pub(crate) fn pop_to_mark() -> bool {
    with(|queue| {
        while let Some(entry) = queue.entries.back_mut() {
            if entry.marks > 0 {
                entry.marks -= 1;
                return true;
            }
            queue.entries.pop_back();
        }
        false
    })
}

/// Forgets the last mark alone; false: there was none.
pub(crate) fn clear_mark() -> bool {
    with(|queue| {
        let marked = queue.entries.iter_mut().rev().find(|entry| entry.marks > 0);
        marked.map(|entry| entry.marks -= 1)
    })
    .is_some()
}

/// A name of the program's for the newest error.
pub(crate) fn change_last(f: impl FnOnce(&mut Entry)) {
    with(|queue| queue.entries.back_mut().map(f));
}

/// `T::default()` inside of another one: nothing that is run here calls the program.
fn with<T: Default>(f: impl FnOnce(&mut Queue) -> T) -> T {
    QUEUE.with(|queue| match queue.try_borrow_mut() {
        Ok(mut queue) => f(&mut queue),
        Err(_) => T::default(),
    })
}
