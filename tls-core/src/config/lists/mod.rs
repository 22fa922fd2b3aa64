//! Lists that users write, in OpenSSL's syntax. A list chooses and orders within the policy: what a
//! policy refuses comes back by no list. Aliases intersect silently; a name that the policy refuses is
//! an error that names the policy which allows it; words that OpenSSL knows and for which there is
//! nothing here select nothing; any other word is an error that names it.

mod absent;
mod ciphers;
mod names;

pub use ciphers::{CipherList, parse_cipher_list};
pub use names::{parse_group_list, parse_scheme_list};

use super::Policy;
use crate::error::{Error, Reason};

/// What stands between words.
const SEPARATORS: &[char] = &[':', ',', ';', ' ', '\t', '\n'];

/// A name that exists, but not in this policy; `allows` finds the strictest policy that has it.
fn refused(word: &str, policy: &Policy, allows: impl Fn(&Policy) -> bool) -> Error {
    let hint = match Policy::ALL.iter().find(|p| allows(p)) {
        Some(other) => format!("; the policy {} allows it", other.name),
        None => String::new(),
    };
    Error::with(
        Reason::RefusedByPolicy,
        format!("the policy {} refuses {word:?}{hint}", policy.name),
    )
}
