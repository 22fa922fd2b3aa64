"""What must not work, with the exact name of the error and the alert that the peer gets."""

import socket
import ssl
import threading

import peers
from harness import CA, PKI, TLSCAT, Process, Runner, Shared, cert, expect, key, run

WE, THEY = "we refuse", "we are told"


def add_all(runner: Runner, shared: Shared):
    def we(row, action):
        runner.add("refusals", row, WE, action)

    def they(row, action):
        runner.add("refusals", row, THEY, action)

    we("untrusted CA", lambda: bad_certificate("server-p256", "UNKNOWN_CA", "unknown_ca", ca="other-ca"))
    we("wrong name", lambda: bad_certificate("bad-name", "NAME_MISMATCH", "bad_certificate"))
    we("expired", lambda: bad_certificate("bad-expired", "CERTIFICATE_EXPIRED", "certificate_expired"))
    we("not yet valid", lambda: bad_certificate("bad-not-yet", "CERTIFICATE_NOT_YET_VALID", "certificate_expired"))
    we("for clients alone", lambda: bad_certificate("bad-eku", "WRONG_KEY_USAGE", "unsupported_certificate"))
    we("bad signature in the chain",
       lambda: bad_certificate("bad-signature", "BAD_CERTIFICATE_SIGNATURE", "bad_certificate"))
    we("intermediate missing", lambda: bad_certificate("bad-missing-int", "UNKNOWN_CA", "unknown_ca", chain=None))
    we("--insecure accepts it", insecure_accepts)
    we("TLS 1.1 server", tls11_server)
    we("TLS 1.1 client", tls11_client)
    we("no common suite, as server", no_common_suite_server)
    they("no common suite, as client", no_common_suite_client)
    we("no common group", no_common_group_server)
    we("no common protocol (ALPN)", no_common_alpn_server)
    they("no common protocol (ALPN)", no_common_alpn_client)
    they("our certificate is not trusted", certificate_refused)
    we("plain HTTP request", http_request)
    we("something else than TLS", not_tls)
    we("silence, then the end", eof_in_handshake)
    we("end without close_notify", truncated)
    we("nobody listens", connection_refused)
    we("unknown policy", lambda: bad_command("--policy", "relaxed", "BAD_POLICY_NAME"))
    we("unknown cipher word", lambda: bad_command("--ciphers", "ECDHE+AESGCN", "BAD_CIPHER_LIST"))
    we("suite outside of the policy", lambda: bad_command("--ciphers", "AES128-SHA", "REFUSED_BY_POLICY"))
    we("unknown group", lambda: bad_command("--groups", "P-123", "BAD_GROUP_LIST"))
    we("unreadable CA file", lambda: bad_command("--ca", "no/such/file.pem", "FILE_UNREADABLE"))
    we("CA file without certificates", lambda: bad_command("--ca", key("server-p256"), "BAD_PEM"))
    we("key of another certificate", key_mismatch)
    we("wrong command lines", wrong_command_lines)


def says(text, *words):
    for word in words:
        expect(word in text, f"{word!r} is missing in {text.strip()!r}")


def bad_certificate(name, error, alert, ca="ca", chain="int"):
    """openssl presents the certificate; it must get exactly this alert."""
    with peers.openssl_serve(certs=(name,), chain=chain) as server:
        said = peers.tlscat_refused(server.port, "--policy", "compatible", ca=cert(ca))
        says(said, f"tlscat: {error}: ", f"[alert {alert} sent]")
        server.process.wait_for(f"alert {alert.replace('_', ' ')}")


def insecure_accepts():
    with peers.openssl_serve(certs=("bad-expired",)) as server:
        status, out, err = run([TLSCAT, "connect", f"127.0.0.1:{server.port}", "--insecure"], b"hello\n")
        expect(status == 0 and b"olleh" in out, f"{status} {out!r} {err}")
        expect(peers.parse_summary(err).verified == "no", err)


def tls11_server():
    with peers.openssl_serve(version="-tls1_1") as server:
        says(peers.tlscat_refused(server.port, "--policy", "legacy"), "UNSUPPORTED_PROTOCOL", "[alert protocol_version")


