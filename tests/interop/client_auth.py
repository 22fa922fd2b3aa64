"""Client certificates with openssl and gnutls, in both directions: every kind of key, request and require,
and what is refused."""

import peers
from harness import CA, Runner, Shared, cert, expect, key
from matrix import GNUTLS_CONNECT, GNUTLS_SERVE, OPENSSL_CONNECT, OPENSSL_SERVE, check, with_our_view

KINDS = ["rsa", "rsapss", "p256", "p384", "p521", "ed25519"]
TABLE = "client certificates"
REQUIRE = ("--verify", "require", "--ca", CA)
REQUEST = ("--verify", "request", "--ca", CA)


def add_all(runner: Runner, shared: Shared):
    for kind in KINDS:
        for direction, action in (
            (OPENSSL_CONNECT, to_openssl), (OPENSSL_SERVE, from_openssl),
            (GNUTLS_CONNECT, to_gnutls), (GNUTLS_SERVE, from_gnutls),
        ):
            runner.add(TABLE, kind, direction, lambda k=kind, a=action: a(f"client-{k}"))
    add = runner.add
    add(TABLE, "requested, none there", OPENSSL_CONNECT, none_to_openssl)
    add(TABLE, "requested, none there", OPENSSL_SERVE, lambda: check(
        with_our_view(peers.tlscat_serve("--once", *REQUEST), peers.openssl_connect)[1], verified="no"))
    add(TABLE, "requested, none there", GNUTLS_SERVE, lambda: check(
        with_our_view(peers.tlscat_serve("--once", *REQUEST), peers.gnutls_connect)[1], verified="no"))
    add(TABLE, "required, none there", OPENSSL_CONNECT, required_by_openssl)
    add(TABLE, "required, none there", OPENSSL_SERVE, lambda: refused(
        (), "PEER_DID_NOT_RETURN_A_CERTIFICATE", "handshake_failure"))
    add(TABLE, "another CA", OPENSSL_SERVE, lambda: refused(pair("self-client"), "UNKNOWN_CA", "unknown_ca"))
    add(TABLE, "for servers alone", OPENSSL_SERVE, lambda: refused(
        (*pair("server-rsa"), "-cert_chain", cert("server-rsa")), "WRONG_KEY_USAGE", "unsupported_certificate"))
    add(TABLE, "the keypair of a CA that is named", OPENSSL_CONNECT, chosen_by_ca)
    for kind in ("rsa", "p256"):
        add(TABLE, f"{kind}, of a context chosen by name", OPENSSL_SERVE, lambda k=kind: with_chosen_context(
            lambda port: peers.openssl_connect(port, *pair(f"client-{k}"), "-cert_chain", cert(f"client-{k}"))))
        add(TABLE, f"{kind}, of a context chosen by name", GNUTLS_SERVE, lambda k=kind: with_chosen_context(
            lambda port: peers.gnutls_connect(
                port, "--x509certfile", cert(f"client-{k}"), "--x509keyfile", key(f"client-{k}"))))
    add(TABLE, "required whatever context is chosen, none there", OPENSSL_SERVE, lambda: refused(
        (), "PEER_DID_NOT_RETURN_A_CERTIFICATE", "handshake_failure", *HOST))


def pair(name, prefix="-"):
    return (f"{prefix}cert", cert(name), f"{prefix}key", key(name))


def ours(name):
    return ("--cert", cert(name), "--key", key(name))


def openssl_requires():
    return peers.openssl_serve("-CAfile", CA, "-Verify", "3", "-verify_return_error")


def to_openssl(name):
    with openssl_requires() as server:
        peers.tlscat_connect(server.port, *ours(name), answer=peers.openssl_answer())
        server.process.wait_for(rf"depth=0 CN ?= ?{name}")


def from_openssl(name):
    chain = ("-cert_chain", cert(name))
    _, facts = with_our_view(
        peers.tlscat_serve("--once", *REQUIRE),
        lambda port: peers.openssl_connect(port, *pair(name), *chain))
    check(facts, verified="yes")


def to_gnutls(name):
    server = peers.gnutls_serve("--require-client-cert", "--verify-client-cert", "--x509cafile", CA,
                                client_certificate=True)
    with server:
        peers.tlscat_connect(server.port, *ours(name), answer=peers.LINE)


def from_gnutls(name):
    _, facts = with_our_view(
        peers.tlscat_serve("--once", *REQUIRE),
        lambda port: peers.gnutls_connect(port, "--x509certfile", cert(name), "--x509keyfile", key(name)))
    check(facts, verified="yes")


def none_to_openssl():
    with peers.openssl_serve("-CAfile", CA, "-verify", "3") as server:
        peers.tlscat_connect(server.port, answer=peers.openssl_answer())


def required_by_openssl():
    with openssl_requires() as server:
        said = peers.tlscat_refused(server.port)
        expect("ALERT_RECEIVED" in said and "handshake_failure" in said, said)


# The connection requires a certificate; the ClientHello callback goes on with another context.
HOST = ("--host", "localhost", *ours("server-rsa"))


def with_chosen_context(connect):
    server = peers.tlscat_serve("--once", *REQUIRE, *HOST, certs=("self-leaf",))
    _, facts = with_our_view(server, connect)
    check(facts, verified="yes")


def refused(options, error, alert, *more):
    with peers.tlscat_serve(*REQUIRE, *more) as server:
        try:
            peers.openssl_connect(server.port, *options)
        except Exception:  # whatever s_client makes of it
            pass
        server.process.wait_for(rf"{error}.*\[alert {alert} sent\]")


def chosen_by_ca():
    """Two keypairs would do; the second was issued by the CA that the server names."""
    with openssl_requires() as server:
        peers.tlscat_connect(server.port, *ours("self-client"), *ours("client-p256"), answer=peers.openssl_answer())
        server.process.wait_for(r"depth=0 CN ?= ?client-p256")
