//! What a program uses of OpenSSL, and what becomes of each function when it is rebuilt on tlscore.
//!
//! `bytes of a file -> [read]: names of functions, with the library they are asked of -> [table]: verdicts -> [report]`.
//! Nothing of a file is executed or believed: what is cut off or contradicts itself is an [`Error`].
#![forbid(unsafe_code)]

mod elf;
mod read;
pub mod report;
mod source;
mod table;

pub use read::{Error, Use, read};
pub use table::{Entry, Library, Table, Verdict};
