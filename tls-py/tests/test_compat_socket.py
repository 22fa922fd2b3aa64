"""tlscore.compat's sockets against the ssl module's, in both directions."""

from __future__ import annotations

import gc
import select
import socket
import ssl
import threading
import time
import weakref
from typing import Any

import pytest
from compat_peers import HOST, MODULES, client_ctx, connected, echoing, server_ctx, serving
from conftest import PKI

from tlscore import compat

pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
both = pytest.mark.parametrize(("client", "server"), MODULES)


def receive(tls: Any, n: int) -> bytes:
    got = bytearray()
    while len(got) < n:
        data = tls.recv(n - len(got))
        assert data
        got += data
    return bytes(got)


@both
@pytest.mark.parametrize("size", [1, 17, 16384, 16385, 1 << 20])
def test_echo(client: Any, server: Any, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    with serving(echoing(server_ctx(server))) as port, connected(client_ctx(client), port) as tls:
        assert tls.version() == "TLSv1.2" and tls.cipher()[2] in (128, 256)
        # No second thread: OpenSSL's connections cannot be read and written at the same time.
        for start in range(0, size, 40_000):
            part = data[start : min(start + 40_000, size)]
            tls.sendall(part)
            assert receive(tls, len(part)) == part
        tls.unwrap().close()


@both
def test_the_same_is_said_of_the_connection(client: Any, server: Any) -> None:
    facts: list[Any] = []

    def handle(sock: socket.socket) -> None:
        with ctx.wrap_socket(sock, server_side=True) as tls:
            facts.append((tls.cipher(), tls.selected_alpn_protocol(), tls.getpeercert()))
            facts.append((tls.getpeercert(True), tls.get_channel_binding()))
            tls.unwrap()

    ctx = server_ctx(server)
    ctx.set_alpn_protocols(["h2", "http/1.1"])
    ctx.load_verify_locations(PKI / "ca.pem")
    ctx.verify_mode = ssl.CERT_REQUIRED
    mine = client_ctx(client)
    mine.set_alpn_protocols(["http/1.1"])
    mine.load_cert_chain(PKI / "client-p256.pem", PKI / "client-p256.key")
    with serving(handle) as port, connected(mine, port) as tls:
        cipher, alpn, cert = tls.cipher(), tls.selected_alpn_protocol(), tls.getpeercert()
        binding = tls.get_channel_binding()
        assert tls.compression() is None and tls.server_hostname == HOST and tls.context is mine
        tls.unwrap().close()
    assert facts[0][:2] == (cipher, "http/1.1") and alpn == "http/1.1"
    assert facts[0][2] == ssl._ssl._test_decode_cert(str(PKI / "client-p256.pem"))  # type: ignore[attr-defined]
    assert cert == ssl._ssl._test_decode_cert(str(PKI / "server-p256.pem"))  # type: ignore[attr-defined]
    assert facts[1][1] == binding and len(binding) == 12


@both
def test_truncation_is_told(client: Any, server: Any) -> None:
    def handle(sock: socket.socket) -> None:
        tls = ctx.wrap_socket(sock, server_side=True)
        tls.sendall(b"half of ")
        tls.shutdown(socket.SHUT_RDWR)
        tls.close()

    ctx = server_ctx(server)
    with serving(handle) as port, connected(client_ctx(client), port, suppress_ragged_eofs=False) as tls:
        assert receive(tls, 8) == b"half of "
        with pytest.raises(ssl.SSLEOFError) as error:
            tls.recv(1)
        assert error.value.errno == ssl.SSL_ERROR_EOF and error.value.library == "SSL"
        assert error.value.reason == "UNEXPECTED_EOF_WHILE_READING"
        assert "UNEXPECTED_EOF_WHILE_READING" in error.value.strerror
        assert "EOF occurred in violation of protocol" in str(error.value)


@both
def test_ragged_eofs_are_suppressed_where_asked(client: Any, server: Any) -> None:
    ctx = server_ctx(server)

    def handle(sock: socket.socket) -> None:
        tls = ctx.wrap_socket(sock, server_side=True)
        tls.shutdown(socket.SHUT_RDWR)
        tls.close()

    with serving(handle) as port, connected(client_ctx(client), port) as tls:
        assert tls.recv(1) == b""


REFUSED = [
    ("bad-expired", 10, "certificate has expired"),
    ("bad-not-yet", 9, "certificate is not yet valid"),
    ("bad-name", 62, "Hostname mismatch, certificate is not valid for 'localhost'."),
    ("bad-untrusted", 20, "unable to get local issuer certificate"),
    ("self-leaf", 18, "self-signed certificate"),
]


@pytest.mark.parametrize(("keypair", "code", "message"), REFUSED)
@pytest.mark.parametrize("module", [compat, ssl])
def test_certificates_are_refused_in_the_same_words(module: Any, keypair: str, code: int, message: str) -> None:
    def handle(sock: socket.socket) -> None:
        with pytest.raises(ssl.SSLError) as error:
            ctx.wrap_socket(sock, server_side=True)
        assert "ALERT" in error.value.reason

    ctx = server_ctx(compat, keypair)
    with serving(handle) as port, pytest.raises(ssl.SSLCertVerificationError) as error:
        connected(client_ctx(module), port)
    assert (error.value.verify_code, error.value.verify_message) == (code, message)
    assert error.value.reason == "CERTIFICATE_VERIFY_FAILED" and error.value.errno == 1
    assert f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {message}" in str(error.value)
    assert isinstance(error.value, ValueError)


@both
def test_plain_http_is_no_tls(client: Any, server: Any) -> None:
    def handle(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

    with serving(handle) as port, pytest.raises(ssl.SSLError) as error:
        connected(client_ctx(client), port)
    assert "wrong version number" in str(error.value) or "http request" in str(error.value)


@both
def test_no_shared_cipher(client: Any, server: Any) -> None:
    def handle(sock: socket.socket) -> None:
        with pytest.raises(ssl.SSLError) as error:
            ctx.wrap_socket(sock, server_side=True)
        assert error.value.reason == "NO_SHARED_CIPHER"

    ctx, mine = server_ctx(server), client_ctx(client)
    ctx.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    mine.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    with serving(handle) as port, pytest.raises(ssl.SSLError) as error:
        connected(mine, port)
    assert error.value.reason == "SSLV3_ALERT_HANDSHAKE_FAILURE"


def test_timeouts() -> None:
    def silent(sock: socket.socket) -> None:
        sock.recv(1000)
        done.wait(20)

    done = threading.Event()
    with serving(silent) as port:
        sock = socket.create_connection(("127.0.0.1", port), timeout=0.1)
        with pytest.raises(TimeoutError, match="handshake operation timed out"):
            client_ctx().wrap_socket(sock, server_hostname=HOST)
        done.set()


def test_a_read_times_out_and_goes_on() -> None:
    with serving(echoing(server_ctx())) as port, connected(client_ctx(), port) as tls:
        tls.settimeout(0.05)
        with pytest.raises(TimeoutError, match="The read operation timed out"):
            tls.recv(1)
        tls.settimeout(20)
        tls.sendall(b"x")
        assert tls.recv(1) == b"x"
        tls.unwrap().close()


@both
def test_non_blocking(client: Any, server: Any) -> None:
    with serving(echoing(server_ctx(server))) as port:
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setblocking(False)
        tls = client_ctx(client).wrap_socket(sock, server_hostname=HOST, do_handshake_on_connect=False)

        def until(verb: Any, *args: Any) -> Any:
            while True:
                try:
                    return verb(*args)
                except ssl.SSLWantReadError:
                    assert select.select([tls], [], [], 20)[0]
                except ssl.SSLWantWriteError:
                    assert select.select([], [tls], [], 20)[1]

        until(tls.do_handshake)
        data, sent, got = bytes(4 << 20), 0, 0
        while got < len(data):
            ready = select.select([tls], [tls] if sent < len(data) else [], [], 20)
            if ready[1]:
                try:
                    sent += tls.send(data[sent:])
                except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    pass
            if ready[0]:
                try:
                    got += len(tls.recv(16384))
                except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    pass
        until(tls.unwrap)
        tls.close()


def test_a_send_that_cannot_leave_is_repeated() -> None:
    a, b = socket.socketpair()
    with a, b:
        server = threading.Thread(target=lambda: held.append(server_ctx().wrap_socket(b, server_side=True)))
        held: list[Any] = []
        server.start()
        tls = client_ctx().wrap_socket(a, server_hostname=HOST)
        server.join()
        tls.setblocking(False)
        data, sent = bytes(100_000), 0
        with pytest.raises(ssl.SSLWantWriteError):
            while True:
                sent += tls.send(data)
        with pytest.raises(ssl.SSLError, match="bad write retry"):
            tls.send(b"x")
        reader = threading.Thread(target=lambda: receive(held[0], sent + 1))
        reader.start()
        assert select.select([], [tls], [], 20)[1]
        tls.settimeout(20)
        assert tls.send(data) > 0
        reader.join(20)
        assert not reader.is_alive()
        held[0].close()
        tls.close()


def test_select_sees_what_was_not_read() -> None:
    def handle(sock: socket.socket) -> None:
        with server_ctx().wrap_socket(sock, server_side=True) as tls:
            tls.recv(1)
            for _ in range(3):
                tls.sendall(bytes(1000))
            tls.recv(1)

    with serving(handle) as port, connected(client_ctx(), port) as tls:
        tls.sendall(b"x")
        for _ in range(3):
            assert select.select([tls], [], [], 20)[0]
            assert len(tls.recv(16384)) == 1000 and tls.pending() == 0
        tls.sendall(b"x")


@both
def test_unwrap_gives_the_socket_back(client: Any, server: Any) -> None:
    def handle(sock: socket.socket) -> None:
        tls = ctx.wrap_socket(sock, server_side=True)
        assert tls.recv(1) == b"x"
        bare = tls.unwrap()
        assert bare.recv(100) == b"plain"
        bare.sendall(b"text")
        bare.close()

    ctx = server_ctx(server)
    with serving(handle) as port:
        tls = connected(client_ctx(client), port)
        tls.sendall(b"x")
        bare = tls.unwrap()
        bare.sendall(b"plain")
        assert bare.recv(100) == b"text"
        bare.close()


@both
def test_sni(client: Any, server: Any) -> None:
    names: list[Any] = []

    def choose(tls: Any, name: str | None, initial: Any) -> None:
        names.append((name, initial is ctx))
        tls.context = other

    ctx, other = server_ctx(server), server_ctx(server, "server-rsa")
    ctx.sni_callback = choose
    with serving(echoing(ctx)) as port, connected(client_ctx(client), port) as tls:
        assert "RSA" in tls.cipher()[0]
        tls.unwrap().close()
    assert names == [(HOST, True)]


@both
def test_resumption(client: Any, server: Any) -> None:
    mine = client_ctx(client)
    with serving(echoing(server_ctx(server)), count=3) as port:
        with connected(mine, port) as tls:
            assert not tls.session_reused
            session = tls.session
            assert session.has_ticket and session.id and session.timeout > 0 and session.time > 0
            tls.unwrap().close()
        with connected(mine, port, session=session) as tls:
            assert tls.session_reused and tls.getpeercert()["subject"]
            tls.unwrap().close()
        with connected(mine, port) as tls:
            assert not tls.session_reused
            with pytest.raises(ValueError, match="after handshake"):
                tls.session = session
            tls.unwrap().close()
    other = client_ctx(client)
    a, b = socket.socketpair()
    with a, b, pytest.raises(ValueError, match="different SSLContext"):
        other.wrap_socket(a, server_hostname=HOST, session=session)


def test_makefile_and_recv_into() -> None:
    with serving(echoing(server_ctx())) as port, connected(client_ctx(), port) as tls:
        with tls.makefile("rwb") as file:
            file.write(b"line\nnext\n")
            file.flush()
            assert file.readline() == b"line\n" and file.readline() == b"next\n"
        room = bytearray(10)
        tls.sendall(b"abc")
        assert tls.recv_into(room, 2) + tls.recv_into(memoryview(room)[2:]) == 3
        assert room[:3] == b"abc" and tls.recv(0) == b"" and tls.send(b"") == 0
        tls.unwrap().close()


def test_a_reading_and_a_writing_thread() -> None:
    with serving(echoing(server_ctx())) as port, connected(client_ctx(), port) as tls:
        reader = threading.Thread(target=receive, args=(tls, 3 << 20))
        reader.start()
        time.sleep(0.05)
        for _ in range(48):
            tls.sendall(bytes(65536))
        reader.join(20)
        assert not reader.is_alive()
        tls.unwrap().close()


def test_sockets_are_not_kept() -> None:
    with serving(echoing(server_ctx())) as port:
        ctx = client_ctx()
        tls = connected(ctx, port)
        tls.unwrap().close()
        gone = weakref.ref(tls), weakref.ref(tls._sslobj) if tls._sslobj else None
        del tls
        assert gone[0]() is None, "by reference counts alone"
        context = weakref.ref(ctx)
    del ctx
    gc.collect()
    assert context() is None


@both
def test_connect_and_accept(client: Any, server: Any) -> None:
    ctx = server_ctx(server)
    with socket.create_server(("127.0.0.1", 0)) as bare, ctx.wrap_socket(bare, server_side=True) as listener:
        accepted: list[Any] = []
        thread = threading.Thread(target=lambda: accepted.append(listener.accept()))
        thread.start()
        tls = client_ctx(client).wrap_socket(socket.socket(), server_hostname=HOST)
        tls.connect(listener.getsockname())
        thread.join(20)
        accepted[0][0].sendall(b"hi")
        assert tls.recv(2) == b"hi" and tls.getpeercert()
        accepted[0][0].close()
        tls.close()
