"""CA certificates and CRLs that a context has, for those who ask what it trusts."""

from __future__ import annotations

import binascii
import re
import ssl
import threading
from base64 import b64decode
from pathlib import Path
from typing import Any

from .. import _errors as native
from .._native import Certificate, Context
from . import capath, peercert
from .errors import ssl_error

_BLOCK = re.compile(
    rb"-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE|X509 CRL)-----(.*?)-----END \1-----", re.DOTALL
)
_CRL = b"X509 CRL"


class Trust:
    """Adds to a native context, and keeps what was added."""

    def __init__(self, native: Context) -> None:
        self._native = native
        self._certificates: dict[bytes, None] = {}
        self._crls: dict[bytes, None] = {}
        self._shelf = Context()
        """Has all CRLs, from where the native context gets them when they are asked for."""
        self._lock = threading.Lock()
        self._asked = self._system = self.has_dir = False

    def add_file(self, path: str) -> None:
        """CA certificates and CRLs, as OpenSSL takes them from one file."""
        blocks = _blocks(Path(path))
        if not blocks:
            # The native context would read DER.
            text = "no certificate or crl found"
            raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, text.upper().replace(" ", "_"), text, "X509")
        if any(kind != _CRL for kind, _ in blocks):
            found = _certificates(path)
            self._native.add_ca_file(path)
            self._keep(found)
        self._add_crls(path, blocks)

    def add_dir(self, paths: str) -> None:
        """The files of directories whose names are the hashes of what they hold; others are not trusted by OpenSSL either.
        It looks into the directories when it needs a CA; here they are read now."""
        for file, hash, is_crl in capath.files(paths):
            blocks = _blocks(file)
            if is_crl:
                named = (capath.issuer_hash(b64decode(body)) for kind, body in blocks if kind == _CRL)
                if hash in named:
                    self._add_crls(str(file), blocks)
            elif any(kind != _CRL for kind, _ in blocks):
                if hash in map(capath.subject_hash, _certificates(str(file))):
                    self._native.add_ca_file(file)
                    self.has_dir = True

    def add_data(self, data: str | bytes) -> None:
        """PEM as str, or certificates in DER, one behind the other."""
        if isinstance(data, str):
            if not data:
                raise ValueError("Empty certificate data")
            certificates = _decoded(data)
            if not certificates:
                raise no_certificate("no start line")
        else:
            certificates = _concatenated(bytes(data))
        for der in certificates:
            self._native.add_ca_mem(der)
            # At once: the next one may be refused, this one is trusted.
            self._keep([der])

    def add_system(self) -> None:
        """The system's CA certificates. Without any nothing is trusted, as with OpenSSL."""
        self._system = True
        try:
            self._native.add_ca_system()
        except native.UsageError as error:
            if error.name != "NO_TRUST_ANCHORS":
                raise

    def ask_crls(self, leaf: bool, chain: bool) -> None:
        """Whether CRLs are asked about the peer's certificate, and about its CAs."""
        with self._lock:
            self._native.set_crl_leaf_only(not chain)
            self._native.require_crls(leaf or chain)
            if leaf or chain:
                self._native.set_crls_of(self._shelf)
            else:
                self._native.clear_crls()
            self._asked = leaf or chain

    def _add_crls(self, path: str, blocks: list[tuple[bytes, bytes]]) -> None:
        """Those of a file, all or none."""
        if not (crls := [body for kind, body in blocks if kind == _CRL]):
            return
        with self._lock:
            self._shelf.add_crl_file(path)
            self._crls.update(dict.fromkeys(crls))
            if self._asked:
                self._native.set_crls_of(self._shelf)

    def used(self, ca: bytes) -> None:
        """A path ended in this CA. Those of a directory are shown once one did."""
        self._keep([ca])

    def _look_up_system(self) -> None:
        """Read for those who ask alone: the native context has them. Files of directories are not shown, as
        OpenSSL does not."""
        file = ssl.get_default_verify_paths().cafile
        if self._system and file:
            self._keep(_certificates(file))
        self._system = False

    def _keep(self, certificates: Any) -> None:
        self._certificates.update(dict.fromkeys(certificates))

    def stats(self) -> dict[str, int]:
        """What ``cert_store_stats()`` returns."""
        self._look_up_system()
        cas = sum(map(peercert.is_ca, list(self._certificates)))
        return {"x509": len(self._certificates), "crl": len(self._crls), "x509_ca": cas}

    def cas(self) -> list[bytes]:
        """The CA certificates in DER."""
        self._look_up_system()
        # Another thread may add some meanwhile.
        return [der for der in list(self._certificates) if peercert.is_ca(der)]


def _blocks(file: Path) -> list[tuple[bytes, bytes]]:
    """Kind and base64 of what a file has in PEM. Whether it is any good, the native context tells."""
    return [(kind, b"".join(body.split())) for kind, body in _BLOCK.findall(file.read_bytes())]


def _certificates(path: str) -> list[bytes]:
    """Those of a file in DER, as the native context reads it."""
    return [certificate.der for certificate in Certificate.load(path)]


def no_certificate(what: str) -> ssl.SSLError:
    """The error of data without a certificate."""
    return ssl.SSLError(ssl.SSL_ERROR_SSL, f"{what}: cadata does not contain a certificate")


def _decoded(pem: str) -> list[bytes]:
    """The certificates of PEM, each of which must be whole."""
    found = []
    for part in pem.split(ssl.PEM_HEADER)[1:]:
        body, end, _behind = part.partition(ssl.PEM_FOOTER)
        try:
            if not end:
                raise binascii.Error
            found.append(b64decode("".join(body.split()), validate=True))
        except binascii.Error:
            text = "bad end line" if not end else "bad base64 decode"
            name = text.upper().replace(" ", "_")
            raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, name, text, "PEM") from None
    return found


def _concatenated(data: bytes) -> list[bytes]:
    if not data:
        raise ValueError("Empty certificate data")
    certificates, place = [], 0
    while place < len(data):
        if data[place] != 0x30 or len(data) < place + 4:
            raise no_certificate("not enough data")
        head = 2 + (data[place + 1] & 0x7F if data[place + 1] & 0x80 else 0)
        length = int.from_bytes(data[place + 2 : place + head], "big") if head > 2 else data[place + 1]
        certificates.append(data[place : place + head + length])
        place += head + length
    return certificates
