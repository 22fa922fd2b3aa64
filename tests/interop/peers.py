"""How each program is started and spoken to: ours, openssl's, gnutls'.

A server here sends back what it gets, in its own manner (`answer`); a client here sends one line,
waits for the answer, and closes cleanly. Data thus goes both ways in every conversation.
"""

import re
from dataclasses import dataclass

from harness import CA, TIMEOUT, TLSCAT, Failure, Process, Server, cert, expect, key, on_a_free_port, run

# Enough to need more than one TCP segment, in one line, printable; no peer takes it as a command.
LINE = b"<" + bytes(33 + i * 7 % 90 for i in range(2000)).replace(b"\\", b"/") + b">"


@dataclass
class Facts:
    """What one side says was negotiated; empty where it does not say."""

    version: str = ""
    suite: str = ""
    group: str = ""
    scheme: str = ""
    alpn: str = "-"
    verified: str = ""
    ems: str = ""
    etm: str = ""
    sni: str = "-"
    resumed: str = ""
    psk: str = "-"
    psk_hint: str = ""


SUMMARY = re.compile(
    r"^(TLSv1\.\d) (\S+) (\S+) (\S+) alpn=(\S+) verified=(\S+) ems=(\S+) etm=(\S+) sni=(\S+) resumed=(\S+) psk=(\S+)",
    re.M,
)


def parse_summary(text):
    found = SUMMARY.search(text)
    expect(found, f"no summary line: {text[-400:]!r}")
    return Facts(*found.groups())


def keypairs(names, cert_option="--cert", key_option="--key"):
    return [word for n in names for word in (cert_option, cert(n), key_option, key(n))]


# --- ours

def tlscat_connect(port, *options, line=LINE, answer=None, name="localhost"):
    """Our client sends `line`, the peer must send `answer` back; returns our facts."""
    status, out, err = run(
        [TLSCAT, "connect", f"127.0.0.1:{port}", "--ca", CA, "--name", name, *options], line + b"\n"
    )
    expect(status == 0, f"tlscat: status {status}: {err.strip()}")
    expect(answer is None or answer in out, f"tlscat: wrong answer {out[:80]!r}: {err.strip()}")
    return parse_summary(err)


def tlscat_refused(port, *options, ca=CA, name="localhost"):
    """Our client must fail; returns what it says."""
    trust = ["--ca", ca] if ca else []
    status, _, err = run([TLSCAT, "connect", f"127.0.0.1:{port}", *trust, "--name", name, *options], LINE)
    expect(status == 1, f"tlscat: status {status} where 1 was expected: {err.strip()}")
    return err


def tlscat_serve(*options, certs=("server-rsa",), mode="--echo"):
    process = Process([TLSCAT, "serve", "0", *keypairs(certs), *([mode] if mode else []), *options])
    try:
        return Server(process, int(process.wait_for(r"listening on 127\.0\.0\.1:(\d+)")[1]))
    except Failure:
        process.kill()
        raise


# --- openssl

# Everything openssl has, below what its default security level allows.
OPENSSL_ALL = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"


def openssl_serve(*options, certs=("server-rsa",), chain="int", ciphers=OPENSSL_ALL, version="-tls1_2", mode="-rev"):
    """s_server -rev: every line comes back reversed (mode None: it only shows them). A second certificate of another kind is -dcert."""
    chains = []
    for n, prefix in zip(certs, ("-", "-d")):
        chains += [f"{prefix}cert", cert(n), f"{prefix}key", key(n)]
        # s_server takes the leaf alone of the first file.
        chains += [f"{prefix}cert_chain", cert(chain)] if chain else []
    process = Process(
        ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cipher", ciphers, version, *chains, *([mode] if mode else []), *options]
    )
    try:
        return Server(process, int(process.wait_for(r"ACCEPT 127\.0\.0\.1:(\d+)")[1]))
    except Failure:
        process.kill()
        raise


def openssl_answer(line=LINE):
    return line[::-1]


