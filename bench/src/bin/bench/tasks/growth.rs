//! Does it stay as fast with many connections in a process, and with two threads?

use super::{Sampler, Samples, Task};
use crate::bars::Bar;
use crate::cpu;
use crate::peers::tlscore::Configs;
use crate::pki::Pki;
use crate::report::{Better, Row};
use crate::wire::Wire;
use crate::work::{Bulk, End, Key, Kind, Pair, Work, connect, prepare};
use std::io::{Read, Write};
use std::sync::Barrier;
use std::time::{Duration, Instant};

const WORK: Work = Work {
    key: Key::P256,
    bulk: Bulk::Aes128Gcm,
    kind: Kind::Full,
};

pub(super) fn tasks() -> Vec<Task> {
    let mut tasks: Vec<_> = [1, 100, 10_000].map(among).into_iter().collect();
    if cpu::allowed().len() > 1 {
        tasks.push(threads());
    }
    tasks
}

/// The work of two threads with one context, each on a core of its own: how many times as much as one of them does
/// in the same time. The limit is what two processes reach, which share nothing but the machine.
fn threads() -> Task {
    let row = |name: &str| Row {
        group: "growth",
        name: format!("{name}, 2 threads / 1"),
        unit: "x",
        better: Better::Higher,
        bars: vec![Bar::AtLeast(1.9)],
    };
    Task {
        rows: vec![row("full handshakes"), row("16 KiB records")],
        start: Box::new(|_, pki| Some(gains(Configs::new(WORK, pki), on_threads))),
        limit: Some(|| gains(Configs::new(WORK, &Pki::new()), on_processes)),
        samples: Samples::Long,
        ours_alone: true,
    }
}

/// The time that so many need for the work, each for all of it.
type Together = fn(usize, &Configs, fn(&Configs)) -> Duration;

fn gains(configs: Configs, together: Together) -> Sampler {
    Box::new(move || {
        let gain = |work: fn(&Configs)| {
            let times = [1, 2].map(|count| together(count, &configs, work).as_secs_f64());
            2.0 * times[0] / times[1]
        };
        vec![gain(handshakes), gain(records)]
    })
}

fn handshakes(configs: &Configs) {
    (0..100).for_each(|_| drop(connect(configs)));
}

fn records(configs: &Configs) {
    let (mut client, mut server) = connect(configs);
    let (data, mut buffer) = (vec![7; 16 << 10], vec![0; 16 << 10]);
    for _ in 0..4000 {
        server.write(&data);
        assert_eq!(client.read(&mut buffer), data.len());
    }
}

/// From the first that begins until the last has done the work. Workers look at the clock themselves: who waits for them
/// may be late on a core that they keep busy.
fn on_threads(count: usize, configs: &Configs, work: fn(&Configs)) -> Duration {
    let (zero, start) = (Instant::now(), Barrier::new(count));
    std::thread::scope(|scope| {
        let workers: Vec<_> = cores(count)
            .map(|core| {
                let start = &start;
                scope.spawn(move || {
                    warm_up(core, configs, work);
                    start.wait();
                    times(zero, configs, work)
                })
            })
            .collect();
        let times = workers.into_iter().map(|worker| worker.join());
        span(times.map(|times| times.expect("the work")))
    })
}

/// The same with processes.
fn on_processes(count: usize, configs: &Configs, work: fn(&Configs)) -> Duration {
    let zero = Instant::now();
    let [(ready, tell_ready), (start, tell_start), (done, tell_done)] =
        [(); 3].map(|()| std::io::pipe().expect("a pipe"));
    let read = |mut pipe: &std::io::PipeReader, bytes: &mut [u8]| {
        pipe.read_exact(bytes).expect("bytes of the others");
    };
    for core in cores(count) {
        // SAFETY: no other thread runs here, and the child does nothing but the work.
        if unsafe { libc::fork() } == 0 {
            warm_up(core, configs, work);
            (&tell_ready).write_all(&[0]).expect("room for a byte");
            read(&start, &mut [0]);
            let times = times(zero, configs, work).map(|time| time.as_nanos() as u64);
            let bytes = times.map(u64::to_ne_bytes);
            (&tell_done).write_all(bytes.as_flattened()).expect("room");
            // SAFETY: nothing of the parent's is to be finished here.
            unsafe { libc::_exit(0) };
        }
    }
    read(&ready, &mut vec![0; count]);
    (&tell_start).write_all(&vec![0; count]).expect("room");
    let time = || {
        let mut bytes = [0; 8];
        read(&done, &mut bytes);
        Duration::from_nanos(u64::from_ne_bytes(bytes))
    };
    let times: Vec<_> = (0..count).map(|_| [time(), time()]).collect();
    for _ in 0..count {
        // SAFETY: a status is not asked for.
        unsafe { libc::wait(std::ptr::null_mut()) };
    }
    span(times.into_iter())
}

