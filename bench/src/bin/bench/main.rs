//! tlscore beside its peers, on the same work in the same run.
//!
//! `bench [--quick] [--json FILE] [--charts DIRECTORY] [--only WORD] [--peer NAME]`. Samples of all implementations are taken
//! in turn, so that what changes on the machine changes for all; shown are medians and half the distance of the
//! quartiles in percent. TLSCORE_LIBRARY names the shared library for the column of the C API.

mod bars;
mod chart;
mod cpu;
mod heap;
mod limit;
mod peers;
mod pki;
mod report;
mod stats;
mod tasks;
mod wire;
mod work;

use pki::Pki;
use report::Cell;
use stats::Summary;
use std::path::PathBuf;
use std::process::exit;
use tasks::{Samples, Task};
use work::Peer;

struct Options {
    quick: bool,
    json: Option<PathBuf>,
    charts: Option<PathBuf>,
    only: String,
    peer: Option<String>,
}

impl Options {
    fn parse() -> Option<Self> {
        let mut options = Self {
            quick: false,
            json: None,
            charts: None,
            only: String::new(),
            peer: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match &*word {
                "--quick" => options.quick = true,
                "--json" => options.json = Some(words.next()?.into()),
                "--charts" => options.charts = Some(words.next()?.into()),
                "--only" => options.only = words.next()?,
                "--peer" => options.peer = Some(words.next()?),
                _ => return None,
            }
        }
        Some(options)
    }
}

fn main() {
    let Some(options) = Options::parse() else {
        eprintln!(
            "usage: bench [--quick] [--json FILE] [--charts DIRECTORY] [--only WORD] [--peer NAME]"
        );
        exit(2);
    };
    cpu::stay_on(cpu::last());
    let (pki, mut peers) = (Pki::new(), peers::all());
    // One column alone is for profilers.
    peers.retain(|peer| {
        options
            .peer
            .as_deref()
            .is_none_or(|name| peer.name() == name)
    });
    let mut cells = Vec::new();
    for task in tasks::all() {
        if task
            .rows
            .iter()
            .any(|r| format!("{}: {}", r.group, r.name).contains(&options.only))
        {
            cells.extend(measure(
                &task,
                &peers,
                &pki,
                if options.quick { 7 } else { 31 },
            ));
        }
    }
    print!("{}", report::table(&cells));
    let written = options
        .json
        .map(|file| std::fs::write(file, report::json(&cells)));
    let drawn = options
        .charts
        .map(|directory| chart::draw(&cells, &directory));
    if let Some(Err(why)) = written {
        eprintln!("bench: {why}");
        exit(1);
    }
    if let Some(Err(why)) = drawn {
        eprintln!("bench: {why}");
        exit(1);
    }
}

/// The cells of a task: a sample of everyone, then again.
fn measure(task: &Task, peers: &[Box<dyn Peer>], pki: &Pki, count: usize) -> Vec<Cell> {
    let name = task
        .rows
        .first()
        .map(|r| r.name.clone())
        .unwrap_or_default();
    eprintln!("bench: {name}");
    let mut samplers = task.samplers(peers, pki);
    let count = task.samples.count(count);
    let mut samples = vec![vec![Vec::with_capacity(count); task.rows.len()]; samplers.len()];
    // The first one warms up, unless it is a count.
    for round in usize::from(task.samples == Samples::One)..=count {
        for (all, (_, sampler)) in samples.iter_mut().zip(&mut samplers) {
            let values = sampler();
            assert_eq!(values.len(), task.rows.len());
            if round > 0 {
                all.iter_mut()
                    .zip(values)
                    .for_each(|(row, value)| row.push(value));
            }
        }
    }
    let mut cells = Vec::new();
    for (place, row) in task.rows.iter().enumerate() {
        for (all, (implementation, _)) in samples.iter().zip(&samplers) {
            let summary = Summary::of(&all[place]);
            cells.push(Cell {
                row: row.clone(),
                implementation,
                summary,
            });
        }
    }
    cells
}
