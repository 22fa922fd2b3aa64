//! No allocation per record in steady state, and no buffer held by an idle connection.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "all/common/mod.rs"]
mod common;

use common::psk::{keypair_for, share_key};
use common::{client, config, handshake, server, server_config};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::sync::Arc;
use tls_core::config::LEGACY;
use tls_core::conn::Connection;
use tls_core::crypto::SUITES;
use tls_core::inspect::{Event, Observer, Observers};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged; counting touches a thread-local
// without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// One write on one end, moved and read on the other, without an allocation of the test's own.
fn round(from: &mut Connection, to: &mut Connection, data: &[u8], out: &mut [MaybeUninit<u8>]) {
    let mut rest = data;
    while !rest.is_empty() {
        let n = from.write(rest).unwrap();
        rest = &rest[n..];
        let mut got = 0;
        while got < n {
            let space = to.recv_buffer();
            let moved = space.len().min(from.outgoing().len());
            space[..moved].copy_from_slice(&from.outgoing()[..moved]);
            to.received(moved);
            from.sent(moved);
            while got < n {
                match to.read(out) {
                    Ok(m) => got += m,
                    Err(_) => break,
                }
            }
        }
    }
}

/// Looks on and keeps nothing.
#[derive(Debug)]
struct Onlooker;

impl Observers for Onlooker {
    fn observe(&self, _: bool) -> Option<Box<dyn Observer>> {
        Some(Box::new(Self))
    }
}

impl Observer for Onlooker {
    fn event(&mut self, event: Event<'_>) {
        assert!(!matches!(event, Event::Failed(_)));
    }
}

#[test]
fn no_allocation_per_record_in_steady_state() {
    check(None);
}

#[test]
fn looking_on_allocates_nothing_per_record() {
    check(Some(Arc::new(Onlooker)));
}

fn check(observers: Option<Arc<dyn Observers>>) {
    let mut out = vec![MaybeUninit::uninit(); 70_000];
    let data = vec![0x5a; 70_000];
    for suite in SUITES {
        let mut c = config(&LEGACY);
        c.suites = vec![suite];
        let mut s = server_config(&LEGACY, &[keypair_for(suite)]);
        share_key(suite, [&mut c, &mut s]);
        c.observers = observers.clone();
        s.observers = observers.clone();
        let (mut c, mut s) = (client(c), server(s));
        handshake(&mut c, &mut s).unwrap();
        // The first rounds fill the pool and build tables.
        round(&mut c, &mut s, &data, &mut out);
        round(&mut s, &mut c, &data, &mut out);
        let before = ALLOCATIONS.with(Cell::get);
        for size in [1, 100, 16384, 70_000] {
            round(&mut c, &mut s, &data[..size], &mut out);
            round(&mut s, &mut c, &data[..size], &mut out);
            // A reader with a small buffer takes the other path.
            round(&mut c, &mut s, &data[..size], &mut out[..100]);
        }
        let after = ALLOCATIONS.with(Cell::get);
        assert_eq!(after - before, 0, "{}", suite.name);
        assert!(!c.holds_buffer() && !s.holds_buffer(), "{}", suite.name);
    }
}
