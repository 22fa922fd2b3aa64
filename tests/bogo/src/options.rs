//! The runner's flags: one dash, a value is the next argument.

use base64ct::{Base64, Encoding};
use std::ffi::{OsStr, OsString};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;

/// What the flags ask for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) shim_id: u64,
    pub(crate) ipv6: bool,
    pub(crate) server: bool,
    pub(crate) asynchronous: bool,
    pub(crate) implicit_handshake: bool,
    pub(crate) shim_writes_first: bool,
    pub(crate) initial_write: Option<Vec<u8>>,
    pub(crate) shim_shuts_down: bool,
    pub(crate) check_close_notify: bool,
    pub(crate) read_size: Option<usize>,
    pub(crate) max_send_fragment: Option<u16>,
    pub(crate) write_different_record_sizes: bool,
    pub(crate) send_alert: bool,
    pub(crate) read_with_unfinished_write: bool,
    /// What is tried last.
    pub(crate) default_credential: Credential,
    /// What is tried before it, in this order.
    pub(crate) credentials: Vec<Credential>,
    pub(crate) verify_prefs: Vec<u16>,
    pub(crate) ocsp_stapling: bool,
    pub(crate) scts: bool,
    pub(crate) fallback_scsv: bool,
    /// Ask a client for its certificate; a server's must verify.
    pub(crate) verify_peer: bool,
    pub(crate) require_any_client_certificate: bool,
    pub(crate) verify_fail: bool,
    pub(crate) custom_verify: bool,
    pub(crate) expect_verify_result: bool,
    pub(crate) cipher: Option<String>,
    pub(crate) psk: Option<Vec<u8>>,
    pub(crate) psk_identity: Vec<u8>,
    pub(crate) curves: Vec<u16>,
    pub(crate) server_preference: bool,
    pub(crate) host_name: Option<String>,
    pub(crate) advertise_alpn: Option<Vec<u8>>,
    pub(crate) select_alpn: Option<Vec<u8>>,
    pub(crate) decline_alpn: bool,
    pub(crate) reject_alpn: bool,
    pub(crate) select_empty_alpn: bool,
    /// The names of CAs that a server asks its client for.
    pub(crate) client_cas: Option<Vec<Vec<u8>>>,
    pub(crate) export: Option<usize>,
    pub(crate) export_label: Vec<u8>,
    pub(crate) export_context: Vec<u8>,
    pub(crate) use_export_context: bool,
    pub(crate) tls_unique: bool,
    pub(crate) early_callback: bool,
    pub(crate) fail_early_callback: bool,
    pub(crate) fail_cert_callback: bool,
    pub(crate) no_ticket: bool,
    /// Further connections, each of which resumes the session of the one before.
    pub(crate) resume_count: u16,
    /// Seconds that pass between two connections.
    pub(crate) resumption_delay: u64,
    pub(crate) ticket_key: Option<Vec<u8>>,
    pub(crate) renegotiate_freely: bool,
    pub(crate) renegotiate_once: bool,
    pub(crate) renegotiate_ignore: bool,
    pub(crate) forbid_renegotiation_after_handshake: bool,
    pub(crate) no_legacy_server_connect: bool,
    pub(crate) expect: Expect,
}

/// A certificate with its key, and what comes with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credential {
    pub(crate) cert_file: Option<OsString>,
    pub(crate) key_file: Option<OsString>,
    pub(crate) signing_prefs: Vec<u16>,
    pub(crate) ocsp_response: Option<Vec<u8>>,
    pub(crate) scts: Option<Vec<u8>>,
}

/// What must be true after the handshake.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expect {
    pub(crate) version: Option<u16>,
    pub(crate) cipher: Option<u16>,
    pub(crate) curve: Option<u16>,
    pub(crate) peer_scheme: Option<u16>,
    pub(crate) server_name: Option<String>,
    pub(crate) alpn: Option<Vec<u8>>,
    pub(crate) advertised_alpn: Option<Vec<u8>>,
    pub(crate) client_cas: Option<Vec<Vec<u8>>>,
    pub(crate) extended_master_secret: bool,
    pub(crate) peer_cert_file: Option<OsString>,
    pub(crate) ocsp_response: Option<Vec<u8>>,
    pub(crate) scts: Option<Vec<u8>>,
    /// -1: the default one.
    pub(crate) credential: Option<i32>,
    pub(crate) session_miss: bool,
    pub(crate) no_session: bool,
    pub(crate) session_id: bool,
    pub(crate) no_session_id: bool,
    pub(crate) ticket_renewal: bool,
    pub(crate) renegotiations: Option<u16>,
    pub(crate) secure_renegotiation: bool,
    pub(crate) no_secure_renegotiation: bool,
}

