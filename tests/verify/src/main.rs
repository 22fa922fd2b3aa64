//! verify-table TLSCAT: judges every chain of `chains` and `revocation` with `tlscat verify` and with `openssl verify`,
//! prints the table and `N passed, N failed`. A row fails where we say something else than it says, where
//! OpenSSL's verdict is another one without a reason given, and where a reason is given and it is not.

mod chains;
mod forge;
mod revocation;
mod row;
mod strict;

use base64ct::{Base64, Encoding};
use row::Row;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use tls_core::cert::Certificate;

fn main() -> ExitCode {
    let Some(tlscat) = std::env::args().nth(1) else {
        eprintln!("verify-table TLSCAT");
        return ExitCode::from(2);
    };
    let dir = std::env::temp_dir().join(format!("tlscore-verify-{}", std::process::id()));
    if let Err(why) = std::fs::create_dir_all(&dir) {
        eprintln!("{}: {why}", dir.display());
        return ExitCode::from(2);
    }
    let rows = chains::all();
    let mut failed = 0;
    println!(
        "{:<46} {:<27} {:<10} why they differ",
        "chain", "tlscore", "openssl"
    );
    for row in &rows {
        let files = Files::write(&dir, row);
        let ours = ours(&tlscat, &files, row);
        let theirs = theirs(&files, row);
        failed += usize::from(!print(row, &ours, &theirs));
    }
    let _left = std::fs::remove_dir_all(&dir);
    let differ = rows.iter().filter(|row| row.differs.is_some()).count();
    println!("{} chains, {differ} judged differently", rows.len());
    println!("{} passed, {failed} failed", rows.len() - failed);
    ExitCode::from(u8::from(failed > 0))
}

/// The first word is OK, or the rule; behind it what was said.
struct Verdict {
    word: String,
    said: String,
}

fn print(row: &Row, ours: &Verdict, theirs: &Verdict) -> bool {
    let differ = (ours.word == "OK") != (theirs.word == "OK");
    let good = ours.word == row.ours && differ == row.differs.is_some();
    let why = row.differs.unwrap_or_default();
    let line = format!(
        "{:<46} {:<27} {:<10} {why}",
        row.title, ours.word, theirs.word
    );
    println!("{}", line.trim_end());
    if !good {
        println!(
            "    FAILED: should be {}{}",
            row.ours,
            if row.differs.is_some() {
                ", and OpenSSL should differ"
            } else {
                ""
            }
        );
        println!("    tlscore: {}\n    openssl: {}", ours.said, theirs.said);
    }
    good
}

struct Files {
    leaf: PathBuf,
    sent: PathBuf,
    trusted: PathBuf,
    crls: PathBuf,
}

impl Files {
    fn write(dir: &Path, row: &Row) -> Self {
        let write = |name: &str, certificates: &[Certificate]| {
            let path = dir.join(name);
            std::fs::write(
                &path,
                certificates
                    .iter()
                    .map(|c| pem("CERTIFICATE", c))
                    .collect::<String>(),
            )
            .expect("a file");
            path
        };
        let crls = dir.join("crls.pem");
        let lists = row.crls.iter().map(|crl| pem("X509 CRL", crl));
        std::fs::write(&crls, lists.collect::<String>()).expect("a file");
        Self {
            leaf: write("leaf.pem", core::slice::from_ref(&row.leaf)),
            sent: write("sent.pem", &row.sent),
            trusted: write("trusted.pem", &row.trusted),
            crls,
        }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let lines: Vec<&str> = (0..text.len())
        .step_by(64)
        .map(|at| &text[at..text.len().min(at + 64)])
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn ours(tlscat: &str, files: &Files, row: &Row) -> Verdict {
    let mut command = Command::new(tlscat);
    command.arg("verify").arg("--ca").arg(&files.trusted);
    command.args(["--time", &row.time.to_string()]);
    command.args(["--purpose", if row.client { "client" } else { "server" }]);
    if !row.sent.is_empty() {
        command.arg("--untrusted").arg(&files.sent);
    }
    if let Some(host) = row.host {
        command.args(["--name", host]);
    }
    if let Some(depth) = row.depth {
        command.args(["--depth", &depth.to_string()]);
    }
    if row.partial {
        command.arg("--partial-chain");
    }
    if row.strict {
        command.arg("--strict");
    }
    if row.legacy {
        command.args(["--policy", "legacy"]);
    }
    if !row.crls.is_empty() {
        command.arg("--crl").arg(&files.crls);
        command.args(row.crl_leaf_only.then_some("--crl-leaf-only"));
    }
    let output = command.arg(&files.leaf).output().expect("tlscat runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    // "OK", or "certificate 0 (CN=leaf): CERTIFICATE_EXPIRED: ..."
    let rule = said.split(": ").find(|word| {
        word.bytes()
            .all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
    });
    let word = match output.status.code() {
        Some(0) if said.starts_with("OK") => "OK",
        Some(1) => rule.unwrap_or("?"),
        _ => "?",
    };
    Verdict {
        word: word.to_owned(),
        said: said.trim().to_owned(),
    }
}

fn theirs(files: &Files, row: &Row) -> Verdict {
    let mut command = Command::new("openssl");
    command.arg("verify").arg("-CAfile").arg(&files.trusted);
    command.args(["-no-CApath", "-no-CAstore"]);
    command.args(["-attime", &row.time.to_string()]);
    command.args([
        "-purpose",
        if row.client { "sslclient" } else { "sslserver" },
    ]);
    command.args(["-auth_level", if row.legacy { "0" } else { "2" }]);
    if !row.sent.is_empty() {
        command.arg("-untrusted").arg(&files.sent);
    }
    if let Some(host) = row.host {
        let ip = host.parse::<std::net::IpAddr>().is_ok();
        command.args([if ip { "-verify_ip" } else { "-verify_hostname" }, host]);
    }
    if let Some(depth) = row.depth {
        command.args(["-verify_depth", &depth.to_string()]);
    }
    if row.partial {
        command.arg("-partial_chain");
    }
    if row.strict {
        command.arg("-x509_strict");
    }
    if !row.crls.is_empty() {
        command.arg("-CRLfile").arg(&files.crls).arg("-crl_check");
        command.args((!row.crl_leaf_only).then_some("-crl_check_all"));
    }
    let output = command.arg(&files.leaf).output().expect("openssl runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let reason = text
        .lines()
        .find(|line| line.starts_with("error ") && line.contains("lookup"));
    let number = reason.and_then(|line| line.split(' ').nth(1));
    let word = match (output.status.success(), number) {
        (true, _) => "OK".to_owned(),
        (false, Some(number)) => format!("error {number}"),
        (false, None) => "refused".to_owned(),
    };
    Verdict {
        word,
        said: text.trim().replace('\n', "; "),
    }
}
