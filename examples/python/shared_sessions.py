"""asyncio echo server on tlscore's own classes; its sessions are in Redis, where other servers find them:
shared_sessions.py PORT CERT.pem KEY.pem TICKET.key REDIS_URL

TICKET.key has 48 or 80 random bytes, the same on all servers: sessions are sealed with it before they leave.
"""
import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

import tlscore

T = TypeVar("T")


class SessionStore:
    """What tlscore calls in the middle of a handshake, which goes on once Redis has answered."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.tasks = set[asyncio.Task[None]]()

    def get(self, id: bytes, pending: tlscore.Pending) -> tlscore.Pending:
        """The answer comes later."""
        self.start(self.look_up(id, pending))
        return pending

    def put(self, id: bytes, value: bytes, lifetime: int) -> None:
        """Keeps a session for so many seconds."""
        self.start(self.tell(self.redis.set(b"tls:" + id, value, ex=lifetime)))

    def remove(self, id: bytes) -> None:
        """Forgets one."""
        self.start(self.tell(self.redis.delete(b"tls:" + id)))

    async def look_up(self, id: bytes, pending: tlscore.Pending) -> None:
        """A Redis that is gone costs a full handshake, and no more."""
        try:
            pending.answer(await self.redis.get(b"tls:" + id))
        except RedisError as error:
            pending.fail(str(error))

    async def tell(self, command: Awaitable[object]) -> None:
        """Nobody waits for it."""
        try:
            await command
        except RedisError as error:
            print("redis:", error, file=sys.stderr)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """asyncio forgets tasks that nobody else holds."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class TlsStream:
    """A tlscore.Connection over asyncio's streams."""

    def __init__(self, conn: tlscore.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.conn, self.reader, self.writer = conn, reader, writer
        self.received = b""

    async def run(self, verb: Callable[[], T]) -> T:
        """Repeats a verb until it has what it wants, be it bytes or the program's answer."""
        while True:
            try:
                return verb()
            except tlscore.WantRead:
                await self.flush()
                await self.receive()
            except tlscore.WantWrite:
                pass
            except tlscore.WantApp:
                await self.flush()
                loop, answered = asyncio.get_running_loop(), asyncio.Event()
                self.conn.set_wake(lambda: loop.call_soon_threadsafe(answered.set))
                await answered.wait()
            finally:
                await self.flush()

    async def receive(self) -> None:
        """Feeds what comes; the connection may take less than there is."""
        self.received = self.received or await self.reader.read(1 << 16)
        if self.received:
            self.received = self.received[self.conn.feed(self.received) :]
        else:
            self.conn.feed_eof()

    async def flush(self) -> None:
        """Sends what was sealed, an alert too."""
        if self.conn.unsent:
            self.writer.write(self.conn.drain())
            await self.writer.drain()


async def serve(port: str, cert: str, key: str, ticket_key: str, redis_url: str) -> None:
    """Until it is ended."""
    ctx = tlscore.Context(tlscore.SERVER)
    ctx.add_keypair_file(cert, key)
    ctx.set_ticket_keys_file(ticket_key)
    # By session ID: a ticket would carry the session itself.
    ctx.set_tickets(False)
    async with Redis.from_url(redis_url) as redis:
        store = SessionStore(redis)
        ctx.set_session_store(store.get, store.put, store.remove)

        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            stream = TlsStream(tlscore.Connection(ctx, server_side=True), reader, writer)
            try:
                await stream.run(stream.conn.handshake)
                print("resumed" if stream.conn.resumed else "full handshake", flush=True)
                while data := await stream.run(stream.conn.read):
                    while data:
                        # The lambda is called before data changes.
                        data = data[await stream.run(lambda: stream.conn.write(data)) :]
                await stream.run(stream.conn.close)
            except (tlscore.TLSError, ConnectionError) as error:
                print(error, file=sys.stderr)
            finally:
                writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", int(port))
        print("listening on", server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


asyncio.run(serve(*sys.argv[1:]))
