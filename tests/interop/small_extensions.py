"""OCSP staples, lengths of records and padding with openssl and gnutls."""

import tempfile
from pathlib import Path

import peers
from harness import BUILD, CA, PKI, TLSCAT, Runner, Shared, expect
from matrix import GNUTLS_CONNECT, GNUTLS_SERVE, OPENSSL_CONNECT, OPENSSL_SERVE, with_our_view

TABLE = "small extensions"
STAPLE = PKI / "ocsp-rsa-good.der"
P256 = ("server-p256",)
VOUCHED = "OCSP: good from 2020-01-01 00:00:00 UTC until 2119-01-01 00:00:00 UTC\n"


def add_all(runner: Runner, shared: Shared):
    add = runner.add
    add(TABLE, "OCSP staple", OPENSSL_CONNECT, staple_to_openssl)
    add(TABLE, "OCSP staple", OPENSSL_SERVE, staple_from_openssl)
    add(TABLE, "OCSP staple", GNUTLS_CONNECT, staple_to_gnutls)
    add(TABLE, "OCSP staple: revoked", OPENSSL_CONNECT, revoked_by_openssl)
    add(TABLE, "OCSP staple: by a responder", OPENSSL_CONNECT, delegated_to_openssl)
    add(TABLE, "OCSP staple: by a responder", OPENSSL_SERVE, delegated_from_openssl)
    add(TABLE, "OCSP staple: none, required", OPENSSL_CONNECT, no_staple_of_openssl)
    for what, error in STAPLES_REFUSED.items():
        add(TABLE, f"OCSP staple: {what}, required", OPENSSL_CONNECT, lambda w=what, e=error: refused_of_openssl(w, e))
        add(TABLE, f"OCSP staple: {what}, required", GNUTLS_CONNECT, lambda w=what, e=error: refused_of_gnutls(w, e))
    add(TABLE, "OCSP staple: expired, asked for", OPENSSL_CONNECT, expired_of_openssl)
    add(TABLE, "OCSP staple: good", GNUTLS_SERVE, staple_from_gnutls)
    add(TABLE, "OCSP staple: revoked", GNUTLS_SERVE, revoked_from_gnutls)
    add(TABLE, "OCSP staple: made by openssl ocsp", OPENSSL_CONNECT, fresh_staple)
    add(TABLE, "must-staple: no staple", OPENSSL_CONNECT, must_staple_of_openssl)
    add(TABLE, "CRL: made by openssl ca", OPENSSL_CONNECT, fresh_crl)
    add(TABLE, "CRL: revoked client", OPENSSL_SERVE, revoked_client)
    for length in (512, 1024, 2048, 4096):
        add(TABLE, f"max_fragment_length {length}", OPENSSL_CONNECT, lambda n=length: fragments_to_openssl(n))
        add(TABLE, f"max_fragment_length {length}", OPENSSL_SERVE, lambda n=length: fragments_from_openssl(n))
    add(TABLE, "record_size_limit 600", GNUTLS_CONNECT, limit_to_gnutls)
    add(TABLE, "record_size_limit 600", GNUTLS_SERVE, limit_from_gnutls)


def saved():
    path = BUILD / "test" / "stapled.der"
    path.unlink(missing_ok=True)
    return path


def ours(port, *options, answer=None):
    """Our client's words about a conversation that must go well."""
    status, out, err = peers.run(
        [TLSCAT, "connect", f"127.0.0.1:{port}", "--ca", CA, "--name", "localhost", *options], peers.LINE + b"\n")
    expect(status == 0 and (answer is None or answer in out), err)
    return err


def staple_to_openssl():
    path = saved()
    with peers.openssl_serve("-status_file", STAPLE) as server:
        said = ours(server.port, "--ocsp", "require", "--save-ocsp", path, answer=peers.openssl_answer())
        expect(VOUCHED in said, said)
    expect(path.read_bytes() == STAPLE.read_bytes(), "another response came")


def openssl_says(port, wanted):
    """s_client shows the staple; `openssl ocsp` verifies what it showed."""
    status, out, err = peers.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2", "-CAfile", CA, "-status"], b"x\n")
    text = out.decode(errors="replace") + err
    expect("OCSP Response Status: successful" in text and wanted in text, text[-400:])


