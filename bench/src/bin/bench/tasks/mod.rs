//! The rows, and how a sample of each is taken.

mod bulk;
mod growth;
mod handshakes;
mod memory;

use crate::pki::Pki;
use crate::report::{LIMIT, Row};
use crate::work::Peer;

/// Takes a sample: one value for each row of the task.
pub(crate) type Sampler = Box<dyn FnMut() -> Vec<f64>>;

/// Makes the sampler of an implementation; `None`: it does not do this.
pub(crate) type Start = Box<dyn Fn(&dyn Peer, &Pki) -> Option<Sampler>>;

/// How many samples are taken of each implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Samples {
    /// A count does not become better by being repeated.
    One,
    /// Of ten milliseconds and more.
    Long,
    /// Of a millisecond or two, and as many more: the clock of a CPU moves, and what lies close together in time has the
    /// same.
    Short,
}

impl Samples {
    /// Of so many long ones.
    pub(crate) fn count(self, long: usize) -> usize {
        match self {
            Self::One => 1,
            Self::Long => long,
            Self::Short => 6 * long,
        }
    }
}

/// Rows that come from the same work: of a handshake there are a server's side and a client's.
pub(crate) struct Task {
    pub(crate) rows: Vec<Row>,
    pub(crate) start: Start,
    /// The raw primitives of the same work.
    pub(crate) limit: Option<fn() -> Sampler>,
    pub(crate) samples: Samples,
    /// Ours alone: a question about us, not a comparison.
    pub(crate) ours_alone: bool,
}

impl Task {
    /// The samplers of all that can do this, with their names.
    pub(crate) fn samplers(
        &self,
        peers: &[Box<dyn Peer>],
        pki: &Pki,
    ) -> Vec<(&'static str, Sampler)> {
        let able = peers
            .iter()
            .filter(|p| !self.ours_alone || p.name() == "tlscore");
        let mut samplers: Vec<_> = able
            .filter_map(|peer| Some((peer.name(), (self.start)(&**peer, pki)?)))
            .collect();
        samplers.extend(self.limit.map(|limit| (LIMIT, limit())));
        samplers
    }
}

/// All of them, in the table's order.
pub(crate) fn all() -> Vec<Task> {
    let mut tasks = handshakes::tasks();
    tasks.extend(bulk::tasks());
    tasks.extend(memory::tasks());
    tasks.extend(growth::tasks());
    tasks
}