/// When the work begins and ends.
fn times(zero: Instant, configs: &Configs, work: fn(&Configs)) -> [Duration; 2] {
    let begin = zero.elapsed();
    work(configs);
    [begin, zero.elapsed()]
}

fn span(times: impl Iterator<Item = [Duration; 2]>) -> Duration {
    let both = |[a, b]: [Duration; 2], [c, d]: [Duration; 2]| [a.min(c), b.max(d)];
    let [begin, end] = times.reduce(both).expect("a worker");
    end - begin
}

fn cores(count: usize) -> impl Iterator<Item = usize> {
    cpu::allowed().iter().rev().take(count).copied()
}

/// A core that slept is slow at first.
fn warm_up(core: usize, configs: &Configs, work: fn(&Configs)) {
    cpu::stay_on(Some(core));
    work(configs);
}

/// With so many connections open, used in turn.
fn among(count: usize) -> Task {
    // Flat within 10 %, except for records so small that cold memory is all there is to them.
    let row = |name: &str, flat_beside: Option<&'static str>| Row {
        group: "growth",
        name: format!("{name}, {count} open"),
        unit: "µs",
        better: Better::Lower,
        bars: flat_beside
            .map(|one| Bar::Row(one, 1.0 / 1.1))
            .into_iter()
            .collect(),
    };
    Task {
        rows: vec![
            row(
                "full handshake, both sides",
                Some("full handshake, both sides, 1 open"),
            ),
            row("16 KiB record, there", Some("16 KiB record, there, 1 open")),
            row("64 B record, there", None),
        ],
        start: Box::new(move |peer, pki| {
            let pair = prepare(peer, WORK, pki)?;
            Some(sampler(pair, count))
        }),
        limit: None,
        samples: Samples::Long,
        ours_alone: true,
    }
}

fn sampler(pair: std::rc::Rc<dyn Pair>, count: usize) -> Sampler {
    // One pair of rings for all connections, which are used in turn: a ring of each one's own would be as cold as
    // they are, and no part of them.
    let wires = Wire::pair();
    wires.0.reserve();
    let open = move |pair: &dyn Pair| -> (Box<dyn End>, Box<dyn End>) {
        let (client, server) = wires.clone();
        let (mut client, mut server) = (pair.client(client), pair.server(server));
        while !(client.handshake() & server.handshake()) {}
        (client, server)
    };
    let mut ends: Vec<_> = (0..count).map(|_| open(&*pair)).collect();
    let mut next = 0;
    let mut buffer = vec![0; 16 << 10];
    Box::new(move || {
        let begin = Instant::now();
        for _ in 0..20 {
            drop(open(&*pair));
        }
        let handshake = begin.elapsed() / 20;
        let mut records = |size: usize| -> Duration {
            const ROUNDS: u32 = 500;
            let data = vec![7; size];
            let begin = Instant::now();
            for _ in 0..ROUNDS {
                next = (next + 1) % ends.len();
                let (client, server) = &mut ends[next];
                server.write(&data);
                assert_eq!(client.read(&mut buffer), size);
            }
            begin.elapsed() / ROUNDS
        };
        let times = [handshake, records(16 << 10), records(64)];
        times.map(|t| t.as_secs_f64() * 1e6).to_vec()
    })
}
