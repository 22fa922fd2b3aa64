//! Does memory stay flat over a million handshakes, and what does an idle connection hold?
//!
//! Both ends live in this process. Handshakes alternate between full ones and ones resumed by ticket and by
//! session ID; after each twentieth of them resident memory is printed, and the spread over all but the first
//! twentieth (caches and stores fill) must stay within 5 %. Then idle connections are opened and kept: bytes
//! of heap for each, client and server apart, after a message each way.
//!
//! `soak [HANDSHAKES [CONNECTIONS]]`: 1,000,000 and 10,000 by default.

mod counting;
mod pair;

use pair::{Kind, Pair};
use std::process::exit;
use std::time::Instant;

/// What counts as flat: the largest sample over the smallest.
const FLAT: f64 = 1.05;

/// How often resident memory is looked at.
const SAMPLES: usize = 20;

#[global_allocator]
static HEAP: counting::Heap = counting::Heap;

fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |default: usize| words.next().map_or(Ok(default), |n| n.parse());
    let (Ok(handshakes), Ok(connections)) = (number(1_000_000), number(10_000)) else {
        eprintln!("usage: soak [HANDSHAKES [CONNECTIONS]]");
        exit(2);
    };
    let pair = Pair::new();
    let spread = mixed(&pair, handshakes.max(SAMPLES));
    idle(&pair, connections.max(1));
    if spread > FLAT {
        eprintln!(
            "resident memory is not flat: the largest sample is {spread:.3} times the smallest"
        );
        exit(1);
    }
}

/// The handshakes; the spread of resident memory.
fn mixed(pair: &Pair, handshakes: usize) -> f64 {
    let begin = Instant::now();
    let mut done = [0_usize; Kind::ALL.len()];
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    println!(
        "{:>12} {:>14} {:>12}",
        "handshakes", "resident KiB", "heap KiB"
    );
    for n in 1..=handshakes {
        let kind = Kind::ALL[n % Kind::ALL.len()];
        drop(pair.connect(kind));
        done[n % Kind::ALL.len()] += 1;
        if n.is_multiple_of(handshakes / SAMPLES) {
            let resident = resident_kib();
            println!("{n:>12} {resident:>14} {:>12}", counting::live() / 1024);
            if n > handshakes / SAMPLES {
                least = least.min(resident as f64);
                most = most.max(resident as f64);
            }
        }
    }
    let kinds = Kind::ALL.iter().zip(done);
    let kinds: Vec<String> = kinds.map(|(kind, n)| format!("{n} {kind:?}")).collect();
    println!(
        "{} in {:.0} s; resident memory: largest / smallest = {:.3}",
        kinds.join(", "),
        begin.elapsed().as_secs_f64(),
        most / least,
    );
    most / least
}

/// The idle connections.
fn idle(pair: &Pair, connections: usize) {
    let mut kept = Vec::with_capacity(connections);
    // What the first one makes for all: pools, tables.
    drop(pair.connect(Kind::Full));
    let (heap, resident) = (counting::live(), resident_kib());
    for _ in 0..connections {
        let (mut client, mut server) = pair.connect(Kind::Full);
        pair::converse(&mut client, &mut server);
        kept.push((client, server));
    }
    let both = (counting::live() - heap) / connections;
    let grown = (resident_kib() - resident) * 1024 / connections;
    let holding = kept
        .iter()
        .any(|(c, s)| c.holds_buffer() || s.holds_buffer());
    let (clients, servers): (Vec<_>, Vec<_>) = kept.into_iter().unzip();
    let before = counting::live();
    drop(clients);
    let client = (before - counting::live()) / connections;
    println!(
        "{connections} idle connections: {client} bytes of heap a client, {} a server, and {} of each \
         Connection itself; {grown} bytes resident a pair; record buffers held: {}",
        both.saturating_sub(client),
        size_of::<tls_core::conn::Connection>(),
        if holding { "yes" } else { "none" },
    );
    drop(servers);
}

/// Resident memory of this process, by /proc.
fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc is mounted");
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .expect("VmRSS is a number of KiB")
}
