//! The shim of BoGo, BoringSSL's protocol test suite: the suite plays the peer, misbehaves on
//! purpose, and starts this program once per test. Flags whose behaviour is not there exit with
//! [`UNIMPLEMENTED`], so that no test passes that was not run.

mod alpn;
mod config;
mod errors;
mod kept;
mod options;
mod session;

use kept::Kept;
use options::{Options, Parsed};
use std::process::exit;

/// The runner counts the test as skipped.
const UNIMPLEMENTED: i32 = 89;

/// The runner fails the test whatever it expected: for panics.
const PANICKED: i32 = 90;

fn main() {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    if args.iter().any(|a| a == "-is-handshaker-supported") {
        println!("No");
        return;
    }
    let options = match Options::parse(&args) {
        Parsed::Run(options) => options,
        Parsed::Unimplemented(flag) => {
            println!("not implemented: {flag}");
            exit(UNIMPLEMENTED);
        }
    };
    let result = std::panic::catch_unwind(|| run(&options));
    match result {
        Ok(Ok(())) => {}
        Ok(Err(why)) => {
            eprintln!("{why}");
            exit(1);
        }
        Err(_) => exit(PANICKED),
    }
}

/// The first connection, and those that resume its session.
fn run([first, resumed]: &[Options; 2]) -> Result<(), Box<dyn std::error::Error>> {
    let mut kept = Kept::new(first)?;
    session::run(first, &mut kept, false)?;
    for _ in 0..first.resume_count {
        kept.clock.forward(resumed.resumption_delay);
        session::run(resumed, &mut kept, true)?;
    }
    Ok(())
}
