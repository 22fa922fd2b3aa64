use super::{SEPARATORS, absent, refused};
use crate::config::Policy;
use crate::crypto::{AeadId, Authentication, BulkCipher, CipherId, HashId, KeyExchangeKind, Suite};
use crate::error::{Error, Reason, Result};
use crate::wire::sort_short;

/// What a cipher string says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CipherList {
    /// The suites, most preferred first; never empty.
    pub suites: Vec<&'static Suite>,
    /// Suites of equal preference (`[A|B]`), each group in the list's order.
    pub equal: Vec<Vec<&'static Suite>>,
    /// The last `@SECLEVEL=n`, 0 to 5: what else must be as strong
    /// ([`Strength`](crate::config::Strength)). It is not applied to `suites`.
    pub seclevel: Option<u8>,
}

/// Parses an OpenSSL cipher string (ciphers(1)) within `policy`: suites under OpenSSL's or IANA's
/// names, aliases, `+` between aliases that must all hold, the prefixes `!` (remove for ever), `-`
/// (remove) and `+` (move to the end), `@STRENGTH` and `@SECLEVEL=n`; and BoringSSL's `[A|B]` for
/// suites that a server likes equally: among them the client's order decides.
///
/// Aliases mean what they mean to OpenSSL 3 (`SHA256` the MAC, not the PRF; `TLSv1` what needs no
/// newer version), with the suites that exist here. `SUITEB128` and its kin choose suites alone.
/// The base order, which `ALL` and `HIGH` follow, is the policy's.
///
/// Errors: `BadCipherList` for an unknown word and for a list that selects nothing;
/// `RefusedByPolicy` for a suite by name that the policy does not have.
pub fn parse_cipher_list(text: &str, policy: &Policy) -> Result<CipherList> {
    let mut list = Selection {
        entries: policy.suites().map(|s| (s, false)).collect(),
        groups: Vec::new(),
        seclevel: None,
    };
    for item in items(text) {
        match item.strip_prefix('[') {
            Some(group) => list.group(group, policy)?,
            None => list.apply(item, policy)?,
        }
    }
    let suites: Vec<_> = list.active().collect();
    if suites.is_empty() {
        return Err(selects_nothing(text, policy));
    }
    Ok(CipherList {
        equal: list.equal(&suites),
        suites,
        seclevel: list.seclevel,
    })
}

/// The items of a string: between separators, and a command also right behind a word
/// (`DEFAULT@SECLEVEL=1`).
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATORS).flat_map(|chunk| {
        let mut rest = chunk;
        core::iter::from_fn(move || {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == '@')
                .map_or(rest.len(), |(i, _)| i);
            let (item, tail) = rest.split_at(end);
            rest = tail;
            (!item.is_empty()).then_some(item)
        })
    })
}

/// The suites of the policy that are not removed for ever, in the order of the moment, with whether
/// each one is in the list.
struct Selection {
    entries: Vec<(&'static Suite, bool)>,
    /// The suites of each group, by number.
    groups: Vec<Vec<u16>>,
    seclevel: Option<u8>,
}

impl Selection {
    fn active(&self) -> impl Iterator<Item = &'static Suite> {
        self.entries.iter().filter(|e| e.1).map(|e| e.0)
    }

    /// `A|B]`: what is not in the list yet is appended, as equals. No operators, no groups inside.
    fn group(&mut self, rest: &str, policy: &Policy) -> Result<()> {
        let bad = |what: &str| {
            let text = format!("the cipher list has a group that {what}: \"[{rest}\"");
            Error::with(Reason::BadCipherList, text)
        };
        let words = rest.strip_suffix(']').ok_or_else(|| bad("does not end"))?;
        let before: Vec<u16> = self.active().map(|s| s.id).collect();
        for word in words.split('|') {
            if matches!(word.as_bytes(), [b'!' | b'-' | b'+' | b'@', ..]) {
                return Err(bad("has an operator"));
            }
            self.apply(word, policy)?;
        }
        let new = self
            .active()
            .map(|s| s.id)
            .filter(|id| !before.contains(id));
        self.groups.push(new.collect());
        Ok(())
    }

