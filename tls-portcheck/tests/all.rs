//! Files as compilers make them, and files as nobody should make them.
#![allow(clippy::unwrap_used)]
use std::path::PathBuf;
use std::process::Command;

use tls_portcheck::report::{self, Counts, Report};
use tls_portcheck::{Error, Library, Table, Verdict, read};

/// Compiles C with the machine's compiler; `arguments` behind the usual ones.
fn compiled(name: &str, source: &str, arguments: &[&str]) -> Vec<u8> {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (input, output) = (directory.join(format!("{name}.c")), directory.join(name));
    std::fs::write(&input, source).unwrap();
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let done = Command::new(compiler)
        .args(["-w", "-g0", "-o"])
        .arg(&output)
        .arg(&input)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    std::fs::read(output).unwrap()
}

const CLIENT: &str = "void *SSL_new(void *); int SSL_CONF_cmd(void); int EVP_CipherUpdate(void); int own(void); int SSL_read(void);
    int main(void) { SSL_CONF_cmd(); EVP_CipherUpdate(); own(); return SSL_new(0) != 0 && SSL_read(); }";

fn object() -> Vec<u8> {
    compiled("client.o", CLIENT, &["-c"])
}

/// Names that a file uses, as `library name`.
fn used(data: &[u8]) -> Vec<String> {
    let found = read(data, &Table::new()).unwrap();
    found
        .iter()
        .map(|(name, found)| format!("{} {name}", found.library.name()))
        .collect()
}

const ALL_OF_CLIENT: [&str; 4] = [
    "libcrypto EVP_CipherUpdate",
    "libssl SSL_CONF_cmd",
    "libssl SSL_new",
    "libssl SSL_read",
];

/// An archive with one member, as `ar` writes it.
fn archive(magic: &str, member: &[u8]) -> Vec<u8> {
    let mut out = magic.as_bytes().to_vec();
    out.extend(
        format!(
            "{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            "client.o/",
            0,
            0,
            0,
            644,
            member.len()
        )
        .bytes(),
    );
    out.extend(member);
    out
}

#[test]
fn table_has_both_libraries_and_every_verdict() {
    let table = Table::new();
    assert!(table.len() > 6000);
    let of = |name: &str| table.get(name).map(|entry| (entry.library, entry.verdict));
    assert_eq!(of("SSL_read"), Some((Library::Ssl, Verdict::Supported)));
    assert_eq!(
        of("SSL_set_tlsext_host_name"),
        Some((Library::Ssl, Verdict::Supported)),
        "a macro"
    );
    assert_eq!(
        of("SSL_CTX_set_ciphersuites"),
        Some((Library::Ssl, Verdict::Changed))
    );
    assert_eq!(
        of("SSL_read_early_data"),
        Some((Library::Ssl, Verdict::Unsupported))
    );
    assert_eq!(of("X509_free"), Some((Library::Crypto, Verdict::Supported)));
    assert_eq!(
        of("CMS_encrypt"),
        Some((Library::Crypto, Verdict::Unsupported))
    );
    assert_eq!(of("SSL_reed"), None);
    assert_eq!(table.get("SSL_read").unwrap().native, "tls_read");
}

#[test]
fn object_file() {
    assert_eq!(used(&object()), ALL_OF_CLIENT);
}

#[test]
fn archive_of_objects() {
    assert_eq!(used(&archive("!<arch>\n", &object())), ALL_OF_CLIENT);
    let thin = read(&archive("!<thin>\n", &object()), &Table::new());
    assert!(matches!(thin, Err(Error::Hidden(why)) if why.contains("thin")));
    let bitcode = read(&archive("!<arch>\n", b"BC\xc0\xde...."), &Table::new());
    assert!(matches!(bitcode, Err(Error::Hidden(why)) if why.contains("bitcode")));
}

#[test]
fn shared_object_without_versions() {
    assert_eq!(
        used(&compiled("client.so", CLIENT, &["-shared", "-fPIC"])),
        ALL_OF_CLIENT
    );
}

/// A symbol with the version of another library is that library's, whatever it is called; one of libssl's is reported
/// also where OpenSSL 3.0 has no such function.
#[test]
fn versions_tell_whose_a_symbol_is() {
    let directory = env!("CARGO_TARGET_TMPDIR");
    let map = format!("{directory}/one.map");
    std::fs::write(&map, "ONE { global: *; };").unwrap();
    let script = format!("-Wl,--version-script={map}");
    compiled(
        "other.so",
        "int EVP_CipherUpdate(void) { return 1; }",
        &["-shared", "-fPIC", &script, "-Wl,-soname,libother.so.1"],
    );
    let ssl = "int SSL_read(void) { return 1; } int SSL_of_old(void) { return 1; }";
    compiled(
        "ssl.so",
        ssl,
        &["-shared", "-fPIC", &script, "-Wl,-soname,libssl.so.3"],
    );
    let program =
        "int EVP_CipherUpdate(void); int SSL_read(void); int SSL_of_old(void); int use(void);
        int use(void) { return EVP_CipherUpdate() + SSL_read() + SSL_of_old(); }";
    let (other, ssl) = (
        format!("{directory}/other.so"),
        format!("{directory}/ssl.so"),
    );
    let linked = compiled("program.so", program, &["-shared", "-fPIC", &other, &ssl]);
    assert_eq!(used(&linked), ["libssl SSL_of_old", "libssl SSL_read"]);
}

