//! Ticket keys in files of nginx and haproxy, and tickets that were sealed by nobody. The first byte
//! chooses.
#![no_main]

use std::sync::Arc;
use tls_core::cert::UnixTime;
use tls_core::session::{AeadTicketKey, KeyWindow, TicketKey, TicketRing, TicketSealer};
use tls_crypto::{CbcTicketKey, DefaultProvider, OsRandom};
use tls_std::{Context, Roles};

libfuzzer_sys::fuzz_target!(|data: &[u8]| match data {
    [0, file @ ..] => {
        let ctx = Context::new(Roles::Server);
        let set = ctx.set_ticket_keys_mem(file);
        assert_eq!(set.is_err(), ctx.last_error().is_some());
    }
    [1, bytes @ ..] => {
        // A key, and what it sealed.
        if let Some(key) = CbcTicketKey::new(&bytes[..bytes.len().min(48)]) {
            let plain = &bytes[48..];
            if let Ok(sealed) = key.seal(plain, &OsRandom) {
                assert_eq!(key.open(&sealed).expect("ours").to_vec(), plain);
            }
        }
    }
    [_, ticket @ ..] => {
        let name = [7; 48];
        let keys: [Arc<dyn TicketKey>; 2] = [
            Arc::new(CbcTicketKey::new(&name).unwrap()),
            Arc::new(AeadTicketKey::new(&DefaultProvider, &name).unwrap()),
        ];
        for key in keys {
            assert!(key.open(ticket).is_none(), "a forgery");
            let ring = TicketRing::given(Arc::new(DefaultProvider));
            ring.add(key, KeyWindow::ALWAYS);
            assert!(ring.open(ticket, UnixTime::now()).is_none());
        }
    }
    [] => {}
});
