#!/usr/bin/env python3
"""examples.py DIRECTORY [WRAPPER...]: the example programs against each other, each behind the wrapper
(valgrind, or none). Every program must end with status 0, and the data must be right."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))
from harness import CA, Failure, Process, Runner, Server, cert, expect, key, on_a_free_port, run  # noqa: E402

# valgrind makes big-number arithmetic slow.
PATIENCE = 120
PAIR = ("server-p256", "server-rsa")


class Programs:
    def __init__(self, directory, wrapper):
        self.directory, self.wrapper = Path(directory), wrapper

    def command(self, name, *words):
        return [*self.wrapper, self.directory / name, *words]

    def run(self, name, *words, stdin=b""):
        status, out, err = run(self.command(name, *words), stdin, PATIENCE)
        expect(status == 0, f"{name}: status {status}: {err[-1500:]}")
        return out, err

    def serve(self, name, *words, certificate="server-p256"):
        """`server` and `poll_server` are told their port."""
        return on_a_free_port(
            lambda port: self.command(name, port, cert(certificate), key(certificate), *words), r"listening on", timeout=PATIENCE)

    def tlscat_serve(self, *options):
        pairs = [word for name in PAIR for word in ("--cert", cert(name), "--key", key(name))]
        process = Process(self.command("tlscat", "serve", "0", *pairs, "--once", *options))
        try:
            return Server(process, int(process.wait_for(r"listening on 127\.0\.0\.1:(\d+)", PATIENCE)[1]))
        except Failure:
            process.kill()
            raise


def ends_well(server):
    server.process.close_stdin()
    status = server.process.finish(PATIENCE)
    expect(status == 0, f"{server.process.name}: status {status}: {server.process.text[-1500:]}")


def fetches(programs):
    """client.c and fetch.cpp from server.c, one connection after the other."""
    with programs.serve("server", "2") as server:
        for name in ("client", "fetch"):
            out, _ = programs.run(name, "localhost", str(server.port), CA)
            expect(b"200 OK" in out and b"TLSv1.2, ECDHE-ECDSA" in out, f"{name}: {out!r}")
        ends_well(server)


def refuses(programs):
    """The client does not trust the server: both say so, and neither leaks."""
    with programs.serve("server", "1") as server:
        status, _, err = run(
            programs.command("client", "localhost", str(server.port), cert("other-ca")), timeout=PATIENCE
        )
        expect(status == 1 and "UNKNOWN_CA" in err, f"client: status {status}: {err}")
        ends_well(server)
        expect("unknown_ca" in server.process.text, server.process.text)


def polls(programs):
    """Several clients at once at poll_server."""
    count = 4
    with programs.serve("poll_server", str(count), certificate="server-rsa") as server:
        runner = Runner(workers=count)
        text = b"".join(b"line %d\n" % n for n in range(20000))
        for n in range(count):
            runner.add("poll", str(n), "tlscat", lambda: expect(
                programs.run("tlscat", "connect", f"localhost:{server.port}", "--ca", CA, stdin=text)[0] == text,
                "another text came back"))
        runner.run()
        for case in runner.cases:
            expect(case.result == "ok", case.result)
        ends_well(server)


def echoes(programs):
    text = bytes(range(256)) * 2000
    with programs.tlscat_serve("--echo") as server:
        out, _ = programs.run("tlscat", "connect", f"localhost:{server.port}", "--ca", CA, stdin=text)
        expect(out == text, f"{len(out)} bytes came back, not {len(text)}")
        ends_well(server)


def shows_a_page(programs):
    with programs.tlscat_serve("--www", "--alpn", "http/1.0") as server:
        out, err = programs.run(
            "tlscat", "connect", f"[::1]:{server.port}", "--ca", CA, "--alpn", "http/1.0", "--get", "/"
        )
        expect(b"<h1>tlscore" in out and "alpn=http/1.0" in err, f"{out!r} {err}")
        ends_well(server)


def converses(programs):
    """serve --once without --www and --echo: standard input and output on both sides."""
    with programs.tlscat_serve() as server:
        server.process.send(b"from the server\n")
        out, _ = programs.run("tlscat", "connect", f"localhost:{server.port}", "--ca", CA, stdin=b"from the client\n")
        expect(out in (b"from the server\n", b""), f"{out!r}")
        ends_well(server)
        expect("from the client" in server.process.text, server.process.text)


def main(directory, *wrapper):
    programs = Programs(directory, wrapper)
    runner = Runner(workers=2)
    column = Path(wrapper[0]).name if wrapper else "plain"
    for action in (fetches, refuses, polls, echoes, shows_a_page, converses):
        runner.add("examples", action.__name__.replace("_", " "), column, lambda a=action: a(programs))
    runner.run()
    return 0 if runner.print() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
