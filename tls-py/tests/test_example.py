"""The example that a newcomer reads first, against the ssl module's server."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys

import pytest
from conftest import PKI, ROOT, Peer
from test_ssl_peer import ssl_server


def serve_page(listener: socket.socket, cut: bool) -> bytes:
    accepted, _ = listener.accept()
    accepted.settimeout(20)
    with ssl_server().wrap_socket(accepted, server_side=True) as tls:
        try:
            request = tls.recv(1000)
            tls.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello")
            if not cut:
                tls.unwrap().close()
        except OSError as error:  # the client may leave without a close_notify of its own
            if not isinstance(error, (ssl.SSLEOFError, ConnectionError)):
                raise
    return request


def run_client(ca: str, cut: bool = False) -> tuple[subprocess.CompletedProcess[str], Peer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        peer = Peer(lambda: serve_page(listener, cut))
        port = str(listener.getsockname()[1])
        client = [sys.executable, ROOT / "examples/python/client.py", "127.0.0.1", port, PKI / ca]
        done = subprocess.run(client, capture_output=True, text=True, timeout=60)
        return done, peer


def test_client_fetches_a_page() -> None:
    done, peer = run_client("ca.pem")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "HTTP/1.0 200 OK\r\n\r\nhello".replace("\r\n", "\n")
    assert done.stderr.startswith("TLSv1.2 ECDHE-ECDSA-")
    assert peer.join().startswith(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n")


def test_client_refuses_whom_it_does_not_trust() -> None:
    done, peer = run_client("other-ca.pem")
    assert done.returncode != 0 and "UNKNOWN_CA" in done.stderr and done.stdout == ""
    with pytest.raises(ssl.SSLError):
        peer.join()


def test_client_notices_truncation() -> None:
    done, peer = run_client("ca.pem", cut=True)
    assert done.returncode != 0 and "TRUNCATED" in done.stderr
    peer.join()
