//! Lists that users write: cipher strings, groups, signature schemes, protocols. The first byte chooses
//! the policy, the second the list.
#![no_main]

use tls_core::config::Policy;
use tls_std::{Context, Reason, Roles};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [policy, which, text @ ..] = data else {
        return;
    };
    let Ok(text) = core::str::from_utf8(text) else {
        return;
    };
    let ctx = Context::new(Roles::Client);
    let policy = Policy::ALL[usize::from(*policy) % Policy::ALL.len()];
    ctx.set_policy(policy.name).expect("a policy");
    let before = ctx.config();
    let set = match which % 4 {
        0 => ctx.set_cipher_list(text),
        1 => ctx.set_groups(text),
        2 => ctx.set_schemes(text),
        _ => ctx.set_alpn_list(text),
    };
    let config = ctx.config();
    if let Err(error) = set {
        let possible = [
            Reason::BadCipherList,
            Reason::BadGroupList,
            Reason::BadSchemeList,
            Reason::BadAlpnList,
            Reason::RefusedByPolicy,
        ];
        assert!(possible.contains(&error.reason()), "{error}");
        assert!(
            core::ptr::eq(&*before, &*config),
            "an error changed something"
        );
        return;
    }
    // Whatever a list says, it chooses within the policy, names nothing twice, and leaves something.
    assert!(config.suites.iter().all(|s| s.class <= policy.class));
    assert!(config.groups.iter().all(|g| policy.groups.contains(g)));
    assert!(config.schemes.iter().all(|s| policy.schemes.contains(s)));
    let mut ids: Vec<_> = config.suites.iter().map(|s| s.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), config.suites.len());
    assert!(!ids.is_empty() && !config.groups.is_empty() && !config.schemes.is_empty());
    let strength = config.strength();
    assert!(config.suites.iter().all(|s| strength.allows_suite(s)));
    // What it resolved to resolves to itself.
    if which % 4 == 0 {
        let names: Vec<_> = config.suites.iter().map(|s| s.openssl_name).collect();
        let level = format!("{}:@SECLEVEL={}", names.join(":"), config.security_level);
        ctx.set_cipher_list(&level).expect("its own list");
        assert_eq!(ctx.config().suites.len(), names.len());
    }
});
