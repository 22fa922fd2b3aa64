"""HTTP programs with tlscore.compat in the place of ssl, on loopback."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from compat_peers import HOST, client_ctx, server_ctx, serving

BODY = b"hello " * 20_000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    """http.server.ThreadingHTTPServer behind a compat context."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = server_ctx().wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://{HOST}:{server.server_port}"
        server.shutdown()
        thread.join(20)


def test_http_client_and_server(url: str) -> None:
    conn = http.client.HTTPSConnection(url.removeprefix("https://"), context=client_ctx(), timeout=20)
    for _ in range(2):
        conn.request("GET", "/")
        assert conn.getresponse().read() == BODY
    conn.request("POST", "/", BODY)
    assert conn.getresponse().read() == BODY
    conn.close()


def test_urllib_request(url: str) -> None:
    with urllib.request.urlopen(url, context=client_ctx(), timeout=20) as response:
        assert response.read() == BODY


def test_urllib3(url: str) -> None:
    urllib3 = pytest.importorskip("urllib3")
    with urllib3.PoolManager(ssl_context=client_ctx()) as pool:
        assert pool.request("GET", url).data == BODY
        assert pool.request("POST", url, body=BODY).data == BODY
    from tlscore import compat

    with urllib3.PoolManager(ssl_context=compat.create_default_context(), retries=False) as pool:
        with pytest.raises(urllib3.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            pool.request("GET", url)


def test_requests(url: str) -> None:
    requests = pytest.importorskip("requests")

    class Adapter(requests.adapters.HTTPAdapter):  # type: ignore[misc, name-defined]
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, ssl_context=client_ctx(), **kwargs)

    with requests.Session() as session:
        session.mount("https://", Adapter())
        session.verify = str(__import__("conftest").PKI / "ca.pem")
        assert session.get(url).content == BODY
        assert session.post(url, data=BODY).content == BODY


def test_httpx(url: str) -> None:
    httpx = pytest.importorskip("httpx")
    with httpx.Client(verify=client_ctx()) as client:
        assert client.get(url).content == BODY
        assert client.post(url, content=BODY).content == BODY

    async def both() -> None:
        async with httpx.AsyncClient(verify=client_ctx()) as client:
            first, second = await asyncio.gather(client.get(url), client.post(url, content=BODY))
            assert first.content == BODY == second.content

    asyncio.run(both())


def serve_h2(sock: socket.socket) -> None:
    import h2.config
    import h2.connection
    import h2.events

    ctx = server_ctx()
    ctx.set_alpn_protocols(["h2"])
    with ctx.wrap_socket(sock, server_side=True) as tls:
        assert tls.selected_alpn_protocol() == "h2"
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        conn.initiate_connection()
        tls.sendall(conn.data_to_send())
        while data := tls.recv(65536):
            for event in conn.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    conn.send_headers(event.stream_id, [(":status", "200")])
                    conn.send_data(event.stream_id, b"two", end_stream=True)
            tls.sendall(conn.data_to_send())


def test_httpx_with_http_2() -> None:
    httpx = pytest.importorskip("httpx")
    pytest.importorskip("h2")
    with serving(serve_h2) as port, httpx.Client(verify=client_ctx(), http2=True) as client:
        response = client.get(f"https://{HOST}:{port}")
        assert response.http_version == "HTTP/2" and response.content == b"two"

    async def fetch(port: int) -> Any:
        async with httpx.AsyncClient(verify=client_ctx(), http2=True) as client:
            return await client.get(f"https://{HOST}:{port}")

    with serving(serve_h2) as port:
        assert asyncio.run(fetch(port)).http_version == "HTTP/2"


def test_aiohttp_client_and_server() -> None:
    aiohttp = pytest.importorskip("aiohttp")
    from aiohttp import web

    async def echo(request: Any) -> Any:
        return web.Response(body=await request.read())

    async def main() -> None:
        app = web.Application()
        app.router.add_route("*", "/", echo)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_ctx())
        await site.start()
        port = runner.addresses[0][1]
        connector = aiohttp.TCPConnector(ssl=client_ctx())
        async with aiohttp.ClientSession(connector=connector) as session:
            for _ in range(2):
                async with session.post(f"https://{HOST}:{port}/", data=BODY) as response:
                    assert await response.read() == BODY
        from tlscore import compat

        connector = aiohttp.TCPConnector(ssl=compat.create_default_context())
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await session.get(f"https://{HOST}:{port}/")
        await runner.cleanup()

    asyncio.run(main())


@contextmanager
def uvicorn_at(app: Any) -> Iterator[int]:
    uvicorn = pytest.importorskip("uvicorn")
    config = uvicorn.Config(
        app,
        port=0,
        log_level="error",
        lifespan="off",
        ws="none",
        ssl_context_factory=lambda config, default: server_ctx(),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


def test_uvicorn() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["scheme"] == "https"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": BODY})

    with uvicorn_at(app) as port:
        with urllib.request.urlopen(f"https://{HOST}:{port}", context=client_ctx(), timeout=20) as response:
            assert response.read() == BODY


def test_refusals_reach_http_programs(url: str) -> None:
    from tlscore import compat

    with pytest.raises(urllib.error.URLError) as error:
        urllib.request.urlopen(url, context=compat.create_default_context(), timeout=20)
    assert isinstance(error.value.reason, ssl.SSLCertVerificationError)
