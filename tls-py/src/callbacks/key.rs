//! A private key that Python functions have.

use crate::interpreter::call;
use crate::pending::ask_or;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::KeyOperations;
use tls_std::tls_core::crypto::{KeyError, Later, Reply, Secret, SignedBytes};
use tls_std::tls_core::wire::SignatureScheme;

#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) sign: Py<PyAny>,
    pub(crate) decrypt: Option<Py<PyAny>>,
}

fn failed<T>(raised: &PyErr) -> Result<T, KeyError> {
    Err(KeyError::Failed(raised.to_string()))
}

impl KeyOperations for Key {
    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        ask_or(later, failed, |py, pending| {
            let message = PyBytes::new(py, message);
            call(self.sign.bind(py), (scheme.to_string(), message, pending))
        })
    }

    fn can_decrypt(&self) -> bool {
        self.decrypt.is_some()
    }

    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        let Some(decrypt) = &self.decrypt else {
            return Reply::Now(Err(KeyError::Failed("the key does not decrypt".into())));
        };
        ask_or(later, failed, |py, pending| {
            call(decrypt.bind(py), (PyBytes::new(py, ciphertext), pending))
        })
    }
}
