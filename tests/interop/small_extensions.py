"""OCSP staples, lengths of records and padding with openssl and gnutls."""

import re

import peers
from harness import BUILD, CA, PKI, Runner, Shared, expect
from matrix import GNUTLS_CONNECT, GNUTLS_SERVE, OPENSSL_CONNECT, OPENSSL_SERVE, with_our_view

TABLE = "small extensions"
STAPLE = PKI / "ocsp-rsa-good.der"
REVOKED = PKI / "ocsp-p256-revoked.der"


def add_all(runner: Runner, shared: Shared):
    add = runner.add
    add(TABLE, "OCSP staple", OPENSSL_CONNECT, staple_to_openssl)
    add(TABLE, "OCSP staple", OPENSSL_SERVE, staple_from_openssl)
    add(TABLE, "OCSP staple", GNUTLS_CONNECT, staple_to_gnutls)
    add(TABLE, "OCSP staple: revoked", OPENSSL_CONNECT, revoked_by_openssl)
    add(TABLE, "OCSP staple: none, required", OPENSSL_CONNECT, no_staple_of_openssl)
    for length in (512, 1024, 2048, 4096):
        add(TABLE, f"max_fragment_length {length}", OPENSSL_CONNECT, lambda n=length: fragments_to_openssl(n))
        add(TABLE, f"max_fragment_length {length}", OPENSSL_SERVE, lambda n=length: fragments_from_openssl(n))
    add(TABLE, "record_size_limit 600", GNUTLS_CONNECT, limit_to_gnutls)
    add(TABLE, "record_size_limit 600", GNUTLS_SERVE, limit_from_gnutls)


def saved():
    path = BUILD / "test" / "stapled.der"
    path.unlink(missing_ok=True)
    return path


def staple_to_openssl():
    path = saved()
    with peers.openssl_serve("-status_file", STAPLE) as server:
        peers.tlscat_connect(server.port, "--ocsp", path, answer=peers.openssl_answer())
    expect(path.read_bytes() == STAPLE.read_bytes(), "another response came")


def staple_from_openssl():
    with peers.tlscat_serve("--ocsp", STAPLE) as server:
        status, out, err = peers.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile", CA, "-status"], b"x\n")
        text = (out.decode(errors="replace") + err)
        expect(re.search(r"OCSP Response Status: successful", text), text[-400:])
        expect(re.search(r"Cert Status: good", text), text[-400:])


def staple_to_gnutls():
    path = saved()
    with peers.gnutls_serve("--ocsp-response", STAPLE, "--ignore-ocsp-response-errors") as server:
        peers.tlscat_connect(server.port, "--ocsp", path, answer=peers.LINE)
    expect(path.read_bytes() == STAPLE.read_bytes(), "another response came")


def revoked_by_openssl():
    with peers.openssl_serve("-status_file", REVOKED, certs=("server-p256",)) as server:
        said = peers.tlscat_refused(server.port, "--ocsp", saved())
        expect("CERTIFICATE_REVOKED" in said and "certificate_revoked sent" in said, said)


def no_staple_of_openssl():
    with peers.openssl_serve() as server:
        said = peers.tlscat_refused(server.port, "--ocsp", saved())
        expect("OCSP_RESPONSE_MISSING" in said, said)


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
