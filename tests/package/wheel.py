"""What tools/wheel.sh runs where a product was installed: wheel.py PKI. Types are there, and a handshake."""

import ssl
import sys
from importlib.metadata import distribution
from pathlib import Path

import tlscore
from tlscore import compat

pki = Path(sys.argv[1])
package = Path(tlscore.__file__).parent
for name in ("py.typed", "_native.pyi", "compat/__init__.pyi"):
    assert (package / name).is_file(), f"{name} is missing"
assert distribution("tlscore").version == tlscore.__version__
assert {Path(str(file)).name for file in distribution("tlscore").files or ()} >= {"LICENSE-MIT", "LICENSE-APACHE"}
# A module that does not say so turns the GIL on again.
assert "t" not in sys.abiflags or not sys._is_gil_enabled()

server = compat.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(pki / "server-p256.pem", pki / "server-p256.key")
client = compat.create_default_context(cafile=pki / "ca.pem")
up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
ends = [client.wrap_bio(down, up, server_hostname="localhost"), server.wrap_bio(up, down, server_side=True)]
waiting = list(ends)
for _ in range(6):
    for end in list(waiting):
        try:
            end.do_handshake()
            waiting.remove(end)
        except ssl.SSLWantReadError:
            pass
assert not waiting, "the handshake does not end"
ends[0].write(b"hello")
assert ends[1].read() == b"hello"
print(sys.version.split()[0], tlscore.__version__, ends[0].cipher())
