"""Every suite, group, scheme and kind of certificate, with each peer, from both sides.

Our side is held to the one choice and says what was negotiated; the peer allows everything where it
serves, and offers the one choice where it connects.
"""

import peers
from harness import CA, TLSCAT, Runner, Shared, cert, expect, run
from tables import CERTS, GROUPS, SCHEMES, SUITES

OPENSSL_CONNECT, OPENSSL_SERVE = "to openssl", "from openssl"
GNUTLS_CONNECT, GNUTLS_SERVE = "to gnutls", "from gnutls"
LEGACY = ("--policy", "legacy")
BOTH = ("server-rsa", "server-p256")


def check(facts, **wanted):
    for name, value in wanted.items():
        got = getattr(facts, name)
        expect(got == value, f"{name}: {got!r}, not {value!r}")


def with_our_view(server, connect):
    """Runs a peer's client against a server of ours that serves it alone: what each of them says."""
    with server:
        theirs = connect(server.port)
        server.process.wait_for(peers.SUMMARY.pattern.replace("^", "(?m:^)"))
        return theirs, peers.parse_summary(server.process.text)


# --- suites

def suites(runner: Runner, shared: Shared):
    table = "suites"
    for suite in SUITES:
        row = f"{suite.code} {suite.name}"
        if suite.openssl:
            runner.add(table, row, OPENSSL_CONNECT, lambda s=suite: suite_to_openssl(shared, s))
            runner.add(table, row, OPENSSL_SERVE, lambda s=suite: suite_from_openssl(shared, s))
        runner.add(table, row, GNUTLS_CONNECT, lambda s=suite: suite_to_gnutls(shared, s))
        runner.add(table, row, GNUTLS_SERVE, lambda s=suite: suite_from_gnutls(shared, s))
        if suite.cbc:
            # Both peers answer encrypt_then_mac; without it the older construction is used.
            if suite.openssl:
                runner.add(table, f"{row} no EtM", OPENSSL_CONNECT,
                           lambda s=suite: suite_to_openssl(shared, s, etm=False))
                runner.add(table, f"{row} no EtM", OPENSSL_SERVE,
                           lambda s=suite: suite_from_openssl(shared, s, etm=False))
            runner.add(table, f"{row} no EtM", GNUTLS_CONNECT, lambda s=suite: suite_to_gnutls(shared, s, etm=False))
            runner.add(table, f"{row} no EtM", GNUTLS_SERVE, lambda s=suite: suite_from_gnutls(shared, s, etm=False))


def etm_expected(suite, etm):
    return "yes" if suite.cbc and etm else "no"


def suite_to_openssl(shared, suite, etm=True):
    options = () if etm else ("-no_etm",)
    server = shared.get(f"openssl-{etm}", lambda: peers.openssl_serve(*options, certs=BOTH))
    facts = peers.tlscat_connect(server.port, *LEGACY, "--ciphers", suite.name, answer=peers.openssl_answer())
    check(facts, suite=suite.name, version="TLSv1.2", verified="yes", ems="yes", etm=etm_expected(suite, etm))


def our_server(shared):
    """All our suites, with an RSA and an ECDSA certificate, for many clients at a time."""
    return shared.get("ours", lambda: peers.tlscat_serve(*LEGACY, certs=BOTH))


def suite_from_openssl(shared, suite, etm=True):
    options = () if etm else ("-no_etm",)
    facts = peers.openssl_connect(our_server(shared).port, *options, ciphers=f"{suite.name}:@SECLEVEL=0")
    check(facts, suite=suite.name, version="TLSv1.2", ems="yes")


def gnutls_priority(suite, etm):
    cipher, mac, kx = suite.gnutls
    return peers.priority(f"+{cipher}", f"+{mac}", f"+{kx}", more="" if etm else "%NO_ETM")


def suite_to_gnutls(shared, suite, etm=True):
    prio = peers.priority(more="" if etm else "%NO_ETM")
    server = shared.get(f"gnutls-{etm}", lambda: peers.gnutls_serve(certs=BOTH, prio=prio))
    facts = peers.tlscat_connect(server.port, *LEGACY, "--ciphers", suite.name, answer=peers.LINE)
    check(facts, suite=suite.name, version="TLSv1.2", verified="yes", ems="yes", etm=etm_expected(suite, etm))


def suite_from_gnutls(shared, suite, etm=True):
    facts = peers.gnutls_connect(our_server(shared).port, prio=gnutls_priority(suite, etm))
    for part in suite.gnutls[0], suite.gnutls[1] if suite.cbc else suite.gnutls[0]:
        expect(f"({part})" in facts.suite, f"{part} is missing in {facts.suite}")
    check(facts, version="TLSv1.2", ems="yes", etm=etm_expected(suite, etm))


# --- groups

