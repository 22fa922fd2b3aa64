//! What small extensions carry: OCSP staples, signed certificate timestamps, lengths of records.

use super::Context;
use crate::error::{Error, Result};
use crate::loader::Loader;
use crate::material;
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::{Keypair, check_own_staple};
use tls_core::config::{Config, Ocsp};
use tls_core::error::Reason;

impl Context {
    /// What clients do about OCSP staples (RFC 6066 §8); they ask for one by default. A response that
    /// comes is verified (RFC 6960), and one that says "revoked" ends the handshake in every mode.
    pub fn set_ocsp(&self, ocsp: Ocsp) {
        self.change(|s| s.edit().ocsp = ocsp);
    }

    /// The OCSP response in DER that servers staple to a keypair, by its place in the order of adding;
    /// `None`: none. It can be replaced while connections run; those that are created later get it. One
    /// that clients would refuse is an error: about another certificate, out of date, signed by who may not.
    pub fn set_ocsp_response(&self, keypair: usize, response: Option<&[u8]>) -> Result<()> {
        self.staple(keypair, || {
            Ok((response.map(Into::into), core::convert::identity))
        })
    }

    /// The same from a file.
    pub fn set_ocsp_response_file(&self, keypair: usize, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        self.staple(keypair, || {
            let named = |error: Error| error.at(&material::shown(path));
            let response = material::read_file(path)?;
            Ok((Some(response.as_slice().into()), named))
        })
    }

    /// The program's clock and the check come before any lock is taken. Another keypair that was put in
    /// its place meanwhile is an error.
    fn staple<N: Fn(Error) -> Error>(
        &self,
        place: usize,
        load: impl FnOnce() -> Result<(Option<Arc<[u8]>>, N)>,
    ) -> Result<()> {
        let check = |_: &Loader| {
            let (response, named) = load()?;
            let config = self.config();
            let keypair = config.keypairs.get(place).cloned();
            if let (Some(response), Some(keypair)) = (&response, &keypair) {
                check_staple(&config, keypair, response).map_err(named)?;
            }
            Ok((response, keypair))
        };
        self.try_prepare(check, |s, (response, checked)| {
            let there = s.config().keypairs.get(place);
            let chain = |keypair: &Arc<Keypair>| keypair.chain().to_vec();
            if response.is_some() && there.map(chain) != checked.as_ref().map(chain) {
                return Err(Error::with(
                    Reason::WrongOrder,
                    format!("keypair {place} was replaced while its staple was checked"),
                ));
            }
            s.change_keypair(place, |k| k.with_ocsp_response(response))
        })
    }

    /// The SignedCertificateTimestampList (RFC 6962 §3.3) of a keypair, for clients that ask; `None`:
    /// none.
    pub fn set_scts(&self, keypair: usize, list: Option<&[u8]>) -> Result<()> {
        let list = list.map(Into::into);
        self.edit(|s| s.change_keypair(keypair, |k| k.with_scts(list)))
    }

    /// Whether clients ask for signed certificate timestamps. What comes is shown, and not checked.
    pub fn request_scts(&self, on: bool) {
        self.change(|s| s.edit().scts = on);
    }

    /// Clients ask that no record holds more plaintext than this, in either direction (RFC 6066 §4):
    /// 512, 1024, 2048 or 4096 bytes; `None`: they do not ask. Servers do as they are asked.
    pub fn set_max_fragment_length(&self, length: Option<u16>) -> Result<()> {
        self.set_length("fragment length", length, |s, length| {
            s.max_fragment_length = length;
        })
    }

    /// The most plaintext in bytes of a record that this side takes (RFC 8449), 64 to 16384; `None`:
    /// clients do not say, servers say 16384. Where both sides have it, it comes before
    /// [`Context::set_max_fragment_length`].
    pub fn set_record_size_limit(&self, limit: Option<u16>) -> Result<()> {
        self.set_length("record size limit", limit, |s, limit| {
            s.record_size_limit = limit
        })
    }

    /// The most plaintext in bytes of a record that this side sends, 64 to 16384 (the default): less
    /// where the reader should have data to work on before a whole record has arrived.
    pub fn set_max_send_fragment(&self, bytes: u16) -> Result<()> {
        self.set_length("record that is sent", Some(bytes), |s, bytes| {
            s.max_send_fragment = bytes.unwrap_or_default();
        })
    }

    /// Clients pad their hello to so many bytes (RFC 7685), at most 4096; 0: they do not. Some old
    /// servers hang on hellos of 256 to 511 bytes: 512 helps them.
    pub fn set_hello_padding(&self, bytes: usize) {
        self.change(|s| s.edit().hello_padding = bytes);
    }

    /// Clients say that an attempt with a higher version failed before (TLS_FALLBACK_SCSV, RFC 7507):
    /// a server that has one refuses them. For programs that fall back to this library.
    pub fn set_fallback_scsv(&self, on: bool) {
        self.change(|s| s.edit().fallback_scsv = on);
    }

    fn set_length(
        &self,
        what: &str,
        length: Option<u16>,
        set: impl FnOnce(&mut tls_core::config::Config, Option<u16>),
    ) -> Result<()> {
        self.edit(|s| {
            set(s.edit(), length);
            match s.config().check_lengths() {
                true => Ok(()),
                false => Err(Error::with(
                    Reason::BadArgument,
                    format!("no {what} has {} bytes", length.unwrap_or_default()),
                )),
            }
        })
    }
}

/// What does not parse is the program's mistake, not a peer's.
fn check_staple(config: &Config, keypair: &Keypair, response: &[u8]) -> Result<()> {
    tls_core::cert::check_ocsp_response(response)
        .map_err(|error| Error::with(Reason::BadArgument, error.text().to_owned()))?;
    let (now, policy) = (config.clock.now(), config.certificate_policy());
    let chain = keypair.chain();
    Ok(check_own_staple(
        response,
        chain,
        now,
        policy,
        &*config.provider,
    )?)
}
