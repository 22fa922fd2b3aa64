//! Settings of a connection itself, where a callback chooses another context: that none is
//! forgotten. What becomes of each is tested in tls-core/tests/all/own.rs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

/// What becomes of a setting on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It holds, whatever is chosen: `tls_core::config::Own` has it.
    Own,
    /// It is what contexts are chosen for.
    Chosen,
    /// No setting of the configuration, or one of clients alone.
    Apart,
}

/// A setter without a line here needs a decision: one of `Config::set_own_…`, or a reason.
const SETTERS: [(&str, Place); 23] = [
    ("add_pin", Place::Own),
    ("danger_accept_any_cert", Place::Own),
    ("danger_accept_any_name", Place::Own),
    ("require_verification", Place::Own),
    ("set_alpn", Place::Chosen),
    ("set_alpn_list", Place::Chosen),
    ("set_alpn_wire", Place::Chosen),
    ("set_cipher_list", Place::Chosen),
    ("set_client_auth", Place::Own),
    ("set_key_limits", Place::Own),
    ("set_keypair_external", Place::Chosen),
    ("set_keypair_file", Place::Chosen),
    ("set_keypair_mem", Place::Chosen),
    ("set_keypair_parts", Place::Chosen),
    // How much is taken from a transport at once.
    ("set_read_ahead", Place::Apart),
    ("set_renegotiation", Place::Own),
    ("set_reviewer", Place::Own),
    ("set_server_name", Place::Apart),
    ("set_session", Place::Apart),
    ("set_transport", Place::Apart),
    ("set_verifier", Place::Own),
    ("set_verify_name", Place::Apart),
    ("danger_tls_unique", Place::Apart),
];

#[test]
fn every_setter_of_a_connection_has_its_place() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/connection");
    let mut found = Vec::new();
    for file in std::fs::read_dir(directory).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let names = source.lines().filter_map(|line| {
            let name = line.trim_start().strip_prefix("pub fn ")?;
            let name = name.split(['(', '<']).next()?;
            let setter = ["set_", "danger_", "require_", "add_", "clear_"];
            setter
                .iter()
                .any(|s| name.starts_with(s))
                .then(|| name.to_owned())
        });
        found.extend(names);
    }
    found.sort();
    let mut known: Vec<_> = SETTERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    known.sort();
    assert_eq!(found, known);
    assert!(
        SETTERS
            .iter()
            .filter(|(_, place)| *place == Place::Own)
            .count()
            >= 8
    );
}
