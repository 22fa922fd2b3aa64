"""The programs of README.md, as they stand there: only where they connect to is changed."""

from __future__ import annotations

import http.server
import os
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PKI, ROOT
from test_ssl_peer import ssl_server

README = (ROOT / "tls-py" / "README.md").read_text()
PROGRAMS = [text for text in re.findall(r"^```python\n(.*?)^```", README, re.S | re.M) if not text.startswith(">>>")]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a page")

    def finish(self) -> None:
        super().finish()
        assert isinstance(self.connection, ssl.SSLSocket)
        self.connection.unwrap()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = ssl_server().wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def run(program: str, port: int, ca: Path) -> subprocess.CompletedProcess[str]:
    """With the CAs of a file as the system's."""
    for theirs, ours in (("https://example.com", f"https://localhost:{port}"), ('("example.com", 443)', f'("localhost", {port})')):
        program = program.replace(theirs, ours)
    program = program.replace("example.com", "localhost")
    environment = os.environ | {"SSL_CERT_FILE": str(ca), "SSL_CERT_DIR": ""}
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=environment)


def test_there_are_two() -> None:
    assert ["import urllib.request" in program for program in PROGRAMS] == [True, False]
    assert all("example.com" in program and len(program.splitlines()) <= 10 for program in PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS, ids=["compat", "native"])
def test_they_run(program: str, port: int) -> None:
    done = run(program, port, PKI / "ca.pem")
    assert done.returncode == 0 and not done.stderr, done.stderr
    if "print" in program:
        assert "200 OK" in done.stdout and done.stdout.endswith("a page")


@pytest.mark.parametrize("program", PROGRAMS, ids=["compat", "native"])
def test_they_refuse_whom_they_do_not_trust(program: str, port: int) -> None:
    done = run(program, port, PKI / "other-ca.pem")
    assert done.returncode == 1 and not done.stdout
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr or "UNKNOWN_CA" in done.stderr


def test_what_it_says_of_a_setting() -> None:
    from tlscore import compat

    (shown,) = re.findall(r"^>>> (.+)\n(.+)$", README, re.M)
    assert repr(eval(shown[0], {"compat": compat})) == shown[1]
