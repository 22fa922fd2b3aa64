//! Choices, as pure functions of the offer and the configuration.

use super::hello::Offer;
use crate::cert::{KeyUse, Keypair, MatchQuality};
use crate::config::{Config, Preference};
use crate::crypto::{Agreement, Authentication, KeyKind, Suite};
use crate::error::{Error, Reason, Result};
use crate::wire::{NamedGroup, Short, SignatureScheme, sort_short};

/// What a server answers with.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) suite: &'static Suite,
    /// The place of the keypair in the configuration, where the key exchange has a certificate.
    pub(super) keypair: Option<usize>,
    /// Of the key exchange, where it has one.
    pub(super) group: Option<NamedGroup>,
    /// Of the signature on the key exchange, where there is one.
    pub(super) scheme: Option<SignatureScheme>,
}

/// Whether a key of this kind makes and verifies signatures of this scheme. In TLS 1.2 an ECDSA
/// scheme names a hash and no curve (RFC 5246 §7.4.1.4.1, RFC 8422 §5.10).
pub(super) fn scheme_fits(scheme: SignatureScheme, kind: KeyKind) -> bool {
    use SignatureScheme as S;
    match kind {
        KeyKind::Rsa { .. } => matches!(
            scheme,
            S::RSA_PKCS1_SHA1
                | S::RSA_PKCS1_SHA256
                | S::RSA_PKCS1_SHA384
                | S::RSA_PKCS1_SHA512
                | S::RSA_PSS_RSAE_SHA256
                | S::RSA_PSS_RSAE_SHA384
                | S::RSA_PSS_RSAE_SHA512
        ),
        KeyKind::RsaPss { .. } => {
            matches!(
                scheme,
                S::RSA_PSS_PSS_SHA256 | S::RSA_PSS_PSS_SHA384 | S::RSA_PSS_PSS_SHA512
            )
        }
        KeyKind::Ec(_) => matches!(
            scheme,
            S::ECDSA_SHA1
                | S::ECDSA_SECP256R1_SHA256
                | S::ECDSA_SECP384R1_SHA384
                | S::ECDSA_SECP521R1_SHA512
        ),
        KeyKind::Ed25519 => scheme == S::ED25519,
    }
}

/// Whether a certificate with a key of this kind authenticates this suite (RFC 5246 §7.4.2,
/// RFC 8422 §5.3; Ed25519 goes with ECDHE_ECDSA, §2.1).
pub(super) fn kind_fits(kind: KeyKind, suite: &Suite) -> bool {
    match (suite.auth, kind) {
        (Authentication::Rsa, KeyKind::Rsa { .. }) => true,
        // An RSASSA-PSS key may only sign (RFC 4055 §1.2).
        (Authentication::Rsa, KeyKind::RsaPss { .. }) => suite.kx.row().signed,
        (Authentication::Ecdsa, KeyKind::Ec(_) | KeyKind::Ed25519) => true,
        (Authentication::Rsa, KeyKind::Ec(_) | KeyKind::Ed25519)
        | (Authentication::Ecdsa, KeyKind::Rsa { .. } | KeyKind::RsaPss { .. })
        | (Authentication::Psk, _) => false,
    }
}

/// The first of the decider's list that the other side has too.
fn common<T: Copy + PartialEq>(decider: &[T], other: &[T]) -> Option<T> {
    decider.iter().copied().find(|x| other.contains(x))
}

fn first_common<T: Copy + PartialEq>(
    preference: Preference,
    server: &[T],
    client: &[T],
    wanted: impl Fn(T) -> bool,
) -> Option<T> {
    let (first, second) = match preference {
        Preference::Server => (server, client),
        Preference::Client => (client, server),
    };
    first
        .iter()
        .copied()
        .find(|x| wanted(*x) && second.contains(x))
}

/// What stands in the way of a suite; the farthest obstacle makes the best error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    Suite,
    Keypair,
    Group,
    /// The client lists finite fields, none of them ours (RFC 7919 §4).
    Field,
    Scheme,
}

/// What of an offer matters here: each value once, in the client's order. A ClientHello has room
/// for thirty thousand values, repeated at will, and each list is searched for each entry of
/// another: so these are at most as long as our own.
struct Known<'a> {
    /// Groups of our configuration, and those with a name: a certificate may be on such a curve.
    groups: Short<NamedGroup, 16>,
    /// The client lists a finite field, known here or not.
    lists_fields: bool,
    schemes: Short<SignatureScheme, 24>,
    server_name: Option<&'a str>,
    /// Only certificates for that name count.
    by_name: bool,
}

