//! Exporters, channel bindings and key logs, as Rust programs see them.

use crate::common::{client_ctx, established, pair, server_ctx, shake};
use std::path::PathBuf;
use tls_std::tls_core::cert::UnixTime;
use tls_std::{ChannelBinding, Context, KeyLogFile, Reason};

/// A path that nothing else uses.
fn fresh(name: &str) -> PathBuf {
    let nanos = UnixTime::now().as_secs();
    let id = std::process::id();
    let path = std::env::temp_dir().join(format!("tlscore-{name}-{id}-{nanos}"));
    let _absent = std::fs::remove_file(&path);
    path
}

fn connect(client: &Context, server: &Context) {
    let (mut c, mut s) = (client.client(Some("localhost")), server.server());
    shake(&mut c, &mut s).unwrap();
}

#[test]
fn both_ends_export_and_bind_the_same() {
    let (mut c, mut s) = established();
    let (mut one, mut two) = ([0; 32], [0; 32]);
    c.export_keying_material(b"EXPERIMENTAL x", Some(b"ctx"), &mut one)
        .unwrap();
    s.export_keying_material(b"EXPERIMENTAL x", Some(b"ctx"), &mut two)
        .unwrap();
    assert_eq!(one, two);
    for binding in [
        ChannelBinding::TlsUnique,
        ChannelBinding::TlsServerEndPoint,
        ChannelBinding::TlsExporter,
    ] {
        assert_eq!(
            c.channel_binding(binding).unwrap(),
            s.channel_binding(binding).unwrap()
        );
    }
    assert_eq!(
        c.danger_tls_unique().unwrap(),
        c.channel_binding(ChannelBinding::TlsUnique).unwrap()
    );
}

#[test]
fn a_refusal_stays_until_the_next_verb() {
    let (mut c, mut s) = pair();
    let error = c.channel_binding(ChannelBinding::TlsUnique).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongOrder);
    assert_eq!(c.error(), Some(&error));
    shake(&mut c, &mut s).unwrap();
    assert_eq!(c.error(), None);
    let refused = c.export_keying_material(b"master secret", None, &mut [0; 4]);
    assert_eq!(refused.unwrap_err().reason(), Reason::BadArgument);
    assert!(!c.is_failed());
}

#[test]
fn a_connection_that_could_not_be_set_up_says_so() {
    let mut c = client_ctx().client(Some("no name at all"));
    let error = c.danger_tls_unique().unwrap_err();
    assert_eq!(error.reason(), Reason::BadServerName);
}

#[test]
fn a_key_log_file_grows_by_a_line_per_handshake() {
    let path = fresh("keylog");
    let (client, server) = (client_ctx(), server_ctx("p256"));
    client.danger_key_log_file(&path).unwrap();
    server.danger_key_log_file(&path).unwrap();
    connect(&client, &server);
    connect(&client, &server);
    client.danger_set_key_log(None);
    connect(&client, &server);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(text.ends_with('\n'));
    for line in &lines {
        assert!(
            line.starts_with("CLIENT_RANDOM ") && line.len() == 13 + 2 * (1 + 32 + 48),
            "{line}"
        );
    }
    assert_eq!(lines[0], lines[1]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_key_log_that_cannot_be_opened_changes_nothing() {
    let ctx = client_ctx();
    let error = ctx
        .danger_key_log_file("/no such directory/file")
        .unwrap_err();
    assert_eq!(error.reason(), Reason::FileUnreadable);
    assert_eq!(error.os_error(), Some(2));
    assert!(error.text().contains("/no such directory/file"));
    assert_eq!(ctx.last_error(), Some(error));
    assert!(ctx.config().key_log.is_none());
}

#[test]
fn the_environment_is_looked_at_on_request_alone() {
    // The test program is started without the variable.
    if std::env::var_os("SSLKEYLOGFILE").is_none() {
        assert!(KeyLogFile::from_env().unwrap().is_none());
        let ctx = client_ctx();
        assert!(!ctx.danger_key_log_env().unwrap());
        assert!(ctx.config().key_log.is_none());
    }
}
