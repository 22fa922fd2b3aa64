//! What CAs say about revocation, of a chain that is good but for that. The first byte chooses whether
//! signatures are verified or all of them believed, so that the fuzzer gets to what stands behind them.

use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use std::sync::{Arc, LazyLock};
use tls_core::cert::{
    Certificate, CertificatePolicy, Crl, KeyUse, KnownCertificates, OcspStatus, Purpose, TrustAnchors, UnixTime,
    VerifyOptions, VerifyRequest, check_ocsp_response, ocsp_info, verify_chain,
};
use tls_core::crypto::Provider;
use tls_core::error::{Family, Reason};
use tls_crypto::DefaultProvider;

struct World {
    chain: Vec<Certificate>,
    anchors: TrustAnchors,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let pem = |text: &'static str| {
        let all = CertificateDer::pem_slice_iter(text.as_bytes());
        all.map(|c| Certificate::from(c.unwrap())).collect::<Vec<_>>()
    };
    let mut anchors = TrustAnchors::default();
    for ca in pem(include_str!("../../tests/pki/ca.pem")) {
        anchors.add(ca).unwrap();
    }
    World {
        chain: pem(include_str!("../../tests/pki/server-p256.pem")),
        anchors,
    }
});

/// 2026-01-01
const NOW: u64 = 1_767_225_600;

fn ask(
    flags: u8,
    options: &VerifyOptions,
    response: Option<&[u8]>,
    check: impl FnOnce(&VerifyRequest<'_>, Result<Arc<[Certificate]>, tls_core::error::Error>),
) {
    let provider: &dyn Provider = match flags & 1 {
        0 => &DefaultProvider,
        _ => &*crate::CREDULOUS,
    };
    let world = &*WORLD;
    let known = KnownCertificates::default();
    let request = VerifyRequest {
        chain: &world.chain,
        name: None,
        purpose: Purpose::Server,
        key_use: Some(KeyUse::Sign),
        now: UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW)),
        policy: CertificatePolicy {
            common_name: false,
            min_rsa_bits: 2048,
            min_ec_bits: 256,
            min_hash_bits: 256,
            version1: false,
            asked_by: tls_core::cert::AskedBy {
                policy: tls_core::config::MODERN.name,
                rsa_bits: tls_core::config::MODERN.min_rsa_bits,
                ec_bits: tls_core::config::MODERN.min_ec_bits,
                hash_bits: tls_core::config::MODERN.min_hash_bits,
                security_level: 0,
            },
        },
        options,
        ocsp_response: response,
        ocsp_required: flags & 2 != 0,
        provider,
        known: &known,
    };
    check(
        &request,
        verify_chain(&world.anchors, &request).map(|v| v.path),
    );
}

/// A staple.
pub fn ocsp(data: &[u8]) {
    let Some((&flags, response)) = data.split_first() else {
        return;
    };
    let parses = check_ocsp_response(response);
    ask(
        flags,
        &VerifyOptions::default(),
        Some(response),
        |request, verdict| match verdict {
            Ok(path) => {
                assert!(parses.is_ok(), "accepted, though it does not parse");
                let (info, right) = ocsp_info(request, &WORLD.anchors, &path).expect("it was judged");
                assert!(!matches!(info.status, OcspStatus::Revoked { .. }) || right.is_err());
                if request.ocsp_required {
                    assert_eq!((info.status, right), (OcspStatus::Good, Ok(())));
                }
            }
            Err(error) => {
                assert_eq!(error.reason().family(), Family::Certificate, "{error}");
                assert!(
                    parses.is_ok() || error.reason() == Reason::BadOcspResponse,
                    "{error}"
                );
            }
        },
    );
}

/// A list of the leaf's CA, or of anybody.
pub fn crl(data: &[u8]) {
    let Some((&flags, list)) = data.split_first() else {
        return;
    };
    let list = match Crl::parse(list) {
        Ok(list) => list,
        Err(error) => return assert_eq!(error.reason(), Reason::BadCrl),
    };
    assert_eq!(list.is_empty(), list.len() == 0);
    let mut options = VerifyOptions::default();
    let _two = options.crls.add([list.clone(), list], UnixTime::since_unix_epoch(core::time::Duration::from_secs(NOW)));
    assert_eq!(options.crls.lists().len(), 1);
    options.crl_policy.leaf_only = flags & 2 == 0;
    options.crl_policy.allow_unknown = flags & 4 != 0;
    options.crl_policy.allow_expired = flags & 8 != 0;
    ask(flags & 1, &options, None, |_, verdict| {
        if let Err(error) = verdict {
            assert_eq!(error.reason().family(), Family::Certificate, "{error}");
        }
    });
}
