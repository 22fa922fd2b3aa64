//! Every test of this crate that needs no process of its own, in one program: it links once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod cert_hostile;
mod cert_info;
mod cert_keypair;
mod cert_names;
mod cert_verify;
mod chosen;
mod client_auth;
mod common;
mod crl;
mod decisions;
mod dhe;
mod floors;
mod handshakes;
mod hostile;
mod illustrated;
mod in_between;
mod inspect;
mod limits_of_use;
mod lists;
mod ocsp;
mod own;
mod psk;
mod refuse_alerts;
mod refuse_certificates;
mod refuse_client_auth;
mod refuse_client_hello;
mod refuse_crl;
mod refuse_dhe;
mod refuse_key_exchange;
mod refuse_messages;
mod refuse_ocsp;
mod refuse_order;
mod refuse_ourselves;
mod refuse_psk;
mod refuse_records;
mod refuse_renegotiation;
mod refuse_server_hello;
mod refuse_versions;
mod renegotiation;
mod review;
mod secrets;
mod sessions;
mod small_extensions;
mod ticket_ring;