    /// What is left of the groups.
    fn equal(&self, suites: &[&'static Suite]) -> Vec<Vec<&'static Suite>> {
        let left = |group: &Vec<u16>| {
            let members = suites.iter().copied().filter(|s| group.contains(&s.id));
            members.collect::<Vec<_>>()
        };
        let groups = self.groups.iter().map(left);
        groups.filter(|group| group.len() > 1).collect()
    }

    fn apply(&mut self, item: &str, policy: &Policy) -> Result<()> {
        if let Some(command) = item.strip_prefix('@') {
            return self.command(command);
        }
        let (operator, words) = match item.as_bytes() {
            [b'!' | b'-' | b'+', ..] => (item.as_bytes()[0], &item[1..]),
            _ => (0, item),
        };
        let terms = words.split('+').map(term).collect::<Result<Vec<_>>>()?;
        let matches = |s: &Suite| terms.iter().all(|t| t.matches(s));
        match operator {
            b'!' => self.entries.retain(|(s, _)| !matches(s)),
            b'-' => {
                // What is taken out goes to the front, so that it can come back in its order.
                let (mut out, rest) = self.split(|s, active| active && matches(s));
                out.iter_mut().for_each(|e| e.1 = false);
                self.entries = [out, rest].concat();
            }
            b'+' => {
                let (moved, rest) = self.split(|s, active| active && matches(s));
                self.entries = [rest, moved].concat();
            }
            _ => {
                if let [Term::Suite(suite)] = terms[..]
                    && suite.class > policy.class
                {
                    return Err(refused(words, policy, |p| suite.class <= p.class));
                }
                let (mut new, rest) = self.split(|s, active| !active && matches(s));
                new.iter_mut().for_each(|e| e.1 = true);
                self.entries = [rest, new].concat();
            }
        }
        Ok(())
    }

    fn command(&mut self, command: &str) -> Result<()> {
        if command == "STRENGTH" {
            if !self.groups.is_empty() {
                return Err(Error::with(
                    Reason::BadCipherList,
                    "the cipher list has @STRENGTH behind a group of equals",
                ));
            }
            // By the cipher's bits, else in the order of the moment. What is not in the list keeps
            // its place before it.
            sort_short(&mut self.entries, |(s, active)| {
                active.then_some(core::cmp::Reverse(s.bits))
            });
            return Ok(());
        }
        match command.strip_prefix("SECLEVEL=").map(str::as_bytes) {
            Some([level @ b'0'..=b'5']) => {
                self.seclevel = Some(level - b'0');
                Ok(())
            }
            _ => Err(Error::with(
                Reason::BadCipherList,
                format!("the cipher list has an unknown command: \"@{command}\""),
            )),
        }
    }

    fn split(&self, f: impl Fn(&Suite, bool) -> bool) -> (Entries, Entries) {
        self.entries.iter().partition(|(s, active)| f(s, *active))
    }
}

type Entries = Vec<(&'static Suite, bool)>;

/// One word.
enum Term {
    Suite(&'static Suite),
    Alias(fn(&Suite) -> bool),
    /// Known to OpenSSL, absent here.
    Nothing,
}

impl Term {
    fn matches(&self, suite: &Suite) -> bool {
        match self {
            Self::Suite(only) => only.id == suite.id,
            Self::Alias(predicate) => predicate(suite),
            Self::Nothing => false,
        }
    }
}

/// Aliases are case-sensitive, as in OpenSSL (`kECDHE` and `kECDHe` differ); names of suites are not.
fn term(word: &str) -> Result<Term> {
    if let Some((_, predicate)) = ALIASES.iter().find(|(names, _)| names.contains(&word)) {
        return Ok(Term::Alias(*predicate));
    }
    if let Some(suite) = Suite::by_name(word) {
        return Ok(Term::Suite(suite));
    }
    let same = |name: &str| name.eq_ignore_ascii_case(word);
    if absent::ALIASES.contains(&word) || absent::SUITES.iter().any(|(o, i)| same(o) || same(i)) {
        return Ok(Term::Nothing);
    }
    Err(Error::with(
        Reason::BadCipherList,
        format!("the cipher list has an unknown word: {word:?}"),
    ))
}

const ECDHE_ECDSA_AES128_GCM: u16 = 0xc02b;
const ECDHE_ECDSA_AES256_GCM: u16 = 0xc02c;

type Alias = (&'static [&'static str], fn(&Suite) -> bool);

#[rustfmt::skip]
const ALIASES: &[Alias] = &[
    (&["ALL", "DEFAULT"], |_| true),
    (&["HIGH"], |s| s.bits >= 128),
    (&["MEDIUM", "3DES"], |s| cipher(s) == Some(CipherId::TripleDes)),
    (&["kRSA", "RSA"], |s| s.kx == KeyExchangeKind::Rsa),
    (&["kEECDH", "kECDHE", "EECDH", "ECDHE", "ECDH"], |s| s.kx == KeyExchangeKind::Ecdhe),
    (&["kDHE", "kEDH", "DHE", "EDH", "DH"], |s| s.kx == KeyExchangeKind::Dhe),
    (&["PSK"], |s| s.kx.row().psk),
    (&["kPSK"], |s| s.kx == KeyExchangeKind::Psk),
    (&["kECDHEPSK"], |s| s.kx == KeyExchangeKind::EcdhePsk),
    (&["kDHEPSK"], |s| s.kx == KeyExchangeKind::DhePsk),
    (&["kRSAPSK"], |s| s.kx == KeyExchangeKind::RsaPsk),
    (&["aPSK"], |s| s.auth == Authentication::Psk),
    (&["aRSA"], |s| s.auth == Authentication::Rsa),
    (&["aECDSA", "ECDSA"], |s| s.auth == Authentication::Ecdsa),
    (&["AES"], |s| aes128(s) || aes256(s)),
    (&["AES128"], aes128),
    (&["AES256"], aes256),
    (&["AESGCM"], |s| matches!(aead(s), Some(AeadId::Aes128Gcm | AeadId::Aes256Gcm))),
    (&["AESCCM"], |s| matches!(aead(s), Some(AeadId::Aes128Ccm | AeadId::Aes256Ccm)) || ccm8(s)),
    (&["AESCCM8"], ccm8),
    (&["CHACHA20"], |s| aead(s) == Some(AeadId::ChaCha20Poly1305)),
    (&["CBC"], Suite::is_cbc),
    (&["SHA1", "SHA"], |s| mac(s) == Some(HashId::Sha1)),
    (&["SHA256"], |s| mac(s) == Some(HashId::Sha256)),
    (&["SHA384"], |s| mac(s) == Some(HashId::Sha384)),
    (&["TLSv1.2"], |s| mac(s) != Some(HashId::Sha1) && !psk_of_tls1(s)),
    (&["TLSv1", "TLSv1.0"], |s| mac(s) == Some(HashId::Sha1) && s.is_ecdhe() || psk_of_tls1(s)),
    (&["SSLv3"], |s| mac(s) == Some(HashId::Sha1) && !s.is_ecdhe()),
    (&["FIPS"], |s| s.is_cbc() || matches!(aead(s), Some(AeadId::Aes128Gcm | AeadId::Aes256Gcm))),
    (&["SUITEB128ONLY"], |s| s.id == ECDHE_ECDSA_AES128_GCM),
    (&["SUITEB192"], |s| s.id == ECDHE_ECDSA_AES256_GCM),
    (&["SUITEB128", "SUITEB128C2"], |s| [ECDHE_ECDSA_AES128_GCM, ECDHE_ECDSA_AES256_GCM].contains(&s.id)),
];

/// RFC 5487 §3 and RFC 5489 §3 define these for TLS 1.0 already, with another PRF.
fn psk_of_tls1(suite: &Suite) -> bool {
    suite.kx.row().psk && matches!(mac(suite), Some(HashId::Sha256 | HashId::Sha384))
}

const fn aead(suite: &Suite) -> Option<AeadId> {
    match suite.bulk {
        BulkCipher::Aead(aead) => Some(aead),
        BulkCipher::Cbc { .. } => None,
    }
}

const fn cipher(suite: &Suite) -> Option<CipherId> {
    match suite.bulk {
        BulkCipher::Cbc { cipher, .. } => Some(cipher),
        BulkCipher::Aead(_) => None,
    }
}

const fn mac(suite: &Suite) -> Option<HashId> {
    match suite.bulk {
        BulkCipher::Cbc { mac, .. } => Some(mac),
        BulkCipher::Aead(_) => None,
    }
}

const fn aes128(suite: &Suite) -> bool {
    match suite.bulk {
        BulkCipher::Cbc { cipher, .. } => matches!(cipher, CipherId::Aes128),
        BulkCipher::Aead(aead) => matches!(
            aead,
            AeadId::Aes128Gcm | AeadId::Aes128Ccm | AeadId::Aes128Ccm8
        ),
    }
}

const fn aes256(suite: &Suite) -> bool {
    match suite.bulk {
        BulkCipher::Cbc { cipher, .. } => matches!(cipher, CipherId::Aes256),
        BulkCipher::Aead(aead) => matches!(
            aead,
            AeadId::Aes256Gcm | AeadId::Aes256Ccm | AeadId::Aes256Ccm8
        ),
    }
}

const fn ccm8(suite: &Suite) -> bool {
    matches!(
        suite.bulk,
        BulkCipher::Aead(AeadId::Aes128Ccm8 | AeadId::Aes256Ccm8)
    )
}

/// An empty result, with the policy under which it would not be empty.
fn selects_nothing(text: &str, policy: &Policy) -> Error {
    let wider = Policy::ALL
        .iter()
        .filter(|p| p.class > policy.class)
        .find(|p| parse_cipher_list(text, p).is_ok());
    let hint = match wider {
        Some(p) => format!("; the policy {} has suites for it", p.name),
        None => String::new(),
    };
    Error::with(
        Reason::BadCipherList,
        format!(
            "the cipher list {text:?} selects nothing within the policy {}{hint}",
            policy.name
        ),
    )
}
