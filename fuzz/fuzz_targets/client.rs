//! A whole client against a server that says anything: see `tlscore_fuzz::input`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tlscore_fuzz::client(data));
