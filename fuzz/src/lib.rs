//! What the fuzz targets share. `client` and `server`: flights that were recorded from a good peer,
//! edits to them that the fuzzer chooses, a provider that accepts every MAC, signature and
//! Finished, and what must hold whatever the peer says.

mod drive;
mod edit;
mod input;
mod open;
#[path = "../../tls-core/tests/all/common/patched.rs"]
#[allow(dead_code, reason = "it patches more than is needed here")]
mod patched;
mod record;
mod revocation;
mod setup;

use drive::drive;
use input::Input;
use patched::Patched;
pub use revocation::{crl, ocsp};
use setup::Side;
use std::sync::LazyLock;

/// Every signature of a CA is good: what lies behind them is what nobody would reach otherwise.
pub static CREDULOUS: LazyLock<Patched> =
    LazyLock::new(|| Patched::new("credulous").with_verify(|_| true));

/// One run of a client.
pub fn client(data: &[u8]) {
    run(data, Side::Client);
}

/// One run of a server.
pub fn server(data: &[u8]) {
    run(data, Side::Server);
}

fn run(data: &[u8], side: Side) {
    let Some(input) = Input::parse(data) else {
        return;
    };
    let setup = setup::get(input.setup);
    let stream = input.stream(setup.flight_to(side));
    drive(setup.connection(side), &stream, &input);
}
