"""Renegotiation: from either side, with data before and behind it, for a client certificate that is asked for
later; and refused where it may not be, with the connection going on wherever the peer lets it."""

import peers
from harness import CA, TLSCAT, Process, Runner, Shared, cert, expect, key

# A peer may resume its session in it.
AGAIN = r"renegotiated: TLSv1\.2 .*resumed=(yes|no)"


# The ClientHello callback goes on with another context, in each handshake.
HOST = ("--host", "localhost", "--cert", cert("server-rsa"), "--key", key("server-rsa"))


def add_all(runner: Runner, shared: Shared):
    def add(row, who, f, *arguments):
        runner.add("renegotiation", row, who, lambda: f(*arguments))

    add("the client starts", "from openssl", openssl_starts)
    add("the client starts", "to openssl", we_start)
    add("the client starts", "from gnutls", gnutls_starts)
    add("the server asks", "from openssl", we_ask_openssl)
    add("the server asks", "to openssl", openssl_asks, "r")
    add("the server asks", "to gnutls", gnutls_asks)
    add("the server asks for a certificate", "from openssl", we_ask_for_a_certificate)
    add("the server asks for a certificate, hosts by name", "from openssl", we_ask_for_a_certificate, *HOST)
    add("the server asks for a certificate", "to openssl", openssl_asks, "R")
    add("refused by the server (default)", "from openssl", we_refuse_openssl)
    add("refused by the server (default)", "to openssl", openssl_refuses)
    add("refused by the client (default)", "to openssl", we_refuse_to_follow)
    add("refused by the client", "from openssl", openssl_refuses_to_follow)


def s_client(port, *options):
    # Blocking, s_client reads on behind a handshake until data comes, and is deaf to its own input.
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2", "-CAfile", CA]
    return Process([*command, "-servername", "localhost", "-nbio", *options])


def connect(port, *options):
    command = [TLSCAT, "connect", f"127.0.0.1:{port}", "--ca", CA, "--name", "localhost"]
    return Process([*command, *options])


def says(client, line, answer=None):
    """The client's line comes back."""
    client.send(line.encode() + b"\n")
    client.wait_for(rf"(?m)^{answer or line}$")


def ends(client):
    client.close_stdin()
    status = client.finish()
    expect(status == 0, f"{client.name}: status {status}: {client.tail()}")


def openssl_starts():
    with peers.tlscat_serve("--renegotiate", "allow") as server, s_client(server.port) as client:
        client.wait_for("Verify return code")
        says(client, "before")
        client.send(b"R\n")
        client.wait_for("RENEGOTIATING")
        says(client, "behind")
        server.process.wait_for(AGAIN)
        client.send(b"Q\n")


def we_start():
    with peers.openssl_serve("-client_renegotiation") as server:
        with connect(server.port, "--renegotiate", "request") as client:
            says(client, "before", "erofeb")
            says(client, "behind", "dniheb")
            client.wait_for(AGAIN)
            ends(client)


def gnutls_starts():
    with peers.tlscat_serve("--renegotiate", "allow") as server:
        command = ["gnutls-cli", "127.0.0.1", "-p", server.port, "--x509cafile", CA, "--rehandshake"]
        command += ["--priority", peers.priority(), "--verify-hostname", "localhost"]
        with Process([*command, "--sni-hostname", "localhost"]) as client:
            client.wait_for("ReHandshake was completed|Simple Client Mode(?s:.*)Simple Client Mode")
            says(client, "behind")
            server.process.wait_for(AGAIN)
            ends(client)


def we_ask_openssl(*options):
    with peers.tlscat_serve("--renegotiate", "request") as server, s_client(server.port) as client:
        client.wait_for("Verify return code")
        says(client, "before")
        says(client, "between")
        says(client, "behind")
        server.process.wait_for(AGAIN)
        client.send(b"Q\n")


def openssl_asks(letter):
    options = ["-CAfile", CA] if letter == "R" else []
    ours = ["--cert", cert("client-p256"), "--key", key("client-p256")] if letter == "R" else []
    with peers.openssl_serve(*options, mode=None) as server:
        with connect(server.port, "--renegotiate", "allow", *ours) as client:
            says_to_server(client, server, "before")
            server.process.send(letter.encode() + b"\n")
            server.process.wait_for(r"SSL_do_handshake -> 1")
            server.process.send(b"from the server\n")
            client.wait_for("from the server")
            client.wait_for(AGAIN)
            says_to_server(client, server, "behind")
            if letter == "R":
                server.process.wait_for("client-p256")
            ends(client)


def says_to_server(client, server, line):
    client.send(line.encode() + b"\n")
    server.process.wait_for(rf"(?m)^{line}$")


def gnutls_asks():
    with peers.gnutls_serve() as server, connect(server.port, "--renegotiate", "allow") as client:
        says(client, "before")
        client.send(b"**REHANDSHAKE**\n")
        client.wait_for("Successfully executed command")
        says(client, "between")
        says(client, "behind")
        client.wait_for(AGAIN)
        ends(client)


def we_ask_for_a_certificate(*more):
    options = [*more, "--renegotiate", "request", "--verify", "require", "--ca", CA]
    with peers.tlscat_serve(*options) as server:
        ours = ["-cert", cert("client-p256"), "-key", key("client-p256"), "-cert_chain", cert("int")]
        with s_client(server.port, *ours) as client:
            client.wait_for("Verify return code")
            server.process.wait_for(r"TLSv1\.2 .*verified=no")
            says(client, "before")
            says(client, "between")
            says(client, "behind")
            server.process.wait_for(r"renegotiated: TLSv1\.2 .*verified=yes")
            client.send(b"Q\n")


def we_refuse_openssl():
    """s_client ends a connection whose server refuses; the server sees it as an end like any other."""
    with peers.tlscat_serve() as server, s_client(server.port) as client:
        client.wait_for("Verify return code")
        says(client, "before")
        client.send(b"R\n")
        client.wait_for("no renegotiation")
        client.finish()
        expect("renegotiated" not in server.process.text, server.process.tail())


def openssl_refuses():
    with peers.openssl_serve() as server:
        with connect(server.port, "--renegotiate", "request") as client:
            says(client, "before", "erofeb")
            says(client, "behind", "dniheb")
            client.wait_for("the peer refused to renegotiate")
            ends(client)


def we_refuse_to_follow():
    """s_server ends a connection whose client refuses."""
    with peers.openssl_serve(mode=None) as server, connect(server.port) as client:
        says_to_server(client, server, "before")
        server.process.send(b"r\n")
        client.finish()
        expect("renegotiated" not in client.text, client.tail())


def openssl_refuses_to_follow():
    with peers.tlscat_serve("--renegotiate", "request") as server:
        with s_client(server.port, "-no_renegotiation") as client:
            client.wait_for("Verify return code")
            for line in ("before", "between", "behind"):
                says(client, line)
            server.process.wait_for("the peer refused to renegotiate")
            client.send(b"Q\n")
