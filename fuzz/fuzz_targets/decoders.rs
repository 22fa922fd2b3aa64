//! Every decoder: the first byte chooses which one.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let [which, body @ ..] = data {
        tls_core::fuzzing::decode(*which, body);
    }
});