def staple_from_openssl():
    with peers.tlscat_serve("--ocsp", STAPLE) as server:
        openssl_says(server.port, "Cert Status: good")


def delegated_to_openssl():
    with peers.openssl_serve("-status_file", PKI / "ocsp-p256-delegated.der", certs=P256) as server:
        said = ours(server.port, "--ocsp", "require", answer=peers.openssl_answer())
        expect(VOUCHED in said, said)


def delegated_from_openssl():
    staple = PKI / "ocsp-p256-delegated.der"
    with peers.tlscat_serve("--ocsp", staple, certs=P256) as server:
        openssl_says(server.port, "CN = responder")
    status, out, err = peers.run(
        ["openssl", "ocsp", "-respin", staple, "-CAfile", CA, "-issuer", PKI / "int.pem", "-cert", PKI / "server-p256.pem",
         "-verify_other", PKI / "int.pem"], b"")
    expect("Response verify OK" in err and b"server-p256.pem: good" in out, err)


def staple_to_gnutls():
    path = saved()
    with peers.gnutls_serve("--ocsp-response", STAPLE, "--ignore-ocsp-response-errors") as server:
        said = ours(server.port, "--ocsp", "require", "--save-ocsp", path, answer=peers.LINE)
        expect(VOUCHED in said, said)
    expect(path.read_bytes() == STAPLE.read_bytes(), "another response came")


def staple_from_gnutls():
    with peers.tlscat_serve("--ocsp", PKI / "ocsp-p256-good.der", certs=P256) as server:
        peers.gnutls_connect(server.port)


def gnutls_refuses(port, wanted):
    status, out, err = peers.run(
        ["gnutls-cli", "--x509cafile", CA, "--sni-hostname", "localhost", "--verify-hostname", "localhost",
         "--port", str(port), "127.0.0.1"], b"x\n")
    text = out.decode(errors="replace") + err
    expect(status != 0 and wanted in text, text[-400:])


def revoked_from_gnutls():
    with peers.tlscat_serve("--ocsp", PKI / "ocsp-p256-revoked.der", certs=P256) as server:
        gnutls_refuses(server.port, "revoked")


def revoked_by_openssl():
    with peers.openssl_serve("-status_file", PKI / "ocsp-p256-revoked.der", certs=P256) as server:
        said = peers.tlscat_refused(server.port)
        expect("CERTIFICATE_REVOKED" in said and "certificate_revoked sent" in said, said)


def no_staple_of_openssl():
    with peers.openssl_serve() as server:
        said = peers.tlscat_refused(server.port, "--ocsp", "require")
        expect("OCSP_RESPONSE_MISSING" in said, said)


# What p256's server staples, and our error.
STAPLES_REFUSED = {
    "expired": "OCSP_HAS_EXPIRED",
    "stranger": "OCSP_SIGNATURE_FAILURE",
    "revoked": "CERTIFICATE_REVOKED",
}


def refused(server, error):
    said = peers.tlscat_refused(server.port, "--ocsp", "require")
    alert = "certificate_revoked" if error == "CERTIFICATE_REVOKED" else "bad_certificate_status_response"
    expect(error in said and f"{alert} sent" in said, said)


def refused_of_openssl(what, error):
    with peers.openssl_serve("-status_file", PKI / f"ocsp-p256-{what}.der", certs=P256) as server:
        refused(server, error)


def refused_of_gnutls(what, error):
    with peers.gnutls_serve("--ocsp-response", PKI / f"ocsp-p256-{what}.der", "--ignore-ocsp-response-errors",
                            certs=P256) as server:
        refused(server, error)


def expired_of_openssl():
    with peers.openssl_serve("-status_file", PKI / "ocsp-p256-expired.der", certs=P256) as server:
        said = ours(server.port, answer=peers.openssl_answer())
        expect("(not to be relied on: it is out of date)" in said, said)


def must_staple_of_openssl():
    with peers.openssl_serve(certs=("must-staple",)) as server:
        said = peers.tlscat_refused(server.port)
        expect("OCSP_RESPONSE_MISSING" in said and "RFC 7633" in said, said)
    with peers.openssl_serve("-status_file", PKI / "ocsp-must-staple-good.der", certs=("must-staple",)) as server:
        ours(server.port, answer=peers.openssl_answer())


