//! One file for each implementation.

mod openssl;
mod rustls;
mod s2n;
pub(crate) mod tlscore;
mod tlscore_c;

use crate::work::Peer;

/// In the order of the table's columns.
pub(crate) fn all() -> Vec<Box<dyn Peer>> {
    let mut peers: Vec<Box<dyn Peer>> = vec![Box::new(tlscore::Tlscore)];
    match tlscore_c::TlscoreC::load() {
        Ok(peer) => peers.push(Box::new(peer)),
        Err(why) => eprintln!("bench: no column for the C API: {why}"),
    }
    peers.push(Box::new(openssl::OpenSsl));
    peers.extend(rustls::providers());
    peers.push(Box::new(s2n::S2n));
    peers
}