def groups(runner: Runner, shared: Shared):
    for name, (openssl, gnutls) in GROUPS.items():
        runner.add("groups", name, OPENSSL_CONNECT, lambda n=name: group_to(
            shared.get("openssl-True", lambda: peers.openssl_serve("-groups", ":".join(g for g, _ in GROUPS.values()),
                                                                   certs=BOTH)), n, peers.openssl_answer()))
        runner.add("groups", name, OPENSSL_SERVE, lambda n=name, g=openssl: check(with_our_view(
            peers.tlscat_serve("--once"), lambda port: peers.openssl_connect(port, "-groups", g))[1], group=n))
        runner.add("groups", name, GNUTLS_CONNECT, lambda n=name: group_to(
            shared.get("gnutls-True", lambda: peers.gnutls_serve(certs=BOTH)), n, peers.LINE))
        runner.add("groups", name, GNUTLS_SERVE, lambda n=name, g=gnutls: check(with_our_view(
            peers.tlscat_serve("--once"),
            lambda port: peers.gnutls_connect(port, prio=peers.priority(groups=f"+{g}")))[1], group=n))
        # Our server held to one group, the client offering all.
        runner.add("groups", f"{name} alone here", OPENSSL_SERVE, lambda n=name: check(with_our_view(
            peers.tlscat_serve("--once", "--groups", n), peers.openssl_connect)[1], group=n))
        runner.add("groups", f"{name} alone here", GNUTLS_SERVE, lambda n=name: check(with_our_view(
            peers.tlscat_serve("--once", "--groups", n), peers.gnutls_connect)[1], group=n))


def group_to(server, name, answer):
    # gnutls would take its P-256 certificate without regard to the groups.
    facts = peers.tlscat_connect(server.port, "--ciphers", "ECDHE-RSA-AES128-GCM-SHA256", "--groups", name,
                                 answer=answer)
    check(facts, group=name, verified="yes")


# --- schemes: the peer allows one alone, our side must find it

def schemes(runner: Runner, shared: Shared):
    for scheme in SCHEMES:
        row = f"{scheme.name} by {scheme.auth.removeprefix('server-')}"
        runner.add("schemes", row, OPENSSL_CONNECT, lambda s=scheme: scheme_to_openssl(s))
        runner.add("schemes", row, OPENSSL_SERVE, lambda s=scheme: scheme_from_openssl(s))
        runner.add("schemes", row, GNUTLS_CONNECT, lambda s=scheme: scheme_to_gnutls(s))
        runner.add("schemes", row, GNUTLS_SERVE, lambda s=scheme: scheme_from_gnutls(s))


def policy_for(scheme):
    return LEGACY if scheme.legacy else ()


def scheme_to_openssl(scheme):
    with peers.openssl_serve("-sigalgs", scheme.openssl, certs=(scheme.auth,)) as server:
        facts = peers.tlscat_connect(server.port, *policy_for(scheme), "--ciphers", "ECDHE+AESGCM",
                                     answer=peers.openssl_answer())
        check(facts, scheme=scheme.name, verified="yes")


def scheme_from_openssl(scheme):
    _, ours = with_our_view(
        peers.tlscat_serve("--once", *policy_for(scheme), certs=(scheme.auth,)),
        lambda port: peers.openssl_connect(port, "-sigalgs", scheme.openssl, ciphers="ECDHE+AESGCM:@SECLEVEL=0"),
    )
    check(ours, scheme=scheme.name)


def gnutls_signs(scheme, more=""):
    """gnutls counts a chain's own signatures in: the intermediate of the test PKI signed with RSA."""
    return peers.priority(kx="+ECDHE-RSA:+ECDHE-ECDSA", signs=f"+{scheme.gnutls}", more=more)


def scheme_to_gnutls(scheme):
    with peers.gnutls_serve(certs=(scheme.auth,), prio=gnutls_signs(scheme)) as server:
        facts = peers.tlscat_connect(server.port, *policy_for(scheme), "--ciphers", "ECDHE+AESGCM", answer=peers.LINE)
        check(facts, scheme=scheme.name, verified="yes")


def scheme_from_gnutls(scheme):
    _, ours = with_our_view(
        peers.tlscat_serve("--once", *policy_for(scheme), certs=(scheme.auth,)),
        lambda port: peers.gnutls_connect(port, prio=gnutls_signs(scheme)),
    )
    check(ours, scheme=scheme.name)


# --- certificates: the default policy on both sides, nothing restricted

def certificates(runner: Runner, shared: Shared):
    for name in CERTS:
        row = name.removeprefix("server-")
        runner.add("certificates", row, OPENSSL_CONNECT, lambda n=name: default_to(
            lambda: peers.openssl_serve(certs=(n,)), peers.openssl_answer()))
        runner.add("certificates", row, OPENSSL_SERVE, lambda n=name: with_our_view(
            peers.tlscat_serve("--once", certs=(n,)), peers.openssl_connect))
        runner.add("certificates", row, GNUTLS_CONNECT, lambda n=name: default_to(
            lambda: peers.gnutls_serve(certs=(n,)), peers.LINE))
        runner.add("certificates", row, GNUTLS_SERVE, lambda n=name: with_our_view(
            peers.tlscat_serve("--once", certs=(n,)), peers.gnutls_connect))
    runner.add("certificates", "p256, the system's CAs", OPENSSL_CONNECT, system_cas)


