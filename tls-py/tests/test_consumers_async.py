"""Programs that wait for many sockets at once, with tlscore.compat in the place of ssl."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import pytest
from compat_peers import HOST, MODULES, client_ctx, echoing, server_ctx, serving

both = pytest.mark.parametrize(("client", "server"), MODULES)
DATA = bytes(range(256)) * 4096


@both
def test_asyncio_streams(client: Any, server: Any) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def main() -> None:
        listener = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server_ctx(server))
        port = listener.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_ctx(client), server_hostname=HOST)
        assert writer.get_extra_info("peercert") and writer.get_extra_info("cipher")
        assert isinstance(writer.get_extra_info("ssl_object"), ssl.SSLObject)
        for size in (1, len(DATA)):
            writer.write(DATA[:size])
            assert await reader.readexactly(size) == DATA[:size]
        writer.close()
        await writer.wait_closed()
        listener.close()
        await listener.wait_closed()

    asyncio.run(asyncio.wait_for(main(), 20))


@both
def test_asyncio_start_tls(client: Any, server: Any) -> None:
    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b"STARTTLS\n"
        writer.write(b"OK\n")
        await writer.start_tls(server_ctx(server))
        writer.write(await reader.readexactly(4))
        await writer.drain()
        writer.close()

    async def main() -> None:
        listener = await asyncio.start_server(upgrade, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"STARTTLS\n")
        assert await reader.readline() == b"OK\n"
        await writer.start_tls(client_ctx(client), server_hostname=HOST)
        writer.write(b"echo")
        assert await reader.readexactly(4) == b"echo"
        writer.close()
        await writer.wait_closed()
        listener.close()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_asyncio_refusals_and_cancellation() -> None:
    from tlscore import compat

    async def main() -> None:
        listener = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0, ssl=server_ctx())
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection(HOST, port, ssl=compat.create_default_context())
        listener.close()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()
            gone.set()

        gone = asyncio.Event()
        silent = await asyncio.start_server(listen, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await asyncio.open_connection(HOST, port, ssl=client_ctx())
        silent.close()
        await gone.wait()

    asyncio.run(asyncio.wait_for(main(), 20))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@both
def test_anyio(client: Any, server: Any, backend: str) -> None:
    anyio = pytest.importorskip("anyio")
    pytest.importorskip("trio")
    from anyio.streams.tls import TLSListener

    async def echo(stream: Any) -> None:
        async with stream:
            async for data in stream:
                await stream.send(data)

    async def main() -> None:
        with anyio.fail_after(20):
            listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
            port = listener.extra(anyio.abc.SocketAttribute.local_port)
            async with anyio.create_task_group() as group:
                group.start_soon(TLSListener(listener, server_ctx(server)).serve, echo)
                stream = await anyio.connect_tcp("127.0.0.1", port, ssl_context=client_ctx(client), tls_hostname=HOST)
                async with stream:
                    assert stream.extra(anyio.streams.tls.TLSAttribute.tls_version) == "TLSv1.2"
                    group.start_soon(stream.send, DATA)
                    got = b""
                    while len(got) < len(DATA):
                        got += await stream.receive()
                    assert got == DATA
                group.cancel_scope.cancel()
            await listener.aclose()

    anyio.run(main, backend=backend)


@both
def test_trio(client: Any, server: Any) -> None:
    trio = pytest.importorskip("trio")

    async def echo(stream: Any) -> None:
        async for data in stream:
            await stream.send_all(data)
        await stream.aclose()

    async def main() -> None:
        with trio.fail_after(20):
            async with trio.open_nursery() as nursery:
                listeners = await nursery.start(
                    lambda task_status: trio.serve_ssl_over_tcp(
                        echo, 0, server_ctx(server), host="127.0.0.1", task_status=task_status
                    )
                )
                port = listeners[0].transport_listener.socket.getsockname()[1]
                bare = await trio.open_tcp_stream("127.0.0.1", port)
                stream = trio.SSLStream(bare, client_ctx(client), server_hostname=HOST)
                nursery.start_soon(stream.send_all, DATA)
                got = b""
                while len(got) < len(DATA):
                    got += await stream.receive_some(65536)
                assert got == DATA
                await stream.aclose()
                nursery.cancel_scope.cancel()
            await listeners[0].aclose()

    trio.run(main)


def test_trio_unwraps() -> None:
    trio = pytest.importorskip("trio")

    async def main() -> None:
        with trio.fail_after(20):
            left, right = trio.testing.memory_stream_pair()
            client = trio.SSLStream(left, client_ctx(), server_hostname=HOST)
            server = trio.SSLStream(right, server_ctx(), server_side=True)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(client.do_handshake)
                nursery.start_soon(server.do_handshake)
            results: list[Any] = []

            async def unwrap(stream: Any) -> None:
                results.append(await stream.unwrap())

            async with trio.open_nursery() as nursery:
                nursery.start_soon(unwrap, client)
                nursery.start_soon(unwrap, server)
            assert [rest for _bare, rest in results] == [b"", b""]

    import trio.testing

    trio.run(main)


def test_websockets() -> None:
    pytest.importorskip("websockets")
    from websockets.asyncio.client import connect
    from websockets.asyncio.server import serve

    async def echo(websocket: Any) -> None:
        async for message in websocket:
            await websocket.send(message)

    async def main() -> None:
        async with serve(echo, "127.0.0.1", 0, ssl=server_ctx()) as listener:
            port = listener.sockets[0].getsockname()[1]
            async with connect(f"wss://{HOST}:{port}", ssl=client_ctx(), host="127.0.0.1") as websocket:
                await websocket.send(DATA[:100_000])
                assert await websocket.recv() == DATA[:100_000]

    asyncio.run(asyncio.wait_for(main(), 20))


def test_websockets_in_threads() -> None:
    pytest.importorskip("websockets")
    import threading

    from websockets.sync.client import connect
    from websockets.sync.server import serve

    def echo(websocket: Any) -> None:
        for message in websocket:
            websocket.send(message)

    with serve(echo, "127.0.0.1", 0, ssl=server_ctx()) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        with connect(f"wss://{HOST}:{port}", ssl=client_ctx()) as websocket:
            websocket.send(DATA[:100_000])
            assert websocket.recv() == DATA[:100_000]
        server.shutdown()
        thread.join(20)


def test_trustme() -> None:
    trustme = pytest.importorskip("trustme")
    from compat_peers import connected

    from tlscore import compat

    ca = trustme.CA(key_type=trustme.KeyType.RSA)
    server, client = compat.SSLContext(ssl.PROTOCOL_TLS_SERVER), compat.create_default_context()
    ca.issue_cert(HOST).configure_cert(server)
    ca.configure_trust(client)
    with serving(echoing(server)) as port, connected(client, port) as tls:
        assert ("DNS", HOST) in tls.getpeercert()["subjectAltName"]
        tls.unwrap().close()
