//! Is opening CBC records, and receiving an RSA key exchange, as fast for one secret as for another?
//!
//! A test of means in the manner of dudect: two classes of inputs, drawn at random one by one, the same
//! code measured in cycles for both, and Welch's t of the two. Slow outliers belong to interrupts, so t is
//! also taken below several percentiles, and the largest |t| is printed. |t| above 4.5 is a difference.
//!
//! The control compares what must differ: it shows that a difference would be seen.
//!
//! `timing [MEASUREMENTS [ROW...]]`: a million of each by default; rows are named by what they contain.

mod cbc_rows;
mod record;
mod rsa_rows;
mod welch;

use std::process::exit;
use welch::Outcome;

/// What counts as no difference.
const BOUND: f64 = 4.5;

/// One comparison: its name, and what measures it so many times.
struct Row {
    name: String,
    /// A control: what the peer is told anyway, and what must be seen here.
    differs: bool,
    measure: Box<dyn FnOnce(usize) -> Outcome>,
}

fn main() {
    let mut words = std::env::args().skip(1);
    let measurements = words.next().map_or(Ok(1_000_000), |n| n.parse());
    let Ok(measurements) = measurements else {
        eprintln!("usage: timing [MEASUREMENTS [ROW...]]");
        exit(2);
    };
    let wanted: Vec<String> = words.collect();
    let rows = cbc_rows::rows().into_iter().chain(rsa_rows::rows());
    let mut wrong = 0;
    println!(
        "{:<64} {:>9} {:>9} {:>8}  {measurements} measurements",
        "", "mean A", "mean B", "max |t|"
    );
    for row in rows {
        if !wanted.is_empty() && !wanted.iter().any(|w| row.name.contains(w.as_str())) {
            continue;
        }
        let outcome = (row.measure)(measurements);
        let seen = outcome.t.abs() >= BOUND;
        let verdict = match (seen, row.differs) {
            (false, false) => "",
            (true, true) => "  different, as it must be",
            (true, false) => "  DIFFERENT",
            (false, true) => "  NOT SEEN",
        };
        wrong += u32::from(seen != row.differs);
        println!(
            "{:<64} {:>9.1} {:>9.1} {:>8.2}{verdict}",
            row.name,
            outcome.mean[0],
            outcome.mean[1],
            outcome.t.abs()
        );
    }
    println!("mean A, mean B: cycles of the two classes, without the slowest hundredth");
    exit(i32::from(wrong > 0));
}
