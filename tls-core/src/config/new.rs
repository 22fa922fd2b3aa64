//! A configuration as it begins: the policy modern, and nothing that was asked for.

use super::{
    ClientAuth, Clock, Config, KeyLimits, MODERN, Ocsp, Own, Policy, Preference, Renegotiation,
    Sessions, Verification,
};
use crate::cert::VerifyOptions;
use crate::crypto::{Provider, Random};
use crate::record::MAX_FRAGMENT;
use crate::wire::ExtensionType as E;
use std::sync::Arc;

/// What a client offers, each only where it applies, in this order.
const CLIENT_EXTENSIONS: [E; 14] = [
    E::SERVER_NAME,
    E::EXTENDED_MASTER_SECRET,
    E::RENEGOTIATION_INFO,
    E::SUPPORTED_GROUPS,
    E::EC_POINT_FORMATS,
    E::SESSION_TICKET,
    E::ALPN,
    E::ENCRYPT_THEN_MAC,
    E::SIGNATURE_ALGORITHMS,
    E::STATUS_REQUEST,
    E::SIGNED_CERTIFICATE_TIMESTAMP,
    E::MAX_FRAGMENT_LENGTH,
    E::RECORD_SIZE_LIMIT,
    E::PADDING,
];

/// What a server answers, likewise.
const SERVER_EXTENSIONS: [E; 11] = [
    E::RENEGOTIATION_INFO,
    E::SERVER_NAME,
    E::EXTENDED_MASTER_SECRET,
    E::EC_POINT_FORMATS,
    E::SESSION_TICKET,
    E::ALPN,
    E::ENCRYPT_THEN_MAC,
    E::STATUS_REQUEST,
    E::SIGNED_CERTIFICATE_TIMESTAMP,
    E::MAX_FRAGMENT_LENGTH,
    E::RECORD_SIZE_LIMIT,
];

impl Config {
    /// The policy's lists, verification required by `verification`, no keypair, no ALPN.
    pub fn new(
        provider: Arc<dyn Provider>,
        random: Arc<dyn Random>,
        clock: Arc<dyn Clock>,
        verification: Verification,
    ) -> Self {
        let mut config = Self {
            provider,
            random,
            clock,
            policy: &MODERN,
            security_level: 0,
            suites: Vec::new(),
            equal_suites: Vec::new(),
            groups: Vec::new(),
            schemes: Vec::new(),
            signing_schemes: None,
            preference: Preference::Server,
            alpn: Vec::new(),
            dh_params: None,
            dh_1024: false,
            psk: None,
            psk_hint: Vec::new(),
            alpn_selector: None,
            on_hello: None,
            on_certificate: None,
            keypairs: Vec::new(),
            verification,
            verify_options: VerifyOptions::default(),
            known: Arc::default(),
            reviewer: None,
            ocsp: Ocsp::default(),
            scts: false,
            max_fragment_length: None,
            record_size_limit: None,
            max_send_fragment: MAX_FRAGMENT as u16,
            hello_padding: 0,
            fallback_scsv: false,
            client_auth: ClientAuth::None,
            client_authorities: None,
            common_name: false,
            servers_without_rfc5746: false,
            client_extensions: CLIENT_EXTENSIONS.to_vec(),
            server_extensions: SERVER_EXTENSIONS.to_vec(),
            renegotiation_scsv: false,
            renegotiation: Renegotiation::Refuse,
            key_limits: KeyLimits::DEFAULT,
            sessions: Sessions::default(),
            observers: None,
            key_log: None,
            pool: Arc::default(),
            own: Own::default(),
        };
        config.set_policy(&MODERN);
        config
    }

    /// Takes over a policy and its lists, without a security level; what was set before is replaced.
    pub fn set_policy(&mut self, policy: &'static Policy) {
        self.policy = policy;
        self.security_level = 0;
        self.suites = policy.suites().filter(|s| self.has_suite(s)).collect();
        self.equal_suites.clear();
        self.groups = policy
            .groups
            .iter()
            .copied()
            .filter(|g| self.has_group(*g))
            .collect();
        self.schemes = policy.schemes.to_vec();
        self.signing_schemes = None;
    }
}
