"""What the tests of callbacks share whose answers may come later."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import NAME, PKI, move

import tlscore


def external(keypair: str, sign: Any, decrypt: Any = None) -> tlscore.Context:
    ctx = tlscore.Context(tlscore.SERVER)
    ctx.add_keypair_external((PKI / f"{keypair}.pem").read_text(), sign, decrypt)
    return ctx


def pair_of(client_ctx: tlscore.Context, server_ctx: tlscore.Context) -> tuple[tlscore.Connection, tlscore.Connection]:
    return tlscore.Connection(client_ctx, NAME), tlscore.Connection(server_ctx, server_side=True)


def until_asked(client: tlscore.Connection, server: tlscore.Connection) -> None:
    """Runs the handshake until one side waits for the program."""
    for _ in range(10):
        for conn, peer in ((client, server), (server, client)):
            try:
                conn.handshake()
            except tlscore.WantApp:
                return
            except (tlscore.WantRead, tlscore.WantWrite):
                pass
            move(conn, peer)
    pytest.fail("nobody asks")


class Signer:
    """A key elsewhere: signs with the cryptography package."""

    def __init__(self, keypair: str) -> None:
        serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
        self.key = serialization.load_pem_private_key((PKI / f"{keypair}.key").read_bytes(), None)
        self.schemes: list[str] = []

    def __call__(self, scheme: str, message: bytes, pending: tlscore.Pending) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding

        self.schemes.append(scheme)
        assert pending.kind == "signature" and not pending.answered
        sha = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}[scheme[-3:]]()
        if scheme.startswith("ecdsa"):
            return bytes(self.key.sign(message, ec.ECDSA(sha)))  # type: ignore[union-attr, call-arg, arg-type]
        pss = padding.PSS(padding.MGF1(sha), sha.digest_size)
        kind = pss if "pss" in scheme else padding.PKCS1v15()
        return bytes(self.key.sign(message, kind, sha))  # type: ignore[union-attr, call-arg, arg-type]

    def decrypt(self, ciphertext: bytes, pending: tlscore.Pending) -> bytes:
        numbers = self.key.private_numbers()  # type: ignore[union-attr]
        n = numbers.public_numbers.n  # type: ignore[union-attr]
        plain = pow(int.from_bytes(ciphertext, "big"), numbers.d, n)  # type: ignore[union-attr]
        return plain.to_bytes((n.bit_length() + 7) // 8, "big")


def raises(*_: Any) -> Any:
    raise LookupError("raised on purpose")
