"""Processes, ports, and the runner that counts and prints. Standard library alone."""

import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = (ROOT / os.environ.get("BUILD", "build")).resolve()
PKI = ROOT / "tests" / "pki"
TLSCAT = str(BUILD / "tlscat")
CA = str(PKI / "ca.pem")

# No step of a conversation takes longer, not even on a loaded machine under valgrind.
TIMEOUT = 30.0


class Failure(Exception):
    """A conversation that did not go as it must."""


def expect(condition, message):
    """An assert that survives `python -O` and says what was there."""
    if not condition:
        raise Failure(message)


def cert(name):
    return str(PKI / f"{name}.pem")


def key(name):
    return str(PKI / f"{name}.key")


def free_port():
    """A port that was free a moment ago; whoever gets it from here must be ready to try again."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A program whose output (both streams, in one) is collected while it runs."""

    def __init__(self, command, stdin=subprocess.PIPE, env=None):
        self.command = [str(word) for word in command]
        self.child = subprocess.Popen(
            self.command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
        )
        self.output = b""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    def _collect(self):
        while chunk := self.child.stdout.read1(65536):
            with self._news:
                self.output += chunk
                self._news.notify_all()
        with self._news:
            self.child.stdout.close()
            self._reader = None
            self._news.notify_all()

    @property
    def text(self):
        return self.output.decode("utf-8", "replace")

    def wait_for(self, pattern, timeout=TIMEOUT):
        """The match of `pattern` in the output, as soon as it is there."""
        end = time.monotonic() + timeout
        with self._news:
            while True:
                if found := re.search(pattern, self.text):
                    return found
                left = end - time.monotonic()
                if self._reader is None or left <= 0:
                    why = "ended" if self._reader is None else "is silent"
                    raise Failure(f"{self.name} {why} without {pattern!r}: {self.tail()}")
                self._news.wait(left)

    def send(self, data):
        try:
            self.child.stdin.write(data)
            self.child.stdin.flush()
        except BrokenPipeError:
            raise Failure(f"{self.name} does not listen: {self.tail()}") from None

    def close_stdin(self):
        try:
            self.child.stdin.close()
        except BrokenPipeError:
            pass

    def finish(self, timeout=TIMEOUT):
        """Waits for the end and returns the exit status; all output is there then."""
        try:
            status = self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"{self.name} does not end: {self.tail()}") from None
        if reader := self._reader:
            reader.join(timeout)
        return status

    def kill(self):
        if self.child.poll() is None:
            try:
                os.killpg(self.child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.child.wait()
        if self.child.stdin and not self.child.stdin.closed:
            try:
                self.child.stdin.close()
            except BrokenPipeError:
                pass

    @property
    def name(self):
        return Path(self.command[0]).name

    def tail(self):
        return " | ".join(self.text.strip().splitlines()[-6:])[-600:] or "(no output)"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


@dataclass
class Server:
    """A listening process and its port."""

    process: Process
    port: int

    def stop(self):
        self.process.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def listens(port):
    """Whether some socket listens on the port. Asked of the kernel: a trial connection would be the server's one client."""
    end = f":{port:04X}"
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if state == "0A" and local.endswith(end):
                return True
    return False


def on_a_free_port(start, ready=None, env=None, timeout=TIMEOUT):
    """Starts a server that cannot name a port it was given: ours may be taken, then it is tried again.
    `start` makes the command for a port. What a server prints (`ready`) is not believed: some print it before they listen."""
    for _ in range(5):
        port = free_port()
        process = Process(start(port), env=env)
        try:
            if ready:
                process.wait_for(ready, timeout)
            end = time.monotonic() + timeout
            while process.child.poll() is None and time.monotonic() < end:
                if listens(port):
                    return Server(process, port)
                time.sleep(0.02)
        except Failure:
            pass
        process.kill()
    raise Failure(f"{process.name} does not start: {process.tail()}")


def run(command, stdin=b"", timeout=TIMEOUT, env=None):
    """Runs to the end: (status, stdout, stderr) with the streams apart."""
    done = subprocess.run(
        [str(word) for word in command],
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


@dataclass
class Case:
    """One conversation: a row and a column of a table, and the function that holds it."""

    table: str
    row: str
    column: str
    action: object
    result: str = ""  # "ok", or what went wrong
    seconds: float = 0.0


@dataclass
class Runner:
    """Runs cases on a few threads and prints them as tables."""

    workers: int = max(2, (os.cpu_count() or 2))
    cases: list = field(default_factory=list)

    def add(self, table, row, column, action):
        self.cases.append(Case(table, row, column, action))

    def _run_one(self, case):
        start = time.monotonic()
        try:
            case.action()
            case.result = "ok"
        except (Failure, subprocess.TimeoutExpired, OSError) as failure:
            case.result = f"{type(failure).__name__}: {failure}"
        case.seconds = time.monotonic() - start

    def run(self):
        with ThreadPoolExecutor(self.workers) as pool:
            list(pool.map(self._run_one, self.cases))

    def print(self):
        for table in dict.fromkeys(case.table for case in self.cases):
            self._print_table(table)
        failed = [case for case in self.cases if case.result != "ok"]
        for case in failed:
            print(f"FAILED {case.table} / {case.row} / {case.column}: {case.result}")
        print(f"{len(self.cases) - len(failed)} passed, {len(failed)} failed")
        return not failed

    def _print_table(self, table):
        cases = [case for case in self.cases if case.table == table]
        columns = list(dict.fromkeys(case.column for case in cases))
        width = max(len(case.row) for case in cases) + 2
        widths = [max(len(column), 6) + 2 for column in columns]
        seconds = sum(case.seconds for case in cases)
        print(f"\n{table} ({seconds:.1f} s)")
        print(" " * width + "".join(c.ljust(w) for c, w in zip(columns, widths)))
        cells = {(case.row, case.column): "ok" if case.result == "ok" else "FAILED" for case in cases}
        for row in dict.fromkeys(case.row for case in cases):
            line = "".join(cells.get((row, c), "-").ljust(w) for c, w in zip(columns, widths))
            print(f"{row.ljust(width)}{line}".rstrip())


class Shared:
    """Servers that many cases talk to: started at first use, stopped at the end."""

    def __init__(self):
        self._servers = {}
        self._lock = threading.Lock()

    def get(self, name, start):
        with self._lock:
            if name not in self._servers:
                self._servers[name] = queue.Queue()
                place, mine = self._servers[name], True
            else:
                place, mine = self._servers[name], False
        if mine:
            try:
                place.put(start())
            except Exception as failure:
                place.put(failure)
        server = place.get(timeout=TIMEOUT)
        place.put(server)
        if isinstance(server, Exception):
            raise Failure(f"{name}: {server}")
        return server

    def stop(self):
        for place in self._servers.values():
            server = place.get(timeout=TIMEOUT)
            if isinstance(server, Server):
                server.stop()
