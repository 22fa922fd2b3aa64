//! Memory: what an idle connection holds, and what a full handshake takes.

use super::{Sampler, Samples, Task};
use crate::bars::Bar;
use crate::heap;
use crate::report::{Better, Row};
use crate::wire::Wire;
use crate::work::{Bulk, End, Key, Kind, Pair, Work, connect, prepare};

const WORK: Work = Work {
    key: Key::P256,
    bulk: Bulk::Aes128Gcm,
    kind: Kind::Full,
};

fn row(name: &str, unit: &'static str, most: f64) -> Row {
    Row {
        group: "memory",
        name: name.to_owned(),
        unit,
        better: Better::Lower,
        bars: vec![Bar::AtMost(most)],
    }
}

pub(super) fn tasks() -> Vec<Task> {
    let task = |rows, sampler: fn(&dyn Pair) -> Vec<f64>| Task {
        rows,
        start: Box::new(move |peer, pki| {
            let pair = prepare(peer, WORK, pki)?;
            Some(Box::new(move || sampler(&*pair)) as Sampler)
        }),
        limit: None,
        samples: Samples::One,
        ours_alone: false,
    };
    vec![
        task(
            vec![
                row("heap, idle client", "B", 3e3),
                row("heap, idle server", "B", 3e3),
            ],
            idle,
        ),
        task(
            vec![
                row("allocations, full handshake, both", "", 60.0),
                row("peak heap, full handshake, both", "B", 16e3),
            ],
            taken,
        ),
    ]
}

/// What is taken and kept while `work` runs.
fn kept<T>(total: &mut isize, work: impl FnOnce() -> T) -> T {
    let before = heap::live();
    let done = work();
    *total += heap::live() - before;
    done
}

/// Bytes of each idle client and server, after a message each way. The rings are not theirs.
fn idle(pair: &dyn Pair) -> Vec<f64> {
    const COUNT: usize = 200;
    let (mut client_bytes, mut server_bytes) = (0, 0);
    // What the first connection makes for all of them.
    drop(connect(pair));
    let mut ends: Vec<(Box<dyn End>, Box<dyn End>)> = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let (client_wire, server_wire) = Wire::pair();
        client_wire.reserve();
        let mut client = kept(&mut client_bytes, || pair.client(client_wire));
        let mut server = kept(&mut server_bytes, || pair.server(server_wire));
        loop {
            let done = (
                kept(&mut client_bytes, || client.handshake()),
                kept(&mut server_bytes, || server.handshake()),
            );
            if done == (true, true) {
                break;
            }
        }
        let mut buffer = [0; 64];
        kept(&mut client_bytes, || client.write(b"hello"));
        kept(&mut server_bytes, || {
            assert_eq!(server.read(&mut buffer), 5)
        });
        kept(&mut server_bytes, || {
            assert_eq!(server.read(&mut buffer), 0)
        });
        kept(&mut server_bytes, || server.write(b"hello"));
        kept(&mut client_bytes, || {
            assert_eq!(client.read(&mut buffer), 5)
        });
        kept(&mut client_bytes, || {
            assert_eq!(client.read(&mut buffer), 0)
        });
        ends.push((client, server));
    }
    [client_bytes, server_bytes]
        .map(|bytes| bytes as f64 / COUNT as f64)
        .to_vec()
}

/// Allocations, and the most bytes at once.
fn taken(pair: &dyn Pair) -> Vec<f64> {
    let (client, server) = Wire::pair();
    client.reserve();
    let _ = heap::peak();
    let (calls, live) = (heap::calls(), heap::live());
    let (mut client, mut server) = (pair.client(client), pair.server(server));
    while !(client.handshake() & server.handshake()) {}
    vec![(heap::calls() - calls) as f64, (heap::peak() - live) as f64]
}