impl<'a> Known<'a> {
    fn of(offer: &'a Offer, config: &Config) -> Self {
        // RFC 8422 §4: a client without supported_groups leaves the choice to us; P-256 is what
        // every old client has.
        let assumed = [NamedGroup::SECP256R1];
        let groups = offer.groups.as_deref().unwrap_or(&assumed);
        let group = |g: &NamedGroup| config.groups.contains(g) || g.name().is_some();
        // RFC 5246 §7.4.1.4.1: no signature_algorithms means SHA-1.
        let assumed = [SignatureScheme::RSA_PKCS1_SHA1, SignatureScheme::ECDSA_SHA1];
        let schemes = offer.schemes.as_deref().unwrap_or(&assumed);
        Self {
            lists_fields: groups.iter().any(|g| g.is_ffdhe()),
            groups: once_each(groups.iter().copied().filter(group)),
            schemes: once_each(
                schemes
                    .iter()
                    .copied()
                    .filter(|s| config.signing_schemes().contains(s)),
            ),
            server_name: offer.server_name.as_deref(),
            by_name: false,
        }
    }
}

/// The suites of both sides, in the client's order.
fn common_suites(offer: &Offer, config: &Config) -> Short<&'static Suite, 16> {
    let ours: Short<_, 24> = config.server_suites().collect();
    let suite = |id: &u16| ours.iter().copied().find(|s| s.id == *id);
    once_each(offer.suites.iter().filter_map(suite))
}

fn once_each<T: Copy + PartialEq, const N: usize>(values: impl Iterator<Item = T>) -> Short<T, N> {
    let mut once = Short::new();
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}

/// Chooses suite, keypair, group and scheme (RFC 5246 §7.4.1.3, RFC 8422 §4).
pub(super) fn choose(config: &Config, offer: &Offer) -> Result<Choice> {
    let mut known = Known::of(offer, config);
    let mut common = common_suites(offer, config);
    if config.preference == Preference::Server {
        // Suites that we like equally stay in the client's order.
        sort_short(&mut common, |suite| config.rank(suite));
    }
    let mut obstacle = Obstacle::Suite;
    // The host name counts for more than the order of the suites: a certificate for another name
    // is worth a try where no other is left alone (RFC 6066 §3).
    for by_name in [true, false] {
        known.by_name = by_name;
        for suite in common.iter() {
            match try_suite(config, &known, suite) {
                Ok(choice) => return Ok(choice),
                Err(found) => obstacle = obstacle.max(found),
            }
        }
    }
    Err(refusal(obstacle, offer))
}

/// Whether a full handshake would take a suite that stands before this one, of a session: then the
/// session does not hold the connection back. Both sides have `suite`.
pub(super) fn prefers_another(config: &Config, offer: &Offer, suite: &Suite) -> bool {
    let place = |suite: &Suite| match config.preference {
        Preference::Server => config.rank(suite),
        Preference::Client => offer.suites.iter().position(|id| *id == suite.id),
    };
    // As a rule there is none to choose.
    let liked_more = |s: &'static Suite| place(s) < place(suite) && offer.suites.contains(&s.id);
    config.server_suites().any(liked_more)
        && choose(config, offer).is_ok_and(|choice| place(choice.suite) < place(suite))
}

fn try_suite(
    config: &Config,
    offer: &Known<'_>,
    suite: &'static Suite,
) -> Result<Choice, Obstacle> {
    let group = choose_group(config, offer, suite)?;
    let (keypair, scheme) = match suite.kx.row().certificate {
        true => choose_keypair(config, offer, suite).map(|(k, s)| (Some(k), s))?,
        false => (None, None),
    };
    Ok(Choice {
        suite,
        keypair,
        group,
        scheme,
    })
}

/// The group of the agreement. `None`: it needs none, or is our own finite field.
fn choose_group(
    config: &Config,
    offer: &Known<'_>,
    suite: &Suite,
) -> Result<Option<NamedGroup>, Obstacle> {
    let both = |fields: bool| {
        let wanted = |g: NamedGroup| g.is_ffdhe() == fields;
        first_common(config.preference, &config.groups, &offer.groups, wanted)
    };
    match suite.kx.row().agreement {
        Agreement::Rsa | Agreement::Nothing => Ok(None),
        Agreement::Ecdhe => both(false).map(Some).ok_or(Obstacle::Group),
        // RFC 7919 §4: a client that lists fields gets one of its list or none at all.
        Agreement::Dhe if offer.lists_fields => both(true).map(Some).ok_or(Obstacle::Field),
        Agreement::Dhe if config.dh_params.is_some() => Ok(None),
        Agreement::Dhe => {
            let first = config.groups.iter().copied().find(|g| g.is_ffdhe());
            first.map(Some).ok_or(Obstacle::Group)
        }
    }
}

