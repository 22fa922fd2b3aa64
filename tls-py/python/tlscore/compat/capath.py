"""The files of a directory of CAs, as OpenSSL finds them: by a hash of a name ("openssl rehash")."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from . import peercert

_CANONICAL = {12, 19, 20, 22, 26, 28, 30}
"""The string types that are compared as text: UTF8, Printable, T61, IA5, Visible, Universal, BMP."""


def files(paths: str) -> Iterator[tuple[Path, str, bool]]:
    """Of directories between colons: each file, the hash that is its name, and whether it is named as a CRL is. Of one hash
    they are numbered from 0 on, and nobody looks behind a gap."""
    for directory in map(Path, filter(None, paths.split(os.pathsep))):
        if not directory.is_dir():
            # OpenSSL finds nothing in it later.
            continue
        hashes = {name[:8] for name in os.listdir(directory) if re.fullmatch(r"[0-9a-f]{8}\.r?0", name)}
        for hash in sorted(hashes):
            for kind in ("", "r"):
                for number in count():
                    file = directory / f"{hash}.{kind}{number}"
                    if not file.is_file():
                        break
                    yield file, hash, bool(kind)


def subject_hash(der: bytes) -> str:
    """Of a certificate, as ``openssl x509 -subject_hash``."""
    return _hash(peercert.subject_of(der))


def issuer_hash(der: bytes) -> str:
    """Of a CRL, as ``openssl crl -hash``."""
    return _hash(peercert.issuer_of_crl(der))


def _hash(name: peercert.Value) -> str:
    # SHA-1 is a name here, and no proof of anything.
    canonical = b"".join(_tlv(0x31, b"".join(sorted(map(_attribute, rdn.items())))) for rdn in name.items())
    digest = hashlib.sha1(canonical, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"


def _attribute(attribute: peercert.Value) -> bytes:
    kind, value = attribute.items()
    tag, content = value
    if tag in _CANONICAL:
        # ASCII alone is folded, and spaces of ASCII alone are one.
        tag, content = 12, b" ".join(peercert.text_of(value).encode().lower().split())
    return _tlv(0x30, _tlv(6, kind.content) + _tlv(tag, content))


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content
