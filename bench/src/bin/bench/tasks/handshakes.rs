//! Handshakes: the time of each side, from making its connection to dropping it.

use super::{Sampler, Samples, Task};
use crate::bars::Bar;
use crate::limit;
use crate::report::{Better, Row};
use crate::wire::Wire;
use crate::work::{Bulk, Key, Kind, Pair, Work, prepare};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Ahead of everybody, and within 1.10 of the raw primitives.
const FULL: [Bar; 2] = [Bar::Best(1.0), Bar::Limit(1.0 / 1.1)];

/// 0.6 of the best peer's time.
const RESUMED: [Bar; 1] = [Bar::Best(1.0 / 0.6)];

pub(super) fn tasks() -> Vec<Task> {
    let work = |key, kind| Work {
        key,
        bulk: Bulk::Aes128Gcm,
        kind,
    };
    let task = |name: &str, work: Work, limit, bars: &[Bar]| Task {
        rows: ["server", "client"]
            .map(|side| Row {
                group: "handshakes",
                name: format!("{name}, {side}"),
                unit: "µs",
                better: Better::Lower,
                bars: bars.to_vec(),
            })
            .to_vec(),
        start: Box::new(move |peer, pki| {
            let pair = prepare(peer, work, pki)?;
            Some(sampler(pair, if work.kind == Kind::Full { 2 } else { 30 }))
        }),
        limit,
        samples: Samples::Short,
        ours_alone: false,
    };
    vec![
        task(
            "full RSA-2048 x25519",
            work(Key::Rsa2048, Kind::Full),
            Some(limit::full_rsa),
            &FULL,
        ),
        task(
            "full ECDSA-P256 x25519",
            work(Key::P256, Kind::Full),
            Some(limit::full_p256),
            &FULL,
        ),
        task(
            "resumed by ID",
            work(Key::P256, Kind::ById),
            Some(limit::resumed),
            &RESUMED,
        ),
        task(
            "resumed by ticket",
            work(Key::P256, Kind::ByTicket),
            Some(limit::resumed),
            &RESUMED,
        ),
    ]
}

/// Microseconds of the server and of the client, each for one of `count` handshakes.
fn sampler(pair: Rc<dyn Pair>, count: u32) -> Sampler {
    // The same rings for all: what a ring takes of the allocator would show in the connections'.
    let wires = Wire::pair();
    wires.0.reserve();
    Box::new(move || {
        // The first one warms up: others had the caches before.
        handshake(&*pair, wires.clone(), &mut [Duration::ZERO; 2]);
        let mut spent = [Duration::ZERO; 2];
        for _ in 0..count {
            handshake(&*pair, wires.clone(), &mut spent);
        }
        spent
            .map(|s| s.as_secs_f64() * 1e6 / f64::from(count))
            .to_vec()
    })
}

fn timed<T>(spent: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = work();
    *spent += begin.elapsed();
    done
}

fn handshake(pair: &dyn Pair, wires: (Wire, Wire), [server, client]: &mut [Duration; 2]) {
    let (client_wire, server_wire) = wires;
    client_wire.clear();
    let mut c = timed(client, || pair.client(client_wire));
    let mut s = timed(server, || pair.server(server_wire));
    loop {
        let ours = timed(client, || c.handshake());
        let theirs = timed(server, || s.handshake());
        if ours && theirs {
            break;
        }
    }
    timed(client, || drop(c));
    timed(server, || drop(s));
}