def index(work, status):
    """A database of `openssl ca` with server-p256 in it."""
    said = peers.run(["openssl", "x509", "-in", PKI / "server-p256.pem", "-noout", "-serial"], b"")[1].decode()
    when = "200101000000Z,superseded" if status == "R" else ""
    line = [status, "21200101000000Z", when, said.strip().split("=")[1], "unknown", "/CN=server-p256"]
    (work / "index.txt").write_text("\t".join(line) + "\n")
    return work / "index.txt"


def made(command):
    status, _, err = peers.run(["openssl", *command], b"")
    expect(status == 0, err)


def fresh_staple():
    """By the tool that responders use, dated today."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        for status, error in (("V", None), ("R", "CERTIFICATE_REVOKED")):
            made(["ocsp", "-index", index(work, status), "-CA", PKI / "int.pem", "-rsigner", PKI / "int.pem",
                  "-rkey", PKI / "int.key", "-issuer", PKI / "int.pem", "-cert", PKI / "server-p256.pem", "-no_nonce",
                  "-ndays", "1", "-respout", work / "staple.der"])
            with peers.openssl_serve("-status_file", work / "staple.der", certs=P256) as server:
                if error is None:
                    expect("OCSP: good" in ours(server.port, "--ocsp", "require"), "no word about it")
                else:
                    refused(server, error)


def fresh_crl():
    """By openssl ca, in version 1 and in version 2, dated today."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        (work / "crlnumber").write_text("01\n")
        for extensions in ("", "crl_extensions = e"):
            (work / "conf").write_text(
                f"[ca]\ndefault_ca = c\n[c]\ndatabase = {work}/index.txt\ncrlnumber = {work}/crlnumber\n"
                f"default_md = sha256\ndefault_crl_days = 1\n{extensions}\n[e]\nauthorityKeyIdentifier = keyid\n")
            for status, error in (("V", None), ("R", "CERTIFICATE_REVOKED")):
                index(work, status)
                made(["ca", "-config", work / "conf", "-gencrl", "-cert", PKI / "int.pem", "-keyfile", PKI / "int.key",
                      "-out", work / "crl.pem"])
                both = work / "crls.pem"
                both.write_text((work / "crl.pem").read_text() + (PKI / "crl-ca.pem").read_text())
                with peers.openssl_serve(certs=P256) as server:
                    if error is None:
                        ours(server.port, "--crl", both, answer=peers.openssl_answer())
                    else:
                        said = peers.tlscat_refused(server.port, "--crl", both)
                        expect(error in said and "(superseded)" in said, said)


def revoked_client():
    with tempfile.TemporaryDirectory() as work:
        crls = Path(work) / "crls.pem"
        crls.write_text((PKI / "crl-int-revoked.pem").read_text() + (PKI / "crl-ca.pem").read_text())
        with peers.tlscat_serve("--verify", "require", "--ca", CA, "--crl", crls, "--once") as server:
            status, out, err = peers.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile", CA, "-cert",
                 PKI / "client-p256.pem", "-key", PKI / "client-p256.key", "-cert_chain", PKI / "int.pem"], b"x\n")
            text = out.decode(errors="replace") + err
            expect("certificate revoked" in text, text[-400:])


def fragments_to_openssl(length):
    with peers.openssl_serve() as server:
        peers.tlscat_connect(server.port, "--max-fragment", str(length), answer=peers.openssl_answer())


def fragments_from_openssl(length):
    with_our_view(peers.tlscat_serve("--once"),
                  lambda port: peers.openssl_connect(port, "-maxfraglen", str(length)))


def limit_to_gnutls():
    with peers.gnutls_serve() as server:
        peers.tlscat_connect(server.port, "--record-limit", "600", answer=peers.LINE)


def limit_from_gnutls():
    with_our_view(peers.tlscat_serve("--once", "--record-limit", "600"),
                  # It prints what comes record by record.
                  lambda port: peers.gnutls_connect(port, "--recordsize", "700", answer=peers.LINE[:300]))