/// What parsing brought.
pub(crate) enum Parsed {
    /// Of the first connection, and of the ones that resume.
    Run(Box<[Options; 2]>),
    Unimplemented(String),
}

/// TLS 1.2 as the runner writes it.
const TLS12: u16 = 0x0303;

/// A flag's name without its prefixes, and the option sets that it is for.
fn address(flag: &str) -> (&str, Range<usize>) {
    let name = flag.strip_prefix("-on-shim-").or(flag.strip_prefix('-'));
    let name = name.unwrap_or(flag);
    if let Some(name) = name.strip_prefix("on-initial-") {
        return (name, 0..1);
    }
    match name.strip_prefix("on-resume-") {
        Some(name) => (name, 1..2),
        None => (name, 0..2),
    }
}

/// Base64 as RFC 4648 §4 has it.
fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// DER in hexadecimal between commas, or one of two words for none.
fn names(text: &str) -> Option<Vec<Vec<u8>>> {
    if ["<EMPTY>", "<NULL>"].contains(&text) {
        return Some(Vec::new());
    }
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let name = |hex: &str| hex.as_bytes().chunks(2).map(octet).collect();
    text.split(',').map(name).collect()
}

impl Options {
    pub(crate) fn parse(args: &[OsString]) -> Parsed {
        let mut both = Box::new([Self::default(), Self::default()]);
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            let flag = flag.to_string_lossy();
            let (name, places) = address(&flag);
            let mut value = None;
            for options in &mut both[places] {
                if options.switch(name) {
                    continue;
                }
                // Both sets take one and the same value.
                value = value.or_else(|| args.next().map(OsString::as_os_str));
                if value.and_then(|value| options.set(name, value)).is_none() {
                    return Parsed::Unimplemented(name.to_owned());
                }
            }
        }
        // Flags of connections that there are not cannot matter.
        let connections = 1 + usize::from(both[0].resume_count > 0);
        for options in &both[..connections] {
            if options.reject_alpn && options.advertise_alpn.is_some() {
                return Parsed::Unimplemented("-reject-alpn on a client".to_owned());
            }
        }
        Parsed::Run(both)
    }

    /// Flags without a value.
    fn switch(&mut self, name: &str) -> bool {
        if name == "new-x509-credential" {
            self.credentials.push(Credential::default());
            return true;
        }
        let field = match name {
            "ipv6" => &mut self.ipv6,
            "server" => &mut self.server,
            "async" => &mut self.asynchronous,
            "implicit-handshake" => &mut self.implicit_handshake,
            "shim-writes-first" => &mut self.shim_writes_first,
            "shim-shuts-down" => &mut self.shim_shuts_down,
            "check-close-notify" => &mut self.check_close_notify,
            "write-different-record-sizes" => &mut self.write_different_record_sizes,
            "send-alert" => &mut self.send_alert,
            "read-with-unfinished-write" => &mut self.read_with_unfinished_write,
            "enable-ocsp-stapling" => &mut self.ocsp_stapling,
            "enable-signed-cert-timestamps" => &mut self.scts,
            "fallback-scsv" => &mut self.fallback_scsv,
            "verify-peer" => &mut self.verify_peer,
            "require-any-client-certificate" => &mut self.require_any_client_certificate,
            "verify-fail" => &mut self.verify_fail,
            "use-custom-verify-callback" => &mut self.custom_verify,
            "expect-verify-result" => &mut self.expect_verify_result,
            "server-preference" => &mut self.server_preference,
            "decline-alpn" => &mut self.decline_alpn,
            "reject-alpn" => &mut self.reject_alpn,
            "select-empty-alpn" => &mut self.select_empty_alpn,
            "use-export-context" => &mut self.use_export_context,
            "tls-unique" => &mut self.tls_unique,
            "use-early-callback" => &mut self.early_callback,
            "fail-early-callback" => &mut self.fail_early_callback,
            "fail-cert-callback" if self.server => &mut self.fail_cert_callback,
            "expect-extended-master-secret" => &mut self.expect.extended_master_secret,
            "no-ticket" => &mut self.no_ticket,
            "expect-session-miss" => &mut self.expect.session_miss,
            "expect-no-session" => &mut self.expect.no_session,
            "expect-session-id" => &mut self.expect.session_id,
            "expect-no-session-id" => &mut self.expect.no_session_id,
            "expect-ticket-renewal" => &mut self.expect.ticket_renewal,
            "renegotiate-freely" => &mut self.renegotiate_freely,
            "renegotiate-once" => &mut self.renegotiate_once,
            "renegotiate-ignore" => &mut self.renegotiate_ignore,
            "forbid-renegotiation-after-handshake" => {
                &mut self.forbid_renegotiation_after_handshake
            }
            "no-legacy-server-connect" => &mut self.no_legacy_server_connect,
            "expect-secure-renegotiation" => &mut self.expect.secure_renegotiation,
            "expect-no-secure-renegotiation" => &mut self.expect.no_secure_renegotiation,
            // What TLS 1.2 without TLS 1.3 does anyway.
            "no-tls13"
            | "no-tls11"
            | "no-tls1"
            | "expect-no-hrr"
            | "use-old-client-cert-callback"
            | "permute-extensions" => return true,
            _ => return false,
        };
        *field = true;
        true
    }

    /// Flags with a value; `None` for what is not implemented.
    fn set(&mut self, name: &str, value: &OsStr) -> Option<()> {
        let text = || Some(value.to_str()?.to_owned());
        let number = || value.to_str()?.parse::<u16>().ok();
        let bytes = || Some(value.as_bytes().to_vec());
        match name {
            "port" => self.port = number()?,
            "shim-id" => self.shim_id = value.to_str()?.parse().ok()?,
            "shim-initial-write" => self.initial_write = bytes(),
            "max-send-fragment" => self.max_send_fragment = Some(number()?),
            "read-size" => self.read_size = Some(number()?.into()),
            "cert-file" => self.credential().cert_file = Some(value.into()),
            "key-file" => self.credential().key_file = Some(value.into()),
            "ocsp-response" => self.credential().ocsp_response = Some(base64(value.to_str()?)?),
            "signed-cert-timestamps" => self.credential().scts = Some(base64(value.to_str()?)?),
            "expect-ocsp-response" => {
                self.expect.ocsp_response = Some(base64(value.to_str()?)?);
            }
            "expect-signed-cert-timestamps" => {
                self.expect.scts = Some(base64(value.to_str()?)?);
            }
            "expect-selected-credential" => {
                self.expect.credential = Some(value.to_str()?.parse().ok()?);
            }
            // The chain is accepted or refused by flag; against a file only the bytes are compared.
            "trust-cert" => {}
            "signing-prefs" => self.credential().signing_prefs.push(number()?),
            "verify-prefs" => self.verify_prefs.push(number()?),
            "psk" => self.psk = bytes(),
            "psk-identity" => self.psk_identity = bytes()?,
            "cipher" => self.cipher = text(),
            "curves" => self.curves.push(number()?),
            "host-name" => self.host_name = text(),
            "advertise-alpn" => self.advertise_alpn = bytes(),
            "export-keying-material" => self.export = Some(number()?.into()),
            "export-label" => self.export_label = bytes()?,
            "export-context" => self.export_context = bytes()?,
            "select-alpn" => self.select_alpn = bytes(),
            "expect-version" => self.expect.version = number(),
            "expect-cipher" => self.expect.cipher = number(),
            "expect-curve-id" => self.expect.curve = number(),
            "expect-peer-signature-algorithm" => self.expect.peer_scheme = number(),
            "expect-server-name" => self.expect.server_name = text(),
            "expect-advertised-alpn" => self.expect.advertised_alpn = bytes(),
            "use-client-ca-list" if self.server => self.client_cas = Some(names(value.to_str()?)?),
            "expect-client-ca-list" => self.expect.client_cas = Some(names(value.to_str()?)?),
            "expect-alpn" => self.expect.alpn = bytes(),
            "expect-peer-cert-file" => self.expect.peer_cert_file = Some(value.into()),
            "min-version" => return (number()? <= TLS12).then_some(()),
            "max-version" => return (number()? == TLS12).then_some(()),
            "expect-total-renegotiations" => self.expect.renegotiations = Some(number()?),
            "resume-count" => self.resume_count = number()?,
            "resumption-delay" => self.resumption_delay = number()?.into(),
            "ticket-key" => self.ticket_key = Some(base64(value.to_str()?)?),
            _ => return None,
        }
        Some(())
    }

    /// The one that was begun last, or else the default one.
    fn credential(&mut self) -> &mut Credential {
        match self.credentials.last_mut() {
            Some(last) => last,
            None => &mut self.default_credential,
        }
    }
}
