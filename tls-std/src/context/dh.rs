//! Diffie-Hellman groups of the program's own.

use super::Context;
use crate::error::{Error, Result};
use crate::{material, pem};
use std::path::Path;
use std::sync::Arc;
use tls_core::crypto::DhParams;
use tls_core::error::Reason;

/// Diffie-Hellman in finite fields (DHE), which only the policy "legacy" has.
///
/// Peers that know RFC 7919 agree on one of its groups. A server gives other clients its own group,
/// or the first finite field of its groups (ffdhe2048); a client takes any group from 2048 to 8192
/// bits.
impl Context {
    /// A server's own group, from a file as `openssl dhparam` makes it: a PEM block `DH PARAMETERS`
    /// or a `DHParameter` in DER. Errors name the file and the line; fewer than 2048 bits are one,
    /// unless [`Context::danger_accept_1024_bit_dh`] was called before.
    pub fn set_dh_params_file(&self, path: impl AsRef<Path>) -> Result<()> {
        let least = self.config().min_dh_bits();
        self.prepare(
            |_| material::in_file(path.as_ref(), |bytes| parse(bytes, least)),
            |s, params| s.edit().dh_params = Some(params),
        )
    }

    /// The same from memory.
    pub fn set_dh_params_mem(&self, pem_or_der: &[u8]) -> Result<()> {
        let least = self.config().min_dh_bits();
        self.prepare(
            |_| parse(pem_or_der, least),
            |s, params| s.edit().dh_params = Some(params),
        )
    }

    /// DANGER: accepts, and serves, groups of 1024 to 2047 bits, which can be broken: for devices
    /// that nobody can update.
    pub fn danger_accept_1024_bit_dh(&self) {
        self.change(|s| s.edit().dh_1024 = true);
    }
}

/// Parameters of at least so many bits.
fn parse(bytes: &[u8], least: usize) -> Result<Arc<DhParams>> {
    let bad = |what: String| Error::with(Reason::BadDhParams, what);
    let (place, der) = if pem::is_pem(bytes) {
        let blocks = pem::blocks(bytes)?;
        let found = blocks.into_iter().find(|b| b.label == "DH PARAMETERS");
        let found = found.ok_or_else(|| bad("no PEM block \"DH PARAMETERS\"".into()))?;
        (format!("line {}: ", found.line), found.der)
    } else {
        (String::new(), bytes.to_vec().into())
    };
    let params = DhParams::from_der(&der).map_err(|why| bad(format!("{place}{why}")))?;
    if params.bits() < least {
        return Err(bad(format!(
            "{place}the Diffie-Hellman modulus has {} bits, {least} are wanted",
            params.bits()
        )));
    }
    Ok(Arc::new(params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8], words: &str) {
        let error = parse(bytes, 8).unwrap_err();
        assert_eq!(error.reason(), Reason::BadDhParams);
        assert!(error.text().contains(words), "{error}");
    }

    #[test]
    fn pem_and_der() {
        // p = 0xfb, g = 5.
        let der = [0x30, 7, 2, 2, 0, 0xfb, 2, 1, 5];
        let pem = "x\n-----BEGIN DH PARAMETERS-----\nMAcCAgD7AgEF\n-----END DH PARAMETERS-----\n";
        assert_eq!(parse(&der, 8).unwrap(), parse(pem.as_bytes(), 8).unwrap());
        assert_eq!(parse(&der, 8).unwrap().bits(), 8);
        let error = parse(pem.as_bytes(), 9).unwrap_err();
        assert!(error.text().starts_with("line 2: "), "{error}");
        assert!(error.text().contains("8 bits, 9 are wanted"), "{error}");
    }

    #[test]
    fn what_is_none() {
        refused(b"", "do not parse");
        refused(b"text", "do not parse");
        refused(&[0x30, 7, 2, 2, 0, 0xfa, 2, 1, 5], "even");
        let x942 = "-----BEGIN X9.42 DH PARAMETERS-----\nMAcCAgD7AgEF\n-----END X9.42 DH PARAMETERS-----\n";
        refused(x942.as_bytes(), "DH PARAMETERS");
        let broken = "-----BEGIN DH PARAMETERS-----\nMAcCAgD7AgE\n";
        assert_eq!(
            parse(broken.as_bytes(), 8).unwrap_err().reason(),
            Reason::BadPem
        );
    }
}
