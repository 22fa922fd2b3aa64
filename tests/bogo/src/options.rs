//! The runner's flags: one dash, a value is the next argument.

use std::ffi::{OsStr, OsString};
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
    pub(crate) write_different_record_sizes: bool,
    pub(crate) send_alert: bool,
    pub(crate) read_with_unfinished_write: bool,
    pub(crate) cert_file: Option<OsString>,
    pub(crate) key_file: Option<OsString>,
    pub(crate) signing_prefs: Vec<u16>,
    pub(crate) verify_prefs: Vec<u16>,
    pub(crate) verify_fail: bool,
    pub(crate) expect_verify_result: bool,
    pub(crate) cipher: Option<String>,
    pub(crate) curves: Vec<u16>,
    pub(crate) server_preference: bool,
    pub(crate) host_name: Option<String>,
    pub(crate) advertise_alpn: Option<Vec<u8>>,
    pub(crate) select_alpn: Option<Vec<u8>>,
    pub(crate) decline_alpn: bool,
    pub(crate) reject_alpn: bool,
    pub(crate) export: Option<usize>,
    pub(crate) export_label: Vec<u8>,
    pub(crate) export_context: Vec<u8>,
    pub(crate) use_export_context: bool,
    pub(crate) tls_unique: bool,
    pub(crate) expect: Expect,
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
    pub(crate) extended_master_secret: bool,
    pub(crate) peer_cert_file: Option<OsString>,
}

/// What parsing brought.
pub(crate) enum Parsed {
    Run(Box<Options>),
    Unimplemented(String),
}

/// TLS 1.2 as the runner writes it.
const TLS12: u16 = 0x0303;

impl Options {
    pub(crate) fn parse(args: &[OsString]) -> Parsed {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            let name = flag.to_string_lossy();
            let name = name
                .strip_prefix("-on-shim-")
                .or(name.strip_prefix('-'))
                .unwrap_or(&name);
            // Only the first connection exists: flags for later ones cannot matter.
            let name = name.strip_prefix("on-initial-").unwrap_or(name);
            if options.switch(name) {
                continue;
            }
            let value = args.next().map(OsString::as_os_str);
            if value.and_then(|value| options.set(name, value)).is_none() {
                return Parsed::Unimplemented(name.to_owned());
            }
        }
        if options.reject_alpn && options.advertise_alpn.is_some() {
            return Parsed::Unimplemented("-reject-alpn on a client".to_owned());
        }
        Parsed::Run(Box::new(options))
    }

    /// Flags without a value.
    fn switch(&mut self, name: &str) -> bool {
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
            "verify-fail" => &mut self.verify_fail,
            "expect-verify-result" => &mut self.expect_verify_result,
            "server-preference" => &mut self.server_preference,
            "decline-alpn" => &mut self.decline_alpn,
            "reject-alpn" => &mut self.reject_alpn,
            "use-export-context" => &mut self.use_export_context,
            "tls-unique" => &mut self.tls_unique,
            "expect-extended-master-secret" => &mut self.expect.extended_master_secret,
            // What TLS 1.2 without TLS 1.3, renegotiation and sessions does anyway.
            "no-tls13"
            | "no-tls11"
            | "no-tls1"
            | "expect-no-hrr"
            | "no-ticket"
            | "use-custom-verify-callback"
            | "use-old-client-cert-callback"
            | "permute-extensions"
            | "renegotiate-ignore-not-used" => return true,
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
            "read-size" => self.read_size = Some(number()?.into()),
            "cert-file" => self.cert_file = Some(value.into()),
            "key-file" => self.key_file = Some(value.into()),
            // The chain is accepted or refused by flag; against a file only the bytes are compared.
            "trust-cert" => {}
            "signing-prefs" => self.signing_prefs.push(number()?),
            "verify-prefs" => self.verify_prefs.push(number()?),
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
            "expect-alpn" => self.expect.alpn = bytes(),
            "expect-peer-cert-file" => self.expect.peer_cert_file = Some(value.into()),
            "min-version" => return (number()? <= TLS12).then_some(()),
            "max-version" => return (number()? == TLS12).then_some(()),
            "resume-count" => return (number()? == 0).then_some(()),
            _ => return None,
        }
        Some(())
    }
}
