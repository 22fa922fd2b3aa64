#!/usr/bin/env python3
"""The BoGo shim against recorded flights: what it must do without BoringSSL's runner at hand.

flights.json holds, for each case, the shim's flags, the bytes that its peer sends (recorded from our own
client and server, some of them with one thing changed, as the name says), and what must come of it: the exit
status, the error's name on stderr, and the alert on the wire. Nothing behind a peer's first flight can be
replayed: it depends on the other side's random. Usage: replay.py SHIM
"""

import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

TIMEOUT = 20
SHIM_ID = 7
HERE = Path(__file__).resolve().parent


def alert_in(data):
    """The first alert among plaintext records, as level and description."""
    while len(data) >= 5:
        typ, length = data[0], struct.unpack(">H", data[3:5])[0]
        if typ == 21 and length == 2:
            return list(data[5:7])
        data = data[5 + length :]
    return None


def receive_all(conn):
    data = b""
    try:
        while piece := conn.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    return data


def play(shim, case):
    """Returns what went otherwise than the case says, or nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        words = ["-port", listener.getsockname()[1], "-shim-id", SHIM_ID, *case["args"]]
        words = [word.replace("PKI", str(HERE.parent / "pki")) for word in map(str, words)]
        with subprocess.Popen([shim, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            try:
                got = b""
                if case.get("connects", True):
                    conn = listener.accept()[0]
                    with conn:
                        conn.settimeout(TIMEOUT)
                        identity = conn.recv(8, socket.MSG_WAITALL)
                        if identity != struct.pack("<Q", SHIM_ID):
                            return f"shim id {identity!r}"
                        for flight in case["send"]:
                            conn.sendall(bytes.fromhex(flight))
                        if case.get("ends"):
                            conn.shutdown(socket.SHUT_WR)
                        got = receive_all(conn)
                _, err = child.communicate(timeout=TIMEOUT)
            finally:
                child.kill()
    found = {
        "status": child.returncode,
        "alert": alert_in(got),
        "error": err.decode().split(":")[1] if err.count(b":") > 1 else err.decode(),
    }
    wrong = [f"{name}: {found[name]!r}, not {case[name]!r}" for name in found if found[name] != case.get(name, found[name])]
    return "; ".join(wrong)


def main(shim):
    cases = json.loads((HERE / "flights.json").read_text(encoding="utf-8"))
    failed = 0
    for case in cases:
        if wrong := play(shim, case):
            failed += 1
            print(f"FAILED: {case['name']}: {wrong}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
