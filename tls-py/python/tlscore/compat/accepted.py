"""What the ssl module has settings for and tlscore.compat accepts without doing anything about it, because it
concerns TLS 1.3 alone or is how tlscore behaves anyway; and what it refuses. Nothing else is stored
and forgotten: a setting is done, listed here, or raises."""

from __future__ import annotations

import operator
import ssl

ACCEPTED: dict[str, str] = {
    "OP_ALL": "workarounds for bugs of other libraries: there is nothing to work around",
    "OP_NO_SSLv2": "SSL 2 does not exist here",
    "OP_NO_SSLv3": "SSL 3 does not exist here",
    "OP_NO_TLSv1": "TLS 1.0 does not exist here",
    "OP_NO_TLSv1_1": "TLS 1.1 does not exist here",
    "OP_NO_TLSv1_3": "TLS 1.3 does not exist here yet",
    "OP_NO_COMPRESSION": "there is no compression",
    "OP_NO_RENEGOTIATION": "renegotiation is refused",
    "OP_SINGLE_DH_USE": "every handshake has fresh keys",
    "OP_SINGLE_ECDH_USE": "every handshake has fresh keys",
    "OP_ENABLE_MIDDLEBOX_COMPAT": "concerns TLS 1.3",
    "OP_ENABLE_KTLS": "concerns speed: records are protected here, not in the kernel",
    "VERIFY_ALLOW_PROXY_CERTS": "proxy certificates (RFC 3820) are refused all the same",
    "VERIFY_X509_TRUSTED_FIRST": "paths are searched to every trusted certificate",
    "post_handshake_auth": "concerns TLS 1.3",
    "num_tickets": "concerns TLS 1.3",
}
"""Name in the ssl module, and why nothing has to be done."""

DONE: dict[str, str] = {
    "OP_NO_TLSv1_2": "nothing is left: every handshake fails with NO_PROTOCOLS_AVAILABLE",
    "OP_NO_TICKET": "Context.set_tickets(False)",
    "OP_CIPHER_SERVER_PREFERENCE": "Context.set_client_preference(False)",
    "OP_LEGACY_SERVER_CONNECT": "Context.set_servers_without_rfc5746(True)",
    "OP_IGNORE_UNEXPECTED_EOF": "a transport that ends without close_notify reads as a clean end",
    "VERIFY_CRL_CHECK_LEAF": "CRLs are asked about the peer's certificate, and must answer",
    "VERIFY_CRL_CHECK_CHAIN": "the same, about its CAs too",
    "VERIFY_X509_PARTIAL_CHAIN": "Context.set_partial_chain(True)",
    "VERIFY_X509_STRICT": "Context.set_strict_certificates(True)",
}
"""Options and flags that do something."""

REFUSED: dict[str, str] = {
    "_msg_callback": "tlscore.Context.set_trace tells what happens, as lines of JSON",
    "set_npn_protocols": "NPN was replaced by ALPN (RFC 7301)",
}
"""What raises, and the sentence that it raises with."""


_NEWER = {"OP_LEGACY_SERVER_CONNECT": 0x4, "OP_ENABLE_KTLS": 0x8}
"""What the ssl module of Python 3.11 has no name for."""


def bit(name: str) -> int:
    """The number of an option or flag; 0 where this interpreter has none."""
    return int(getattr(ssl, name, _NEWER.get(name, 0)))


def _bits(table: dict[str, str], prefix: str) -> int:
    bits = 0
    for name in table:
        if name.startswith(prefix):
            bits |= bit(name)
    return bits


OPTIONS = _bits(ACCEPTED, "OP_") | _bits(DONE, "OP_")
FLAGS = _bits(ACCEPTED, "VERIFY_") | _bits(DONE, "VERIFY_")


def check_options(value: int) -> None:
    """ValueError where one is unknown."""
    _check(value, OPTIONS, "OP_")


def check_flags(value: int) -> None:
    """ValueError where one is unknown."""
    _check(value, FLAGS, "VERIFY_")


def _check(value: int, known: int, prefix: str) -> None:
    value = operator.index(value)
    if not 0 <= value < 1 << 64:
        raise OverflowError(f"{prefix}* are bits of 64, not {value}")
    if wrong := value & ~known:
        raise ValueError(f"tlscore does not know the {prefix}* bits {wrong:#x}")
