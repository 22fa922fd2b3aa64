//! No allocation per record in steady state, few in a handshake, and little held by an idle connection. The counts are
//! exact; `--nocapture` shows them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "all/common/mod.rs"]
mod common;

use common::psk::{keypair_for, share_key};
use common::{client, config, handshake, server, server_config};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::sync::Arc;
use tls_core::cert::ServerName;
use tls_core::config::{Config, LEGACY, MODERN, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::SUITES;
use tls_core::inspect::{Event, Observer, Observers};
use tls_core::session::{MemoryClientStore, MemoryStore, TicketRing};
use tls_crypto::DefaultProvider;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    let live = LIVE.get() + bytes;
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

// SAFETY: every call goes to the system's allocator unchanged; counting touches thread-locals
// without destructors.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        count(layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What `work` takes: allocations, and the most bytes at once beyond those that were there.
fn taken<T>(work: impl FnOnce() -> T) -> (T, usize, isize) {
    let (allocations, live) = (ALLOCATIONS.get(), LIVE.get());
    PEAK.set(live);
    let done = work();
    (done, ALLOCATIONS.get() - allocations, PEAK.get() - live)
}

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
        let before = ALLOCATIONS.get();
        for size in [1, 100, 16384, 70_000] {
            round(&mut c, &mut s, &data[..size], &mut out);
            round(&mut s, &mut c, &data[..size], &mut out);
            // A reader with a small buffer takes the other path.
            round(&mut c, &mut s, &data[..size], &mut out[..100]);
        }
        let after = ALLOCATIONS.get();
        assert_eq!(after - before, 0, "{}", suite.name);
        assert!(!c.holds_buffer() && !s.holds_buffer(), "{}", suite.name);
    }
}

/// Moves bytes, without allocations of the test's own, until nobody has anything to say.
fn shake(client: &mut Connection, server: &mut Connection) {
    loop {
        let done = (client.handshake(), server.handshake());
        let mut moved = 0;
        let (mut from, mut to) = (&mut *client, &mut *server);
        for _ in 0..2 {
            let n = to.feed(from.outgoing());
            from.sent(n);
            moved += n;
            (from, to) = (to, from);
        }
        match done {
            (Ok(()), Ok(())) if moved == 0 => return,
            (Ok(()) | Err(Stop::WantRead), Ok(()) | Err(Stop::WantRead)) => {}
            other => panic!("{other:?}: {:?} {:?}", client.error(), server.error()),
        }
    }
}

/// Shared configurations, as contexts have them: what is made once is made.
struct Pair {
    client: Arc<Config>,
    server: Arc<Config>,
    name: ServerName,
}

impl Pair {
    fn new(edit: impl FnOnce(&mut Config, &mut Config)) -> Self {
        let (mut client, mut server) = (config(&MODERN), server_config(&MODERN, &["server-p256"]));
        edit(&mut client, &mut server);
        let pair = Self {
            client: Arc::new(client),
            server: Arc::new(server),
            name: ServerName::parse("example.test").unwrap(),
        };
        pair.connect();
        pair
    }

    fn connect(&self) -> (Connection, Connection) {
        let name = Some(self.name.clone());
        let mut client = Connection::client(self.client.clone(), name.clone(), name);
        let mut server = Connection::server(self.server.clone());
        shake(&mut client, &mut server);
        (client, server)
    }

    /// Allocations and peak of a connection, both sides together.
    fn costs(&self, resumed: bool) -> (usize, isize) {
        let ((client, server), allocations, peak) = taken(|| self.connect());
        assert_eq!(client.facts().resumed, resumed);
        assert_eq!(server.facts().resumed, resumed);
        assert!(!client.holds_buffer() && !server.holds_buffer());
        (allocations, peak)
    }
}

/// Says what was measured: a bound that is far above it is to be lowered.
fn within(what: &str, measured: usize, bound: usize) {
    println!("{what}: {measured} of {bound}");
    assert!(measured <= bound, "{what}: {measured}, at most {bound}");
}

#[test]
fn a_full_handshake_takes_few_allocations() {
    let unjudged = Pair::new(|client, _| client.verification = Verification::AcceptAny);
    let (allocations, peak) = unjudged.costs(false);
    within("allocations", allocations, 46);
    within("peak", peak.cast_unsigned(), 14_500);
    let (judged, _) = Pair::new(|_, _| {}).costs(false);
    within("of the judge", judged - allocations, 6);
}

#[test]
fn a_resumed_handshake_takes_few_allocations() {
    let by_id = Pair::new(|client, server| {
        client.sessions.client_store = Some(Arc::new(MemoryClientStore::new(8)));
        server.sessions.store = Some(Arc::new(MemoryStore::new(64)));
    });
    within("by ID", by_id.costs(true).0, 34);
    let by_ticket = Pair::new(|client, server| {
        client.sessions.client_store = Some(Arc::new(MemoryClientStore::new(8)));
        for config in [client, server] {
            config.sessions.tickets = true;
        }
        let ring = TicketRing::random(Arc::new(DefaultProvider), 43_200);
        server.sessions.sealer = Some(Arc::new(ring));
    });
    within("by ticket", by_ticket.costs(true).0, 34);
}

/// What a connection keeps between records, its configuration apart.
#[test]
fn an_idle_connection_keeps_little() {
    let pair = Pair::new(|_, _| {});
    let before = LIVE.get();
    let (client, server) = pair.connect();
    let both = LIVE.get() - before;
    drop(client);
    let server_alone = LIVE.get() - before;
    drop(server);
    assert_eq!(LIVE.get(), before, "all of it goes");
    // The values themselves stand where their owner has them: on the heap, as a rule.
    let own = size_of::<Connection>();
    let kept = |bytes: isize| bytes.cast_unsigned() + own;
    within("client", kept(both - server_alone), 2700);
    within("server", kept(server_alone), 2700);
}
