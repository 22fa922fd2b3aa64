//! A broken pipe must not end the process. Rust programs ignore SIGPIPE from their start, C programs
//! do not: this one takes the default back. Alone in its process for that reason.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(unix)]

#[path = "all/common/mod.rs"]
mod common;

use common::*;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use tls_std::transport::FdTransport;
use tls_std::{Reason, Stop};

fn fails_with_epipe(read_fd: i32, write_fd: i32) {
    let (mut client, _) = pair();
    client.set_transport(Some(Box::new(FdTransport::new(read_fd, write_fd))));
    assert_eq!(client.handshake(), Err(Stop::Failed));
    let error = client.error().unwrap();
    assert_eq!(error.reason(), Reason::TransportFailed);
    assert_eq!(error.os_error(), Some(libc::EPIPE));
}

fn blocked_signals() -> libc::sigset_t {
    // SAFETY: a zeroed set that pthread_sigmask fills; a NULL second argument changes nothing.
    unsafe {
        let mut set: libc::sigset_t = core::mem::zeroed();
        libc::pthread_sigmask(libc::SIG_BLOCK, core::ptr::null(), &raw mut set);
        set
    }
}

fn has_sigpipe(set: &libc::sigset_t) -> bool {
    // SAFETY: a set that was initialised by the system.
    unsafe { libc::sigismember(set, libc::SIGPIPE) == 1 }
}

#[test]
fn broken_pipes_and_sockets_raise_no_signal() {
    // SAFETY: no other thread of this test depends on the disposition.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let (socket, peer) = UnixStream::pair().unwrap();
    drop(peer);
    fails_with_epipe(socket.as_raw_fd(), socket.as_raw_fd());

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    for _ in 0..2 {
        fails_with_epipe(socket.as_raw_fd(), writer.as_raw_fd());
        assert!(!has_sigpipe(&blocked_signals()), "the mask is as it was");
    }

    // A signal that waited before stays: it is not ours to take.
    // SAFETY: sets on the stack, the signal mask and the signal of this thread alone.
    unsafe {
        let mut pipe: libc::sigset_t = core::mem::zeroed();
        libc::sigemptyset(&raw mut pipe);
        libc::sigaddset(&raw mut pipe, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const pipe, core::ptr::null_mut());
        libc::pthread_kill(libc::pthread_self(), libc::SIGPIPE);
        fails_with_epipe(socket.as_raw_fd(), writer.as_raw_fd());
        let mut pending: libc::sigset_t = core::mem::zeroed();
        libc::sigpending(&raw mut pending);
        assert!(has_sigpipe(&pending));
        assert!(has_sigpipe(&blocked_signals()));
        let mut taken = 0;
        libc::sigwait(&raw const pipe, &raw mut taken);
        assert_eq!(taken, libc::SIGPIPE);
    }
}
