//! Application data: what a sender's calls take, and what a receiver's do.

use super::{Sampler, Samples, Task};
use crate::bars::Bar;
use crate::limit;
use crate::report::{Better, Row};
use crate::wire::Wire;
use crate::work::{Bulk, End, Pair, Work, prepare};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Bytes that are written before they are read: the caches of a CPU hold them.
const BATCH: usize = 128 << 10;

/// A receiver's buffer in bytes.
const BUFFER: usize = 16 << 10;

pub(super) fn tasks() -> Vec<Task> {
    use Bulk::{Aes128CbcSha, Aes128CbcShaEtm, Aes128Gcm, Aes256Gcm, ChaCha20};
    const KIB: usize = 1 << 10;
    let limit: [Option<fn() -> Sampler>; 3] = [
        Some(limit::aes128),
        Some(limit::aes256),
        Some(limit::chacha),
    ];
    // A part of the limit is asked for where there is one; the C API costs next to nothing.
    let large = [
        Bar::Best(1.25),
        Bar::OpenSsl(2.2),
        Bar::Limit(0.92),
        Bar::CApi(0.97),
    ];
    let small = [Bar::Best(1.4)];
    let chacha = [Bar::Best(1.1)];
    let mut tasks = vec![
        stream(
            "bulk",
            "AES-128-GCM 16 KiB",
            Aes128Gcm,
            16 * KIB,
            limit[0],
            &large,
        ),
        stream(
            "bulk",
            "AES-256-GCM 16 KiB",
            Aes256Gcm,
            16 * KIB,
            limit[1],
            &large,
        ),
        stream(
            "bulk",
            "ChaCha20-Poly1305 16 KiB",
            ChaCha20,
            16 * KIB,
            limit[2],
            &chacha,
        ),
        stream(
            "small records",
            "AES-128-GCM 1350 B",
            Aes128Gcm,
            1350,
            None,
            &small,
        ),
        stream(
            "small records",
            "AES-128-GCM 64 B",
            Aes128Gcm,
            64,
            None,
            &small,
        ),
        stream(
            "small records",
            "ChaCha20-Poly1305 1350 B",
            ChaCha20,
            1350,
            None,
            &chacha,
        ),
    ];
    tasks.push(ping_pong());
    for (form, bulk) in [("MtE", Aes128CbcSha), ("EtM", Aes128CbcShaEtm)] {
        for size in [16, 64] {
            let name = format!("AES-128-CBC-SHA {form}, {size} KiB writes");
            let bar = Bar::OpenSsl(if size == 64 { 1.2 } else { 1.0 });
            tasks.push(stream("CBC", &name, bulk, size * KIB, None, &[bar]));
        }
    }
    tasks
}

fn stream(
    group: &'static str,
    name: &str,
    bulk: Bulk,
    size: usize,
    limit: Option<fn() -> Sampler>,
    bars: &[Bar],
) -> Task {
    let row = |way| Row {
        group,
        name: format!("{name}, {way}"),
        unit: "GB/s",
        better: Better::Higher,
        bars: bars.to_vec(),
    };
    Task {
        rows: ["send", "receive"].map(row).to_vec(),
        start: Box::new(move |peer, pki| {
            let pair = prepare(peer, Work::traffic(bulk), pki)?;
            Some(one_way(&*pair, size))
        }),
        limit,
        samples: Samples::Short,
        ours_alone: false,
    }
}

/// Ends that are connected, over rings with room.
fn connected(pair: &dyn Pair) -> (Box<dyn End>, Box<dyn End>) {
    let (client, server) = Wire::pair();
    client.reserve();
    let (mut client, mut server) = (pair.client(client), pair.server(server));
    while !(client.handshake() & server.handshake()) {}
    (client, server)
}

/// Gigabytes of plaintext a second, sent and received.
fn one_way(pair: &dyn Pair, size: usize) -> Sampler {
    let (mut client, mut server) = connected(pair);
    let data = vec![0x5a; size];
    let mut buffer = vec![0; BUFFER];
    let writes = (BATCH / size).max(1);
    Box::new(move || {
        let (mut sending, mut receiving, mut bytes) = (Duration::ZERO, Duration::ZERO, 0);
        let mut is_warm = false;
        while sending + receiving < Duration::from_millis(1) {
            let begin = Instant::now();
            for _ in 0..writes {
                server.write(&data);
            }
            let sent = Instant::now();
            let mut left = writes * size;
            while left > 0 {
                let n = client.read(&mut buffer);
                assert!(n > 0, "data is missing");
                left -= n;
            }
            let received = Instant::now();
            // Whoever had the caches before leaves nothing of ours in them.
            if std::mem::replace(&mut is_warm, true) {
                sending += sent - begin;
                receiving += received - sent;
                bytes += writes * size;
            }
        }
        [sending, receiving]
            .map(|time| bytes as f64 / time.as_secs_f64() / 1e9)
            .to_vec()
    })
}

fn ping_pong() -> Task {
    const SIZE: usize = 64;
    Task {
        rows: vec![Row {
            group: "small records",
            name: "64 B request and response".to_owned(),
            unit: "k/s",
            better: Better::Higher,
            bars: vec![Bar::Best(1.4)],
        }],
        start: Box::new(|peer, pki| {
            let pair: Rc<dyn Pair> = prepare(peer, Work::traffic(Bulk::Aes128Gcm), pki)?;
            let (mut client, mut server) = connected(&*pair);
            let mut buffer = [0; BUFFER];
            Some(Box::new(move || {
                const WARM_UP: u32 = 100;
                const ROUNDS: u32 = 1000;
                let mut begin = Instant::now();
                for round in 0..WARM_UP + ROUNDS {
                    if round == WARM_UP {
                        begin = Instant::now();
                    }
                    client.write(&[1; SIZE]);
                    assert_eq!(server.read(&mut buffer), SIZE);
                    server.write(&[2; SIZE]);
                    assert_eq!(client.read(&mut buffer), SIZE);
                }
                vec![f64::from(ROUNDS) / begin.elapsed().as_secs_f64() / 1e3]
            }))
        }),
        limit: None,
        samples: Samples::Short,
        ours_alone: false,
    }
}
