//! A CRL about a good chain: see `tlscore_fuzz::crl`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tlscore_fuzz::crl(data));
