#!/usr/bin/env python3
"""examples.py DIRECTORY: the C++ examples with openssl on the other side."""

import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))
from harness import CA, PKI, Runner, cert, expect, key, on_a_free_port, run  # noqa: E402

BUILD = Path(sys.argv[1])
OPENSSL_CHAIN = ("-cert_chain", PKI / "int.pem")


def s_server(*options):
    return on_a_free_port(
        lambda port: ["openssl", "s_server", "-accept", port, "-cert", cert("server-rsa"), "-key", key("server-rsa"), "-tls1_2",
                      *OPENSSL_CHAIN, *options])


def fetches_a_page():
    with s_server("-www") as server:
        status, out, err = run([BUILD / "fetch", "localhost", server.port, CA])
        expect(status == 0 and b"s_server" in out, f"status {status}: {err}")
        expect("TLSv1.2, ECDHE-RSA" in err, err)


def refuses_a_stranger():
    with s_server("-www") as server:
        status, out, err = run([BUILD / "fetch", "localhost", server.port, cert("other-ca")])
        expect(status == 1 and not out and "UNKNOWN_CA" in err, f"status {status}: {err}")
        status, out, err = run([BUILD / "fetch", "127.0.0.2", server.port, CA])
        expect(status == 1 and not out and "NAME_MISMATCH" in err, f"status {status}: {err}")


def says_what_is_missing():
    status, _, err = run([BUILD / "fetch", "localhost", "1", "no/such/file"])
    expect(status == 1 and "FILE_UNREADABLE" in err, f"status {status}: {err}")


def echoes():
    """s_client ends its line with Q: it leaves without waiting, so the text is waited for."""
    text = b"to and fro\n"
    count = 3
    start = lambda port: [BUILD / "poll_echo", port, cert("server-p256"), key("server-p256"), count]  # noqa: E731
    with on_a_free_port(start, ready="listening") as server:
        for _ in range(count):
            command = f"(printf '{text.decode().strip()}\\n'; sleep 0.5) | openssl s_client -quiet -no_ign_eof -verify_quiet " \
                      f"-connect 127.0.0.1:{server.port} -CAfile {CA} -verify_return_error -tls1_2"
            status, out, err = run(["sh", "-c", command])
            expect(text in out, f"status {status}: {out!r} {err}")
        status = server.process.finish()
        expect(status == 0, f"status {status}: {server.process.text}")


def one_bad_client_harms_nobody():
    start = lambda port: [BUILD / "poll_echo", port, cert("server-p256"), key("server-p256"), "2"]  # noqa: E731
    with on_a_free_port(start, ready="listening") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            plain.recv(100)
        status, out, err = run([BUILD / "tlscat", "connect", f"localhost:{server.port}", "--ca", CA], b"still there\n")
        expect(status == 0 and out == b"still there\n", f"status {status}: {out!r} {err}")
        status = server.process.finish()
        expect(status == 0 and "HTTP_REQUEST" in server.process.text, f"status {status}: {server.process.text}")


runner = Runner(workers=2)
for action in (fetches_a_page, refuses_a_stranger, says_what_is_missing, echoes, one_bad_client_harms_nobody):
    runner.add("C++ examples", action.__name__.replace("_", " "), "openssl", action)
runner.run()
sys.exit(0 if runner.print() else 1)