def s_client_refused(server, *options):
    """openssl's client must fail with an alert of ours; returns what it says."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", CA, *options]
    with Process(command) as client:
        client.close_stdin()
        expect(client.finish() != 0, "s_client got through")
        return client.text


def tls11_client():
    with peers.tlscat_serve("--policy", "legacy") as server:
        says(s_client_refused(server, "-tls1_1", "-cipher", peers.OPENSSL_ALL), "alert protocol version")
        server.process.wait_for(r"UNSUPPORTED_PROTOCOL.*\[alert protocol_version sent\]")


def no_common_suite_server():
    with peers.tlscat_serve("--ciphers", "ECDHE-RSA-AES128-GCM-SHA256") as server:
        says(s_client_refused(server, "-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"), "alert handshake failure")
        server.process.wait_for(r"NO_SHARED_CIPHER.*\[alert handshake_failure sent\]")


def no_common_suite_client():
    with peers.openssl_serve(ciphers="ECDHE-RSA-AES256-GCM-SHA384") as server:
        says(peers.tlscat_refused(server.port, "--ciphers", "ECDHE-RSA-AES128-GCM-SHA256"), "ALERT_RECEIVED",
             "handshake_failure")


def no_common_group_server():
    with peers.tlscat_serve("--groups", "P-384") as server:
        says(s_client_refused(server, "-tls1_2", "-groups", "X25519"), "alert handshake failure")
        server.process.wait_for(r"NO_SHARED_(GROUP|CIPHER).*\[alert handshake_failure sent\]")


def no_common_alpn_server():
    with peers.tlscat_serve("--alpn", "h2") as server:
        says(s_client_refused(server, "-tls1_2", "-alpn", "imap"), "alert no application protocol")
        server.process.wait_for(r"NO_APPLICATION_PROTOCOL.*\[alert no_application_protocol sent\]")


def no_common_alpn_client():
    with peers.gnutls_serve("--alpn", "imap", "--alpn-fatal") as server:
        says(peers.tlscat_refused(server.port, "--alpn", "h2"), "ALERT_RECEIVED", "no_application_protocol")


def certificate_refused():
    with peers.tlscat_serve() as server:
        s_client_refused(server, "-tls1_2", "-verify_return_error", "-CAfile", cert("other-ca"))
        server.process.wait_for(r"ALERT_RECEIVED.*unknown_ca")


class FakeServer:
    """A thread that accepts one connection and treats it with `action`."""

    def __init__(self, action):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)
        self.port = self.listener.getsockname()[1]
        self.action = action
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        try:
            with self.listener, self.listener.accept()[0] as connection:
                connection.settimeout(20)
                self.action(connection)
        except OSError:
            pass  # what the client then says is what is looked at


def http_request():
    with peers.tlscat_serve() as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while client.recv(4096):
                pass
        server.process.wait_for("HTTP_REQUEST")


def not_tls():
    fake = FakeServer(lambda c: (c.recv(4096), c.sendall(b"220 mail.example.test ESMTP\r\n"), c.recv(4096)))
    says(peers.tlscat_refused(fake.port), "WRONG_VERSION_NUMBER")


def eof_in_handshake():
    fake = FakeServer(lambda c: c.recv(4096))
    says(peers.tlscat_refused(fake.port), "EOF_IN_HANDSHAKE")


def truncated():
    """Python's ssl as the server: data, then the socket is closed without close_notify."""

    def serve(connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(cert("server-p256"), key("server-p256"))
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(4096)
            tls.sendall(b"half of it")
            tls.shutdown(socket.SHUT_WR)

    fake = FakeServer(serve)
    status, out, err = run(
        [TLSCAT, "connect", f"127.0.0.1:{fake.port}", "--ca", CA, "--name", "localhost", "--get", "/"]
    )
    expect(status == 1 and out == b"half of it", f"{status} {out!r}")
    says(err, "TRUNCATED")


def connection_refused():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))  # bound, and not listening
        says(peers.tlscat_refused(s.getsockname()[1]), "Connection refused")


def bad_command(option, value, error):
    status, _, err = run([TLSCAT, "connect", "127.0.0.1:1", option, value])
    expect(status == 2, f"status {status}: {err}")
    says(err, error, value.removeprefix("ECDHE+"))


def key_mismatch():
    status, _, err = run([TLSCAT, "serve", "0", "--cert", cert("server-p256"), "--key", key("client-p256")])
    expect(status == 2, f"status {status}: {err}")
    says(err, "KEY_MISMATCH")


def wrong_command_lines():
    pair = ["--cert", cert("server-p256"), "--key", key("server-p256")]
    for words in (
        [], ["connect"], ["listen", "0"], ["connect", "localhost"], ["connect", ":443"], ["connect", "localhost:"],
        ["connect", "localhost:443", "--frobnicate"], ["connect", "localhost:443", "--ca"],
        ["connect", "localhost:443", "--echo"], ["serve", "0"], ["serve", "0", *pair, "--www", "--echo"],
        ["serve", "0", *pair[:2]], ["serve", "0", *pair[2:]], ["serve", "0", *pair, "--insecure"],
    ):
        status, _, err = run([TLSCAT, *words])
        expect(status == 2 and err, f"{words}: status {status}: {err}")


assert PKI.is_dir(), f"{PKI} is missing"