def openssl_connect(port, *options, ciphers=OPENSSL_ALL, line=LINE, answer=LINE, address="127.0.0.1"):
    """s_client against an echo server; returns its facts."""
    command = ["openssl", "s_client", "-connect", f"{address}:{port}", "-cipher", ciphers, "-tls1_2"]
    command += ["-CAfile", CA, "-verify_return_error", "-verify_hostname", "localhost", "-servername", "localhost"]
    with Process([*command, "-nocommands", "-no_ign_eof", *options]) as client:
        client.wait_for(r"Verify return code: 0 \(ok\)")
        client.send(line + b"\n")
        client.wait_for(re.escape(answer.decode()))
        client.close_stdin()
        status = client.finish()
        expect(status == 0, f"s_client: status {status}: {client.tail()}")
        text = client.text
    found = {
        "suite": r"Cipher is (\S+)",
        "version": r"(?:New|Reused), (TLSv1\.\d)",
        "alpn": r"ALPN protocol: (\S+)",
        "psk_hint": r"PSK identity hint: (.*)",
    }
    facts = Facts()
    for name, pattern in found.items():
        if match := re.search(pattern, text):
            setattr(facts, name, match[1])
    # "New, TLSv1.0, Cipher is" names the version in which the suite appeared, not this one.
    if match := re.search(r"Protocol  : (TLSv1\.\d)", text):
        facts.version = match[1]
    facts.ems = "yes" if "Extended master secret: yes" in text else "no"
    facts.resumed = "yes" if re.search(r"^Reused, TLSv1", text, re.M) else "no"
    return facts


# --- gnutls

# CIPHER-ALL leaves out what is weak.
GNUTLS_CIPHERS = "+CIPHER-ALL:+AES-128-CCM-8:+AES-256-CCM-8:+3DES-CBC"


def priority(ciphers=GNUTLS_CIPHERS, macs="+MAC-ALL:+SHA384:+SHA256", kx="+ECDHE-RSA:+ECDHE-ECDSA:+DHE-RSA:+RSA",
             signs="+SIGN-ALL", groups="+GROUP-ALL", more=""):
    """A priority string that allows TLS 1.2 with exactly this."""
    text = f"NONE:+VERS-TLS1.2:+COMP-NULL:{ciphers}:{macs}:{kx}:{signs}:{groups}"
    return f"{text}:{more}" if more else text


def gnutls_serve(*options, certs=("server-rsa",), prio=None, client_certificate=False):
    """gnutls-serv --echo."""
    pairs = keypairs(certs, "--x509certfile", "--x509keyfile")
    words = ["gnutls-serv", "--echo", *([] if client_certificate else ["--disable-client-cert"]),
             "--priority", prio or priority(), *pairs, *options]
    return on_a_free_port(lambda port: [*words, "-p", port], r"listening on IPv4 .*done")


def gnutls_connect(port, *options, prio=None, line=LINE, answer=LINE, resumes=False, trusted=True):
    """gnutls-cli against an echo server; returns its facts. `resumes`: it connects twice (--resume).
    `trusted`: there is a certificate."""
    command = ["gnutls-cli", "127.0.0.1", "-p", port, "--x509cafile", CA, "--priority", prio or priority()]
    command += ["--verify-hostname", "localhost", "--sni-hostname", "localhost", *options]
    with Process(command) as client:
        client.wait_for(r"This is a resumed session" if resumes else r"Simple Client Mode")
        client.send(line + b"\n")
        client.wait_for(re.escape(answer.decode()))
        client.close_stdin()
        status = client.finish(TIMEOUT)
        expect(status == 0, f"gnutls-cli: status {status}: {client.tail()}")
        text = client.text
    expect(("The certificate is trusted" in text) == trusted, f"gnutls-cli does not trust us: {text[-400:]!r}")
    facts = Facts()
    if match := re.search(r"Application protocol: (\S+)", text):
        facts.alpn = match[1]
    if match := re.search(r"Description: (\((TLS1\.\d)\S*)", text):
        # "(TLS1.2-X.509)-(ECDHE-X25519)-(RSA-PSS-RSAE-SHA256)-(AES-128-CBC)-(SHA1)"
        facts.suite, facts.version = match[1], match[2].replace("TLS", "TLSv")
    if match := re.search(r"Options:(.*)", text):
        facts.ems = "yes" if "extended master secret" in match[1] else "no"
        facts.etm = "yes" if "EtM" in match[1] else "no"
    return facts
