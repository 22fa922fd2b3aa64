#!/usr/bin/env python3
"""A peer on tlslite-ng. Its command line is the one that others.py describes, and further options:
etm=no, ems=no, suites=ALGORITHM,... (cipherNames), kx=NAME,... (keyExchangeNames)."""

import socket
import sys
import threading

from tlslite.api import (
    Checker,
    HandshakeSettings,
    SessionCache,
    TLSConnection,
    X509CertChain,
    parsePEMKey,
)
from tlslite.constants import CipherSuite
from tlslite.errors import TLSError


def settings(options):
    s = HandshakeSettings()
    s.minVersion = s.maxVersion = (3, 3)
    s.useEncryptThenMAC = options.get("etm") != "no"
    s.useExtendedMasterSecret = options.get("ems") != "no"
    if "ciphers" in options:
        s.cipherNames = options["ciphers"].split(",")
    if "kx" in options:
        s.keyExchangeNames = options["kx"].split(",")
    if "psk" in options:
        identity, secret = options["psk"].split(":")
        s.pskConfigs = [(identity.encode(), bytes.fromhex(secret))]
    if options.get("tickets") != "no":
        s.ticketKeys = [bytes(range(32))]
    return s


def keypair(options):
    if "cert" not in options:
        return {}
    chain = X509CertChain()
    with open(options["cert"], encoding="ascii") as file:
        chain.parsePemList(file.read())
    with open(options["key"], encoding="ascii") as file:
        return {"certChain": chain, "privateKey": parsePEMKey(file.read(), private=True)}


def word(yes):
    return "yes" if yes else "no"


def facts(conn, peer):
    suite = CipherSuite.ietfNames.get(conn.session.cipherSuite, hex(conn.session.cipherSuite))
    alpn = conn.session.appProto.decode() if conn.session.appProto else "-"
    print(
        f"facts version=TLSv1.{conn.version[1] - 1} suite={suite} alpn={alpn} resumed={word(conn.resumed)}"
        f" peer={word(peer)} ems={word(conn.extendedMasterSecret)} etm={word(conn.encryptThenMAC)}",
        flush=True,
    )


def echo(raw, options, cache):
    conn = TLSConnection(raw)
    conn.closeSocket = False
    try:
        conn.handshakeServer(
            settings=settings(options),
            sessionCache=cache,
            reqCert="ca" in options,
            alpn=[name.encode() for name in options["alpn"].split(",")] if "alpn" in options else None,
            **keypair(options),
        )
        facts(conn, conn.session.clientCertChain)
        while data := conn.recv(4096):
            conn.sendall(data)
        conn.close()
    except (TLSError, OSError) as why:
        print("failed", type(why).__name__, why, flush=True)
    finally:
        raw.close()


def serve(options):
    cache = SessionCache()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening", listener.getsockname()[1], flush=True)
        while True:
            raw = listener.accept()[0]
            threading.Thread(target=echo, args=(raw, options, cache), daemon=True).start()


def connect(port, options):
    line = sys.stdin.buffer.read() + b"\n"
    session = None
    for _ in range(int(options.get("times", 1))):
        with socket.create_connection(("127.0.0.1", port)) as raw:
            conn = TLSConnection(raw)
            conn.ignoreAbruptClose = False
            conn.handshakeClientCert(
                session=session,
                settings=settings(options),
                serverName=options["name"],
                alpn=[name.encode() for name in options["alpn"].split(",")] if "alpn" in options else None,
                **keypair(options),
            )
            conn.sendall(line)
            back = b""
            while len(back) < len(line):
                piece = conn.recv(len(line) - len(back))
                if not piece:
                    sys.exit("the server closed early")
                back += piece
            if back != line:
                sys.exit("another line came back")
            session = conn.session
            facts(conn, session.serverCertChain)
            conn.closeSocket = False
            conn.close()
            if conn.recv(1):
                sys.exit("data behind the end")


def main(words):
    command, *rest = words
    port = rest.pop(0) if command == "connect" else None
    options = dict(word.split("=", 1) for word in rest)
    if command == "serve":
        serve(options)
    else:
        connect(int(port), options)


if __name__ == "__main__":
    main(sys.argv[1:])