/// The place of the keypair that goes with the suite, and the scheme of its signature.
fn choose_keypair(
    config: &Config,
    offer: &Known<'_>,
    suite: &Suite,
) -> Result<(usize, Option<SignatureScheme>), Obstacle> {
    let fits = |k: &Keypair| kind_fits(k.kind(), suite);
    if !suite.kx.row().signed {
        let usable = |k: &Keypair| fits(k) && k.may(KeyUse::Encrypt) && k.key().can_decrypt();
        let keypair = best_keypair(config, offer, usable).ok_or(Obstacle::Keypair)?;
        return Ok((keypair, None));
    }
    let curve_known = |k: &Keypair| match k.kind() {
        KeyKind::Ec(curve) => offer.groups.contains(&curve),
        _ => true,
    };
    let usable = |k: &Keypair| fits(k) && k.may(KeyUse::Sign) && curve_known(k);
    let scheme = |k: &Keypair| {
        choose_scheme(
            config,
            config.preference == Preference::Server,
            k,
            &offer.schemes,
        )
    };
    if let Some(keypair) = best_keypair(config, offer, |k| usable(k) && scheme(k).is_some()) {
        let scheme = scheme(&config.keypairs[keypair]).ok_or(Obstacle::Scheme)?;
        return Ok((keypair, Some(scheme)));
    }
    match best_keypair(config, offer, usable) {
        Some(_) => Err(Obstacle::Scheme),
        None => Err(Obstacle::Keypair),
    }
}

/// The scheme of our signature with this keypair: allowed by the configuration, possible for the
/// key, and verifiable for the peer; by our order or by the peer's.
pub(super) fn choose_scheme(
    config: &Config,
    ours_decides: bool,
    keypair: &Keypair,
    peer: &[SignatureScheme],
) -> Option<SignatureScheme> {
    let able = keypair.key().schemes();
    let ours: Short<SignatureScheme, 24> = config
        .signing_schemes()
        .iter()
        .copied()
        .filter(|s| able.contains(s) && scheme_fits(*s, keypair.kind()))
        .collect();
    match ours_decides {
        true => common(&ours, peer),
        false => common(peer, &ours),
    }
}

/// Among the keypairs that satisfy `usable`, the one that fits the host name best; the first one
/// when none does (RFC 6066 §3 leaves it to us to go on).
fn best_keypair(
    config: &Config,
    offer: &Known<'_>,
    usable: impl Fn(&Keypair) -> bool,
) -> Option<usize> {
    let quality = |k: &Keypair| {
        offer
            .server_name
            .map_or(MatchQuality::No, |name| k.matches(name))
    };
    let mut best: Option<(usize, MatchQuality)> = None;
    for (i, keypair) in config
        .keypairs
        .iter()
        .enumerate()
        .filter(|(_, k)| usable(k))
    {
        let q = quality(keypair);
        if offer.by_name && q == MatchQuality::No {
            continue;
        }
        if best.is_none_or(|(_, b)| q > b) {
            best = Some((i, q));
        }
    }
    best.map(|(i, _)| i)
}

/// Entries of the client's lists that a sentence names.
const MAX_LISTED: usize = 16;

/// A list as a sentence bears it: its first entries, and how many more there are.
pub(super) fn listed<T: core::fmt::Debug>(all: &[T]) -> String {
    let shown = &all[..all.len().min(MAX_LISTED)];
    match all.len() - shown.len() {
        0 => format!("{shown:04x?}"),
        more => format!("{shown:04x?} and {more} more"),
    }
}

fn refusal(obstacle: Obstacle, offer: &Offer) -> Error {
    let groups = || offer.groups.as_deref().map_or("none".into(), listed);
    match obstacle {
        Obstacle::Suite => Error::with(
            Reason::NoCommonSuite,
            format!(
                "no cipher suite in common: the client offers {}",
                listed(&offer.suites)
            ),
        ),
        Obstacle::Keypair => Error::with(
            Reason::NoCommonSuite,
            format!(
                "no certificate fits a suite in common: the client offers {}",
                listed(&offer.suites)
            ),
        ),
        Obstacle::Group => Error::with(
            Reason::NoCommonGroup,
            format!("no group in common: the client offers {}", groups()),
        ),
        Obstacle::Field => Error::with(
            Reason::NoCommonDhGroup,
            format!(
                "no finite-field group in common: the client offers {}",
                groups()
            ),
        ),
        Obstacle::Scheme => Error::with(
            Reason::NoCommonScheme,
            match &offer.schemes {
                Some(schemes) => format!(
                    "no signature scheme in common: the client offers {}",
                    listed(schemes)
                ),
                None => "the client sent no signature_algorithms, which means SHA-1".into(),
            },
        ),
    }
}
