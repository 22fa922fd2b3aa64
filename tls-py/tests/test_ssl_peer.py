"""CPython's ssl module as the peer, in both directions, over a socket pair."""

from __future__ import annotations

import hashlib
import socket
import ssl

import pytest
from conftest import NAME, PKI, Peer, client_context, server_context

import tlscore

Sockets = tuple[socket.socket, socket.socket]
BULK = hashlib.shake_256(b"bulk").digest(3 << 20)


def ssl_server(keypair: str = "server-p256") -> ssl.SSLContext:
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    ctx.load_cert_chain(PKI / f"{keypair}.pem", PKI / f"{keypair}.key")
    return ctx


def ssl_client() -> ssl.SSLContext:
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    ctx.load_verify_locations(PKI / "ca.pem")
    return ctx


def echo_with_ssl(sock: socket.socket, ctx: ssl.SSLContext) -> tuple[str, str | None]:
    with ctx.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False) as tls:
        cipher = tls.cipher()
        assert cipher is not None
        facts = cipher[0], tls.selected_alpn_protocol()
        while data := tls.recv(16384):
            tls.sendall(data)
        tls.unwrap()
    return facts


def echo_with_tlscore(conn: tlscore.Connection) -> None:
    while data := conn.read():
        write_all(conn, data)
    conn.close()


