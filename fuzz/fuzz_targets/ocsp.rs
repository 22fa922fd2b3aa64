//! An OCSP staple about a good chain: see `tlscore_fuzz::ocsp`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tlscore_fuzz::ocsp(data));
