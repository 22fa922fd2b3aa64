//! A Python function that chooses the application protocol.

use crate::error::exception;
use crate::failure::misuse;
use crate::frame::Frame;
use crate::interpreter::{attach, call};
use crate::text::{ProtocolName, protocol_name};
use pyo3::prelude::*;
use pyo3::types::PyBool;
use tls_std::Reason;
use tls_std::tls_core::config::{AlpnDecision, AlpnSelector, ClientHelloInfo};

#[derive(Debug)]
pub(crate) struct Alpn(pub(crate) Py<PyAny>);

impl Alpn {
    fn ask(&self, py: Python<'_>, hello: &ClientHelloInfo<'_>) -> PyResult<AlpnDecision> {
        let offered = hello.alpn_names();
        let names = offered.clone().map(|name| protocol_name(py, name));
        let names = names.collect::<PyResult<Vec<_>>>()?;
        let chosen = call(self.0.bind(py), (names, hello.server_name))?;
        if chosen.is_none() {
            return Ok(AlpnDecision::Ignore);
        }
        if chosen
            .cast::<PyBool>()
            .is_ok_and(|chosen| !chosen.is_true())
        {
            return Ok(AlpnDecision::Refuse);
        }
        let name: ProtocolName = chosen.extract()?;
        let name = name.as_ref();
        if !offered.clone().any(|offer| offer == name) {
            let text = "the application protocol that an ALPN callback chose is none of those that are offered";
            return Err(exception(py, &misuse(Reason::BadArgument, text)));
        }
        Ok(AlpnDecision::Select(name.to_vec()))
    }
}

impl AlpnSelector for Alpn {
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision {
        attach(|py| {
            self.ask(py, hello).unwrap_or_else(|raised| {
                Frame::raise(py, raised);
                AlpnDecision::Refuse
            })
        })
    }
}
