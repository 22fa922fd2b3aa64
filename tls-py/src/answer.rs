//! What callbacks return, as answers.

use crate::buffer::Input;
use crate::context::PyContext;
use crate::error::exception;
use crate::failure::misuse;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt};
use tls_std::Reason;
use tls_std::tls_core::config::HelloDecision;
use tls_std::tls_core::crypto::{Answer, AnswerKind, MAX_PSK, MAX_PSK_IDENTITY, Psk, Ruling};
use tls_std::tls_core::error::Error;
use tls_std::tls_core::wire::AlertDescription;

/// Far more than a signature, or what RSA decrypts: a key of 16384 bits gives 2048 bytes.
const MAX_RSA: usize = 16_384;

/// Far more than a sealed session has.
const MAX_SESSION: usize = 65_536;

/// The answer to a question of this kind.
pub(crate) fn answer(kind: Option<AnswerKind>, value: &Bound<'_, PyAny>) -> PyResult<Answer> {
    Ok(match kind {
        Some(AnswerKind::Signature) => {
            Answer::Signature(Ok(bytes("a sign callback", value, "a signature", MAX_RSA)?))
        }
        Some(AnswerKind::Decryption) => {
            let secret = bytes("a decrypt callback", value, "a decrypted block", MAX_RSA)?;
            Answer::Decrypted(Ok(secret.into()))
        }
        Some(AnswerKind::Ruling) => Answer::Ruling(ruling(value)?),
        Some(AnswerKind::Hello) => decision(value)?.into(),
        Some(AnswerKind::Session) => Answer::Session(optional(value, session)?.map(Into::into)),
        Some(AnswerKind::Psk) => Answer::Psk(optional(value, psk)?),
        // No callback of ours is asked for one.
        Some(AnswerKind::Verdict) | None => return Err(PyTypeError::new_err("no such question")),
    })
}

fn optional<T>(
    value: &Bound<'_, PyAny>,
    read: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>,
) -> PyResult<Option<T>> {
    match value.is_none() {
        true => Ok(None),
        false => read(value).map(Some),
    }
}

/// Bytes, some. Their length is looked at before they are copied: what is refused is nowhere left behind.
fn bytes(who: &str, value: &Bound<'_, PyAny>, what: &str, most: usize) -> PyResult<Vec<u8>> {
    let wrong = || PyTypeError::new_err(format!("{who} returns bytes, or its Pending"));
    let bytes: Input = value.extract().map_err(|_not_bytes: PyErr| wrong())?;
    match bytes.bytes() {
        [] => Err(wrong()),
        bytes => at_most(value, what, most, bytes),
    }
}

fn session(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    bytes(
        "the get of a session store",
        value,
        "a session",
        MAX_SESSION,
    )
}

/// A client's (identity, key), or a server's key.
fn psk(value: &Bound<'_, PyAny>) -> PyResult<Psk> {
    let who = "a PSK callback";
    let (identity, key) = match value.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() {
        Ok((identity, key)) => {
            let name: Input = identity.extract()?;
            let name = at_most(value, "a PSK identity", MAX_PSK_IDENTITY, name.bytes())?;
            (name, key)
        }
        Err(_one) => (Vec::new(), value.clone()),
    };
    let key = bytes(who, &key, "a PSK", MAX_PSK)?.into();
    Ok(Psk { identity, key })
}

fn at_most(at: &Bound<'_, PyAny>, what: &str, most: usize, bytes: &[u8]) -> PyResult<Vec<u8>> {
    if bytes.len() <= most {
        return Ok(bytes.to_vec());
    }
    let text = format!("{what} has at most {most} bytes, not {}", bytes.len());
    Err(exception(at.py(), &misuse(Reason::BadArgument, text)))
}

/// None or True: the verdict stands; False, or a sentence: refused.
fn ruling(value: &Bound<'_, PyAny>) -> PyResult<Ruling> {
    let refused = |text: String| Ruling::Refused(Error::with(Reason::CertificateRejected, text));
    if value.is_none() {
        return Ok(Ruling::Stands);
    }
    if let Ok(good) = value.cast::<PyBool>() {
        return Ok(match good.is_true() {
            true => Ruling::Stands,
            false => refused("the verify callback refused the certificate".to_owned()),
        });
    }
    value.extract().map(refused).map_err(|_not_text: PyErr| {
        PyTypeError::new_err("a verify callback returns None, a bool, a sentence, or its Pending")
    })
}

/// None: on with what there is; a Context: on with that one; a number: that alert.
fn decision(value: &Bound<'_, PyAny>) -> PyResult<HelloDecision> {
    if value.is_none() {
        return Ok(HelloDecision::GoOn);
    }
    if let Ok(ctx) = value.cast::<PyContext>() {
        let decision = ctx.get().0.as_decision();
        return decision.map_err(|error| exception(value.py(), &error));
    }
    match value.extract::<u8>() {
        Ok(alert) => Ok(HelloDecision::Refuse(AlertDescription(alert))),
        Err(_) if value.is_instance_of::<PyInt>() => {
            let error = misuse(Reason::BadArgument, "an alert is a number from 0 to 255");
            Err(exception(value.py(), &error))
        }
        Err(_) => Err(PyTypeError::new_err(
            "a hello callback returns None, a Context, an alert's number, or its Pending",
        )),
    }
}