/// What one object of an archive defines is not OpenSSL's.
#[test]
fn own_functions_are_not_openssls() {
    let mut both = archive("!<arch>\n", &object());
    if both.len() % 2 == 1 {
        both.push(b'\n');
    }
    let shim = compiled("shim.o", "int SSL_CONF_cmd(void) { return 1; }", &["-c"]);
    both.extend(&archive("!<arch>\n", &shim)[8..]);
    assert_eq!(
        used(&both),
        [
            "libcrypto EVP_CipherUpdate",
            "libssl SSL_new",
            "libssl SSL_read"
        ]
    );
}

#[test]
fn openssl_linked_into_a_program_is_said() {
    let inside = "int SSL_CTX_new(void) { return 1; } int SSL_read(void) { return 1; } int main(void) { return 0; }";
    let error = read(&compiled("static", inside, &[]), &Table::new());
    assert!(matches!(error, Err(Error::Hidden(why)) if why.contains("OpenSSL itself")));
}

#[test]
fn sources() {
    let text = br#"
        /* SSL_write */ // SSL_peek \
        SSL_pending
        #include <openssl/ssl.h> /* SSL_dup
        SSL_clear */
        char *a = "SSL_accept \" SSL_accept", b = 'x', *c = R"x(SSL_connect " )" )x";
        int d = x.SSL_shutdown + y->SSL_shutdown + 1'000;
        #define READ(s) \
            SSL_read(s, 0, 0)
        #define SSL_get_fd(s) 1
        #ifndef OPENSSL_NO_ENGINE
        ENGINE_by_id("x");
        #  if 1
        ENGINE_init();
        #  endif
        #else
        SSL_new(ctx);
        #endif
        #if 0
        SSL_free(ssl);
        #elif defined(OTHER)
        SSL_free(ssl);
        #endif
        #if !defined(OPENSSL_NO_ENGINE)
        ENGINE_free();
        #endif
        void *f = &X509_free;
    "#;
    let found = read(text, &Table::new()).unwrap();
    let lines: Vec<_> = found
        .iter()
        .map(|(name, found)| (name.as_str(), found.line.unwrap()))
        .collect();
    assert_eq!(
        lines,
        [
            ("SSL_free", 22),
            ("SSL_new", 17),
            ("SSL_read", 9),
            ("X509_free", 27)
        ]
    );
}

#[test]
fn sources_in_old_encodings() {
    assert_eq!(used(b"/* caf\xe9 */ SSL_read();"), ["libssl SSL_read"]);
}

#[test]
fn what_is_neither_is_refused() {
    for data in [
        &b"\x7fELF"[..],
        b"\x7fELF\x02\x01\x01",
        b"!<arch>\nx",
        b"\0\0",
        b"MZ\0",
    ] {
        assert!(read(data, &Table::new()).is_err(), "{data:?}");
    }
    assert!(read(b"", &Table::new()).unwrap().is_empty());
}

/// Every prefix, and every byte changed: an answer or an error, never a panic and never a hang.
#[test]
fn hostile_files() {
    let table = Table::new();
    let shared = compiled("hostile.so", CLIENT, &["-shared", "-fPIC", "-nostdlib"]);
    for whole in [object(), archive("!<arch>\n", &object()), shared] {
        let mut refused = 0;
        for len in 0..whole.len() {
            refused += usize::from(read(&whole[..len], &table).is_err());
        }
        assert!(
            refused > whole.len() / 2,
            "{refused} of {} cut files were refused",
            whole.len()
        );
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, whole[at] ^ 0x10] {
                let mut bad = whole.clone();
                bad[at] = value;
                let _ = read(&bad, &table);
            }
        }
    }
}

#[test]
fn hostile_sources() {
    let table = Table::new();
    let text = b"#if 0\n#define X SSL_read(\"a\\\"\", 'b') /* c */ // d\n#else\nR\"x(y)x\" SSL_new\n#endif";
    for len in 0..text.len() {
        read(&text[..len], &table).unwrap();
        read(&text[len..], &table).unwrap();
    }
    for again in [
        "#if 0\n",
        "#define",
        "#define #define ",
        "R\"(",
        "R\"x",
        "/*",
        "//\\\n",
        "\"",
        "'",
        "\\\n",
        "#",
        "# define x #",
    ] {
        read(again.repeat(100_000).as_bytes(), &table).unwrap();
    }
}

#[test]
fn reports() {
    let table = Table::new();
    let report = Report::new("a\"b\n", read(&object(), &table).unwrap(), &table);
    let count = |library, verdict| report.counts.of(library, verdict);
    assert_eq!(
        (
            count(Library::Ssl, Verdict::Supported),
            count(Library::Crypto, Verdict::Unsupported)
        ),
        (2, 1)
    );
    assert!(
        report.counts.any_unsupported()
            || table.get("SSL_CONF_cmd").unwrap().verdict != Verdict::Unsupported
    );
    let text = report.text(false);
    assert!(
        text.contains("supported    libssl     SSL_read [tls_read(3)]\n"),
        "{text}"
    );
    assert!(!report.text(true).contains("SSL_read"));
    let mut counts = Counts::default();
    counts.add(&report.counts);
    assert_eq!(counts, report.counts);
    let json = report::json(&[report], &[("c".into(), "why".into())], &counts);
    assert!(
        json.contains(r#""file": "a\"b\n""#) && json.contains(r#""native": ["tls_read"]"#),
        "{json}"
    );
}
