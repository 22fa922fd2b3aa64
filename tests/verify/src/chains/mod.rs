//! The rows, by what they are about.

mod form;
mod names;
mod paths;
mod rules;

use crate::forge::{Key, With};
use crate::row::Row;
use pki_types::PrivateKeyDer;
use pki_types::pem::PemObject;

pub(crate) fn all() -> Vec<Row> {
    [
        paths::paths(),
        paths::trust(),
        paths::cross_signed(),
        rules::validity(),
        paths::issuers(),
        rules::purposes(),
        names::names(),
        names::same_names(),
        names::constraints(),
        rules::strength(),
        form::version1(),
        form::form(),
        crate::revocation::all(),
        crate::strict::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const RSA: &[u8] = include_bytes!("../../../pki/server-rsa.key");
const RSA1024: &[u8] = include_bytes!("../../../pki/server-rsa1024.key");
const P256: &[u8] = include_bytes!("../../../pki/server-p256.key");

fn key(pem: &[u8], with: With) -> Key {
    let key = PrivateKeyDer::from_pem_slice(pem).expect("a key of tests/pki");
    Key::new(key.secret_der(), with)
}