def write_all(conn: tlscore.Connection, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[conn.write(rest) :]


def read_exactly(conn: tlscore.Connection, n: int) -> bytes:
    got = bytearray()
    while len(got) < n:
        data = conn.read(65536)
        assert data, "the end came early"
        got += data
    return bytes(got)


@pytest.mark.parametrize("keypair", ["server-rsa", "server-p256", "server-p384", "server-ed25519"])
def test_client_against_ssl(sockets: Sockets, keypair: str) -> None:
    ours, theirs = sockets
    server = ssl_server(keypair)
    server.set_alpn_protocols(["http/1.1"])
    peer = Peer(lambda: echo_with_ssl(theirs, server))
    ctx = client_context()
    ctx.set_alpn(["h2", "http/1.1"])
    conn = tlscore.Connection(ctx, NAME, sock=ours)
    conn.handshake()
    assert conn.write(b"hello") == 5
    assert read_exactly(conn, 5) == b"hello"
    conn.close()
    assert conn.read() == b""
    assert peer.join() == (conn.cipher, conn.alpn)
    assert conn.alpn == "http/1.1" and conn.verified
    assert conn.peer_chain_der[0] == ssl.PEM_cert_to_DER_cert(
        (PKI / f"{keypair}.pem").read_text().split("-----END")[0] + "-----END CERTIFICATE-----"
    )


@pytest.mark.parametrize("keypair", ["server-rsa", "server-p256", "server-p384", "server-ed25519"])
def test_server_against_ssl(sockets: Sockets, keypair: str) -> None:
    ours, theirs = sockets
    ctx = server_context(keypair)
    ctx.set_alpn(["http/1.1"])
    conn = tlscore.Connection(ctx, server_side=True, sock=ours)
    peer = Peer(lambda: echo_with_tlscore(conn))
    client = ssl_client()
    client.set_alpn_protocols(["h2", "http/1.1"])
    with client.wrap_socket(theirs, server_hostname=NAME, suppress_ragged_eofs=False) as tls:
        tls.sendall(b"hello")
        assert tls.recv(5) == b"hello"
        assert tls.version() == conn.version == "TLSv1.2"
        cipher = tls.cipher()
        assert cipher is not None and cipher[0] == conn.cipher
        assert tls.selected_alpn_protocol() == conn.alpn == "http/1.1"
        assert conn.server_name == NAME
        tls.unwrap()
    peer.join()


# CPython's ssl has pre-shared keys from 3.13 on.
@pytest.mark.parametrize("suite", [s for s in tlscore.Context().ciphers if "PSK" not in s])
def test_every_modern_suite(sockets: Sockets, suite: str) -> None:
    ours, theirs = sockets
    server = ssl_server("server-p256" if "ECDSA" in suite else "server-rsa")
    peer = Peer(lambda: echo_with_ssl(theirs, server))
    ctx = client_context()
    ctx.set_cipher_list(suite)
    conn = tlscore.Connection(ctx, NAME, sock=ours)
    conn.write(b"hello")
    assert read_exactly(conn, 5) == b"hello"
    conn.close()
    assert peer.join()[0] == conn.cipher == suite


def test_bulk_in_both_directions_at_once(sockets: Sockets) -> None:
    """One reading and one writing thread on the same connection; the peer echoes."""
    ours, theirs = sockets
    server = ssl_server()
    peer = Peer(lambda: echo_with_ssl(theirs, server))
    conn = tlscore.Connection(client_context(), NAME, sock=ours)
    writer = Peer(lambda: write_all(conn, BULK))
    assert read_exactly(conn, len(BULK)) == BULK
    writer.join()
    conn.close()
    assert conn.read() == b""
    peer.join()


def test_our_client_refuses_their_wrong_name(sockets: Sockets) -> None:
    ours, theirs = sockets
    server = ssl_server("bad-name")
    peer = Peer(lambda: echo_with_ssl(theirs, server))
    conn = tlscore.Connection(client_context(), NAME, sock=ours)
    with pytest.raises(tlscore.CertificateError) as error:
        conn.handshake()
    assert error.value.name == "NAME_MISMATCH"
    with pytest.raises(ssl.SSLError) as told:
        peer.join()
    assert told.value.reason == "SSLV3_ALERT_BAD_CERTIFICATE"


def test_our_client_refuses_their_untrusted_certificate(sockets: Sockets) -> None:
    ours, theirs = sockets
    server = ssl_server("bad-untrusted")
    peer = Peer(lambda: echo_with_ssl(theirs, server))
    conn = tlscore.Connection(client_context(), NAME, sock=ours)
    with pytest.raises(tlscore.CertificateError) as error:
        conn.read()
    assert error.value.name == "UNKNOWN_CA"
    with pytest.raises(ssl.SSLError) as told:
        peer.join()
    assert told.value.reason == "TLSV1_ALERT_UNKNOWN_CA"


def test_their_client_refuses_our_wrong_name(sockets: Sockets) -> None:
    ours, theirs = sockets
    conn = tlscore.Connection(server_context("bad-name"), server_side=True, sock=ours)
    peer = Peer(conn.handshake)
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl_client().wrap_socket(theirs, server_hostname=NAME)
    with pytest.raises(tlscore.AlertError) as error:
        peer.join()
    assert error.value.alert_name == "bad_certificate"


def test_their_client_that_speaks_only_tls13(sockets: Sockets) -> None:
    ours, theirs = sockets
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.minimum_version = ssl.TLSVersion.TLSv1_3
    client.load_verify_locations(PKI / "ca.pem")
    conn = tlscore.Connection(server_context(), server_side=True, sock=ours)
    peer = Peer(conn.handshake)
    with pytest.raises(ssl.SSLError):
        client.wrap_socket(theirs, server_hostname=NAME)
    with pytest.raises((tlscore.IncompatibleError, tlscore.AlertError)):
        peer.join()


def test_a_transport_that_ends_is_truncation(sockets: Sockets) -> None:
    ours, theirs = sockets
    server = ssl_server()

    def cut() -> None:
        with server.wrap_socket(theirs, server_side=True) as tls:
            tls.sendall(b"half of ")
        # Closed without close_notify.

    peer = Peer(cut)
    conn = tlscore.Connection(client_context(), NAME, sock=ours)
    assert read_exactly(conn, 8) == b"half of "
    with pytest.raises(tlscore.TruncatedError) as error:
        conn.read()
    assert error.value.name == "TRUNCATED"
    peer.join()


def test_their_reader_sees_our_clean_end(sockets: Sockets) -> None:
    ours, theirs = sockets
    conn = tlscore.Connection(server_context(), server_side=True, sock=ours)

    def serve() -> None:
        conn.write(b"all")
        conn.close()

    peer = Peer(serve)
    tls = ssl_client().wrap_socket(theirs, server_hostname=NAME, suppress_ragged_eofs=False)
    assert tls.recv(100) == b"all"
    assert tls.recv(100) == b""
    peer.join()
    tls.close()
