use std::hint::black_box;

/// What a comparison found.
pub(crate) struct Outcome {
    /// Mean cycles of each class, without the slowest hundredth.
    pub(crate) mean: [f64; 2],
    /// Welch's t with the largest magnitude, over all cuts.
    pub(crate) t: f64,
}

/// Where the slow tail is cut off: nowhere, and at these shares of all measurements.
const CUTS: [f64; 6] = [1.0, 0.99, 0.95, 0.9, 0.75, 0.5];

/// Before the first measurement counts: caches, branch predictors, clock rates.
const WARM_UP: usize = 5_000;

/// What is measured.
pub(crate) trait Subject {
    /// Makes ready the next input, of class A (0) or B (1). Not measured.
    fn prepare(&mut self, random: &mut Random, class: usize);

    /// The work itself. Takes the same path for both classes but for what the library does.
    fn run(&mut self);
}

/// Measures the subject on inputs of random classes, one after the other.
pub(crate) fn compare(measurements: usize, subject: &mut dyn Subject) -> Outcome {
    let mut random = Random::new();
    let mut samples: Vec<(usize, u64)> = Vec::with_capacity(measurements);
    for i in 0..measurements + WARM_UP {
        let class = random.below(2);
        black_box(&mut *subject).prepare(&mut random, class);
        let start = cycles();
        black_box(&mut *subject).run();
        let taken = cycles() - start;
        if i >= WARM_UP {
            samples.push((class, taken));
        }
    }
    outcome(samples)
}

fn outcome(mut samples: Vec<(usize, u64)>) -> Outcome {
    samples.sort_by_key(|&(_, taken)| taken);
    let cut = |share: f64| {
        let limit = samples[((samples.len() - 1) as f64 * share) as usize].1;
        let mut sides = [Moments::default(), Moments::default()];
        for &(class, taken) in samples.iter().take_while(|&&(_, taken)| taken <= limit) {
            sides[class].add(taken as f64);
        }
        sides
    };
    let t = CUTS
        .iter()
        .map(|&share| welch(&cut(share)))
        .fold(
            0.0,
            |worst: f64, t| if t.abs() > worst.abs() { t } else { worst },
        );
    let shown = cut(0.99);
    Outcome {
        mean: [shown[0].mean, shown[1].mean],
        t,
    }
}

fn welch([a, b]: &[Moments; 2]) -> f64 {
    let error = (a.variance() / a.n + b.variance() / b.n).sqrt();
    if error > 0.0 {
        (a.mean - b.mean) / error
    } else {
        0.0
    }
}

/// Mean and variance as they come (Welford).
#[derive(Default)]
struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, x: f64) {
        self.n += 1.0;
        let from_old = x - self.mean;
        self.mean += from_old / self.n;
        self.squares += from_old * (x - self.mean);
    }

    fn variance(&self) -> f64 {
        if self.n > 1.0 {
            self.squares / (self.n - 1.0)
        } else {
            0.0
        }
    }
}

/// A time stamp: cycles where the processor counts them, else nanoseconds.
fn cycles() -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        let mut core = 0;
        // SAFETY: rdtscp and lfence exist on every x86-64 processor of the last fifteen years, and touch
        // nothing but the place given.
        unsafe {
            let now = core::arch::x86_64::__rdtscp(&mut core);
            core::arch::x86_64::_mm_lfence();
            now
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        START
            .get_or_init(std::time::Instant::now)
            .elapsed()
            .as_nanos() as u64
    }
}

/// Which class comes next, and what is in it: xorshift, seeded by the time. Nothing secret.
pub(crate) struct Random(u64);

impl Random {
    fn new() -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(now.map_or(1, |d| d.as_nanos() as u64) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 8
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.next() as u8;
        }
    }
}
