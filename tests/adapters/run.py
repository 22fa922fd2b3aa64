#!/usr/bin/env python3
"""Sessions that processes share, through a real Redis and a real memcached: a session of one server is resumed
on another; and whatever happens to the store (killed, stopped, restarted, filled with garbage), handshakes succeed.

Prints `N passed, N failed`.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "interop"))

import peers  # noqa: E402
from harness import BUILD, Failure, Process, Server, cert, expect, free_port, key  # noqa: E402

ADAPTERS = ROOT / "adapters"
PROGRAM = BUILD / "test" / "shared_sessions"


def build():
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    command = [os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-g", "-pthread",
               f"-I{ROOT}/include", *ADAPTERS.glob("*.c"), "-o", PROGRAM, f"-L{BUILD}", "-ltlscore",
               f"-Wl,-rpath,{BUILD}", "-lhiredis", "-lmemcached"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stderr)


class Store:
    """A store's server on a port of its own, which it keeps through restarts."""

    def __init__(self, kind):
        self.kind, self.process, self.port = kind, None, free_port()

    def start(self):
        commands = {
            "redis": ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            "memcached": ["memcached", "-l", "127.0.0.1", "-p", self.port, "-U", "0",
                          *(["-u", "nobody"] if os.geteuid() == 0 else [])],
        }
        for _ in range(5):
            self.process = Process(commands[self.kind], stdin=subprocess.DEVNULL)
            for _ in range(100):
                try:
                    with socket.create_connection(("127.0.0.1", self.port), 1):
                        return
                except OSError:
                    time.sleep(0.05)
                    if self.process.child.poll() is not None:
                        break
            self.kill()
        raise Failure(f"{self.kind} does not start: {self.process.tail()}")

    def kill(self):
        if self.process:
            self.signal(signal.SIGCONT)
            self.process.kill()

    def signal(self, number):
        try:
            self.process.child.send_signal(number)
        except ProcessLookupError:
            pass

    def say(self, command):
        """A line to the store, in its own protocol; the answer's first bytes."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as s:
            s.sendall(command)
            return s.recv(65536)

    def spoil(self):
        """Other bytes under every key."""
        if self.kind == "redis":
            for name in re.findall(rb"tls:[0-9a-f]{64}", self.say(b"KEYS *\r\n")):
                expect(self.say(b"SET %s garbage\r\n" % name).startswith(b"+OK"), "redis refuses")
            return
        names = re.findall(rb"key=(tls(?::|%3A)[0-9a-f]{64})", self.say(b"lru_crawler metadump all\r\n"))
        for name in names:
            name = name.replace(b"%3A", b":")
            expect(self.say(b"set %s 0 0 7\r\ngarbage\r\n" % name).startswith(b"STORED"), "memcached refuses")
        expect(names, "memcached names no key")


def serve(store, keys):
    process = Process([PROGRAM, store.kind, store.port, keys, cert("server-p256"), key("server-p256")])
    return Server(process, int(process.wait_for(r"listening (\d+)")[1]))


class Client:
    """Our client with one session file; what it says about resumption."""

    def __init__(self, folder):
        self.file = Path(folder) / "session"

    def connect(self, server):
        return peers.tlscat_connect(server.port, "--session", self.file, answer=peers.LINE).resumed

    def expect(self, server, resumed, why):
        """The server hands a new session to the store's thread, and does not wait for it: what must be resumed may take a while."""
        for _ in range(10 if resumed == "yes" else 1):
            found = self.connect(server)
            time.sleep(0.2)
            if found == resumed:
                return
        raise Failure(f"{why}: resumed={found}")


def eventually(check, why):
    """The store's pause after a failure is a second."""
    for _ in range(60):
        if check():
            return
        time.sleep(0.1)
    raise Failure(why)


def conversation(kind):
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.write_bytes(os.urandom(80))
        other_keys = Path(folder) / "other"
        other_keys.write_bytes(os.urandom(80))
        store = Store(kind)
        store.start()
        try:
            with serve(store, keys) as one, serve(store, keys) as two, serve(store, other_keys) as stranger:
                yield from steps(store, Client(folder), one, two, stranger)
        finally:
            store.kill()


def steps(store, client, one, two, stranger):
    def shared():
        client.expect(one, "no", "the first")
        for server in (two, one, two):
            client.expect(server, "yes", "another process")

    def foreign():
        client.expect(stranger, "no", "other ticket keys")
        client.expect(one, "no", "a session of other keys")
        client.expect(two, "yes", "the test itself")

    def from_openssl():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "session"
            first = peers.openssl_connect(one.port, "-no_ticket", "-sess_out", file)
            second = peers.openssl_connect(two.port, "-no_ticket", "-sess_in", file)
            expect((first.resumed, second.resumed) == ("no", "yes"), f"{first} {second}")

    def garbage():
        store.spoil()
        client.expect(one, "no", "garbage in the store")
        client.expect(two, "yes", "the session that took its place")

    def killed():
        store.kill()
        for server in (one, two, one):
            client.expect(server, "no", "the store is gone")

    def restarted():
        store.start()

        def resumes():
            client.connect(one)
            return client.connect(two) == "yes"

        eventually(resumes, "the store is back, and nothing is resumed")

    def stopped():
        store.signal(signal.SIGSTOP)
        start = time.monotonic()
        for server in (one, two):
            client.expect(server, "no", "the store is silent")
        seconds = time.monotonic() - start
        expect(seconds < 20, f"two handshakes took {seconds:.0f} s")
        store.signal(signal.SIGCONT)
        eventually(lambda: client.connect(one) == "yes" or client.connect(two) == "yes", "the store is awake again")

    def no_errors():
        for server in (one, two, stranger):
            expect("failed" not in server.process.text, server.process.tail())
            expect(server.process.child.poll() is None, "a server ended")

    yield from (shared, foreign, from_openssl, garbage, killed, restarted, stopped, no_errors)


def main():
    build()
    passed = failed = 0
    for kind in ("redis", "memcached"):
        for step in conversation(kind):
            try:
                step()
            except (Failure, OSError, subprocess.TimeoutExpired) as why:
                failed += 1
                print(f"FAILED: {kind}: {step.__name__}: {why}")
            else:
                passed += 1
                print(f"ok: {kind}: {step.__name__.replace('_', ' ')}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
