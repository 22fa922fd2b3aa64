#!/usr/bin/env python3
"""The programs of the README, as they stand there: compiled as a user would (pkg-config), and run against openssl with the
test CA as the system's. Python's runs where tools/python-test.sh has built the package, else it is only compiled.

readme.py [LANGUAGE...]: those alone. The compilers' and the loader's environment is the caller's: it says where the package is."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))
from harness import BUILD, CA, PKI, ROOT, Runner, cert, expect, key, on_a_free_port, run  # noqa: E402

MAIN = r"""
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
int main(int argc, char **argv)
{
    struct sockaddr_in at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((unsigned short)atoi(argv[argc - 1]));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        return 3;
"""
MAINS = {
    "c": MAIN + "    return fetch(fd, argv[1]) == 0 ? 0 : 1;\n}\n",
    "cpp": MAIN + '    try { fetch(fd, argv[1]); } catch (const tlscore::Error &e) { std::cerr << e.what() << "\\n"; return 1; }\n'
    "    return 0;\n}\n",
    "python": '\nfetch(socket.create_connection(("127.0.0.1", int(sys.argv[2]))), sys.argv[1])\n',
}


def program(language):
    found = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(), re.S | re.M)
    expect(len(found) == 1, f"{len(found)} programs in {language}")
    expect(len(found[0].splitlines()) <= 24, f"the program in {language} is long")
    return found[0] + MAINS[language]


def words(*options):
    return subprocess.run(["pkg-config", *options, "tlscore"], check=True, capture_output=True, text=True).stdout.split()


def build(language, work):
    """The command that runs it; None where it cannot run."""
    text = program(language)
    if language == "python":
        compile(text, "README.md", "exec")
        python = BUILD / "python/bin/python"
        (work / "readme.py").write_text(text)
        return [python, work / "readme.py"] if python.exists() else None
    source, out = work / f"readme.{language}", work / f"readme_{language}"
    source.write_text(text)
    compiler = os.environ.get("CC", "cc").split() if language == "c" else [*os.environ.get("CXX", "c++").split(), "-std=c++17"]
    status, _, err = run([*compiler, "-Wall", "-Wextra", "-Werror", source, "-o", out, *words("--cflags", "--libs")])
    expect(status == 0, err)
    return [out]


def fetches(language, work):
    command = build(language, work)
    if command is None:
        print(f"{language}: compiled, not run: make step-python builds the package")
        return
    trusting = {"SSL_CERT_FILE": CA}
    with on_a_free_port(lambda port: ["openssl", "s_server", "-accept", port, "-cert", cert("server-rsa"), "-key", key("server-rsa"),
                                      "-cert_chain", PKI / "int.pem", "-www"]) as server:
        status, out, err = run([*command, "localhost", server.port], env=trusting)
        expect(status == 0 and b"s_server" in out, f"status {status}: {err}")
        status, out, err = run([*command, "example.org", server.port], env=trusting)
        expect(status == 1 and not out and "NAME_MISMATCH" in err, f"status {status}: {err}")
        status, out, err = run([*command, "localhost", server.port], env={"SSL_CERT_FILE": cert("other-ca")})
        expect(status == 1 and not out and "UNKNOWN_CA" in err, f"status {status}: {err}")


with tempfile.TemporaryDirectory() as directory:
    runner = Runner(workers=2)
    for name in sys.argv[1:] or MAINS:
        runner.add("README", name, "openssl", lambda name=name: fetches(name, Path(directory)))
    runner.run()
    sys.exit(0 if runner.print() else 1)
