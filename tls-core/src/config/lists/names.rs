use super::{SEPARATORS, absent, refused};
use crate::config::Policy;
use crate::error::{Error, Reason, Result};
use crate::wire::{NamedGroup, SignatureScheme};

/// Parses a list of groups (`X25519:P-256`) within `policy`: IANA's and OpenSSL's names, separated
/// by `:`, `,` or spaces, and `DEFAULT` for what the policy has. As in OpenSSL 3.5 a `?` before a name makes
/// it optional (an unknown one is skipped), `-` takes it out of the list again, `*` marks a key share, of
/// which TLS 1.2 has none, and `/` separates as `:` does.
///
/// Errors: `BadGroupList` for an unknown name and for a list that selects nothing;
/// `RefusedByPolicy` for a group that exists in another policy alone.
pub fn parse_group_list(text: &str, policy: &Policy) -> Result<Vec<NamedGroup>> {
    parse(
        text,
        policy,
        &Kind {
            what: "group list",
            reason: Reason::BadGroupList,
            by_name: group,
            absent: absent::GROUPS,
            allowed: |p| p.groups,
            prefixes: &['?', '*', '-'],
            separators: &['/'],
        },
    )
}

/// Parses a list of signature schemes (`RSA-PSS+SHA256:ed25519`) within `policy`: IANA's names and
/// OpenSSL's pairs of key and hash, separated as groups are, `DEFAULT` for what the policy has, and `?` before
/// one that is optional.
///
/// Errors: `BadSchemeList`, `RefusedByPolicy`, as for groups.
pub fn parse_scheme_list(text: &str, policy: &Policy) -> Result<Vec<SignatureScheme>> {
    parse(
        text,
        policy,
        &Kind {
            what: "signature scheme list",
            reason: Reason::BadSchemeList,
            by_name: scheme,
            absent: absent::SCHEMES,
            allowed: |p| p.schemes,
            prefixes: &['?'],
            separators: &[],
        },
    )
}

/// What differs between lists of plain names.
struct Kind<T: 'static> {
    what: &'static str,
    reason: Reason,
    by_name: fn(&str) -> Option<T>,
    absent: &'static [&'static str],
    allowed: fn(&Policy) -> &'static [T],
    /// What may stand before a word.
    prefixes: &'static [char],
    /// What separates words beside [`SEPARATORS`].
    separators: &'static [char],
}

fn parse<T: Copy + PartialEq>(text: &str, policy: &Policy, kind: &Kind<T>) -> Result<Vec<T>> {
    let mut list = Vec::new();
    let separates = |c: char| SEPARATORS.contains(&c) || kind.separators.contains(&c);
    for item in text.split(separates).filter(|i| !i.is_empty()) {
        let word = item.trim_start_matches(kind.prefixes);
        let prefix = &item[..item.len() - word.len()];
        let (optional, removed) = (prefix.contains('?'), prefix.contains('-'));
        if word == "DEFAULT" {
            let all = (kind.allowed)(policy);
            list.retain(|value| !(removed && all.contains(value)));
            let new = all.iter().filter(|_| !removed).copied();
            let new: Vec<_> = new.filter(|value| !list.contains(value)).collect();
            list.extend(new);
            continue;
        }
        let has = |p: &Policy, value| (kind.allowed)(p).contains(&value);
        match (kind.by_name)(word) {
            Some(value) if removed => list.retain(|other| *other != value),
            Some(value) if has(policy, value) => {
                if !list.contains(&value) {
                    list.push(value);
                }
            }
            _ if optional => {}
            Some(value) if Policy::ALL.iter().any(|p| has(p, value)) => {
                return Err(refused(word, policy, |p| has(p, value)));
            }
            _ if kind.absent.iter().any(|a| a.eq_ignore_ascii_case(word)) => {}
            _ => {
                return Err(Error::with(
                    kind.reason,
                    format!("the {} has an unknown word: {word:?}", kind.what),
                ));
            }
        }
    }
    if list.is_empty() {
        return Err(Error::with(
            kind.reason,
            format!(
                "the {} {text:?} selects nothing within the policy {}",
                kind.what, policy.name
            ),
        ));
    }
    Ok(list)
}

fn group(word: &str) -> Option<NamedGroup> {
    const ALIASES: &[(&str, NamedGroup)] = &[
        ("P-256", NamedGroup::SECP256R1),
        ("prime256v1", NamedGroup::SECP256R1),
        ("P-384", NamedGroup::SECP384R1),
        ("P-521", NamedGroup::SECP521R1),
    ];
    NamedGroup::from_name(word).or_else(|| find(ALIASES, word))
}

/// OpenSSL's pairs name the schemes of RFC 8446 that TLS 1.2 reads as the same key and hash;
/// `RSA-PSS` is a key of the kind rsaEncryption.
fn scheme(word: &str) -> Option<SignatureScheme> {
    use SignatureScheme as S;
    const ALIASES: &[(&str, SignatureScheme)] = &[
        ("RSA+SHA1", S::RSA_PKCS1_SHA1),
        ("RSA+SHA256", S::RSA_PKCS1_SHA256),
        ("RSA+SHA384", S::RSA_PKCS1_SHA384),
        ("RSA+SHA512", S::RSA_PKCS1_SHA512),
        ("RSA-PSS+SHA256", S::RSA_PSS_RSAE_SHA256),
        ("RSA-PSS+SHA384", S::RSA_PSS_RSAE_SHA384),
        ("RSA-PSS+SHA512", S::RSA_PSS_RSAE_SHA512),
        ("PSS+SHA256", S::RSA_PSS_RSAE_SHA256),
        ("PSS+SHA384", S::RSA_PSS_RSAE_SHA384),
        ("PSS+SHA512", S::RSA_PSS_RSAE_SHA512),
        ("ECDSA+SHA1", S::ECDSA_SHA1),
        ("ECDSA+SHA256", S::ECDSA_SECP256R1_SHA256),
        ("ECDSA+SHA384", S::ECDSA_SECP384R1_SHA384),
        ("ECDSA+SHA512", S::ECDSA_SECP521R1_SHA512),
    ];
    SignatureScheme::from_name(word).or_else(|| find(ALIASES, word))
}

fn find<T: Copy>(aliases: &[(&str, T)], word: &str) -> Option<T> {
    let found = aliases.iter().find(|(a, _)| a.eq_ignore_ascii_case(word));
    found.map(|(_, value)| *value)
}