def system_cas():
    """Without --ca the system's store is trusted; SSL_CERT_FILE says where that is."""
    with peers.openssl_serve(certs=("server-p256",)) as server:
        words = [TLSCAT, "connect", f"127.0.0.1:{server.port}", "--name", "localhost"]
        status, _, err = run(words, b"hello\n", env={"SSL_CERT_FILE": CA})
        expect(status == 0, err)
        check(peers.parse_summary(err), verified="yes")
        status, _, err = run(words, b"hello\n", env={"SSL_CERT_FILE": cert("other-ca")})
        expect(status == 1 and "UNKNOWN_CA" in err, err)


def default_to(start, answer):
    with start() as server:
        check(peers.tlscat_connect(server.port, answer=answer), verified="yes", version="TLSv1.2")


# --- extensions

def extensions(runner: Runner, shared: Shared):
    add = runner.add
    add("extensions", "ALPN, our order", OPENSSL_CONNECT, lambda: alpn_to(
        lambda: peers.openssl_serve("-alpn", "http/1.1,h2"), peers.openssl_answer(), "http/1.1"))
    add("extensions", "ALPN, our order", GNUTLS_CONNECT, lambda: alpn_to(
        lambda: peers.gnutls_serve("--alpn", "http/1.1", "--alpn", "h2"), peers.LINE, None))
    add("extensions", "ALPN, our order", OPENSSL_SERVE, lambda: alpn_from(
        lambda port: peers.openssl_connect(port, "-alpn", "http/1.1,h2")))
    add("extensions", "ALPN, our order", GNUTLS_SERVE, lambda: alpn_from(
        lambda port: peers.gnutls_connect(port, "--alpn", "http/1.1", "--alpn", "h2")))
    add("extensions", "no extended_master_secret", GNUTLS_CONNECT, lambda: without_ems_to_gnutls())
    add("extensions", "no extended_master_secret", GNUTLS_SERVE, lambda: check(with_our_view(
        peers.tlscat_serve("--once"),
        lambda port: peers.gnutls_connect(port, prio=peers.priority(more="%NO_SESSION_HASH")))[1], ems="no"))
    add("extensions", "no supported_groups: P-256", GNUTLS_SERVE, lambda: without_extensions_from_gnutls())
    for address in ("127.0.0.1", "[::1]"):
        add("extensions", f"verified by address {address}", OPENSSL_CONNECT, lambda a=address: by_address(a))
    add("extensions", "status_request and tickets", OPENSSL_SERVE, lambda: with_our_view(
        peers.tlscat_serve("--once"), lambda port: peers.openssl_connect(port, "-status")))


def alpn_to(start, answer, wanted):
    with start() as server:
        facts = peers.tlscat_connect(server.port, "--alpn", "h2,http/1.1", answer=answer)
        expect(facts.alpn == (wanted or facts.alpn) and facts.alpn != "-", f"alpn: {facts.alpn}")


def alpn_from(connect):
    theirs, ours = with_our_view(peers.tlscat_serve("--once", "--alpn", "h2,http/1.1"), connect)
    check(ours, alpn="h2", sni="localhost")
    check(theirs, alpn="h2")


def without_ems_to_gnutls():
    with peers.gnutls_serve(prio=peers.priority(more="%NO_SESSION_HASH")) as server:
        check(peers.tlscat_connect(server.port, answer=peers.LINE), ems="no", verified="yes")


def without_extensions_from_gnutls():
    """No extension at all: no signature_algorithms means SHA-1 (legacy), no supported_groups P-256."""
    _, ours = with_our_view(
        peers.tlscat_serve("--once", *LEGACY),
        lambda port: peers.gnutls_connect(
            port, prio=peers.priority(more="%NO_EXTENSIONS:%VERIFY_ALLOW_SIGN_WITH_SHA1")),
    )
    check(ours, ems="no", sni="-", scheme="-" if ours.group == "-" else "rsa_pkcs1_sha1",
          group=ours.group if ours.group == "-" else "secp256r1")


def by_address(address):
    """The host of HOST:PORT is verified, without --name: the certificate has both addresses."""
    with peers.openssl_serve() as server:
        # s_server listens on 127.0.0.1; for ::1 our own server stands in.
        if address != "127.0.0.1":
            server.stop()
            with peers.tlscat_serve() as ours:
                status, out, err = run([TLSCAT, "connect", f"{address}:{ours.port}", "--ca", CA], b"hello\n")
                expect(status == 0 and out == b"hello\n", f"{status} {out!r} {err}")
            return
        status, out, err = run([TLSCAT, "connect", f"{address}:{server.port}", "--ca", CA], b"hello\n")
        expect(status == 0 and b"olleh" in out, f"{status} {out!r} {err}")
        check(peers.parse_summary(err), sni="-", verified="yes")
