"""What a context asks of the peer's certificate, and whom it trusts."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING, Any

from .._native import Connection, Context
from . import accepted, peercert
from .errors import translating, verification_error
from .trust import Trust

if TYPE_CHECKING:
    from typing_extensions import Buffer

_Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]


_ASKED = {ssl.CERT_NONE: "none", ssl.CERT_OPTIONAL: "request", ssl.CERT_REQUIRED: "require"}


class Verification(ssl.SSLContext):
    """The part of ``SSLContext`` that verifies."""

    _native: Context
    _trust: Trust
    _check_hostname: bool
    _common_name: bool
    _verify_mode: ssl.VerifyMode
    _verify_flags: ssl.VerifyFlags

    def _set_verification(self, *, client: bool) -> None:
        """The ssl module's defaults. They trust nobody, where tlscore's trust the system's CAs."""
        self._check_hostname = client
        self._verify_mode = ssl.CERT_REQUIRED if client else ssl.CERT_NONE
        self._verify_flags = ssl.VERIFY_DEFAULT | ssl.VERIFY_X509_TRUSTED_FIRST
        self._native.clear_cas()
        self.hostname_checks_common_name = True
        self._apply_verification()

    def _apply_verification(self) -> None:
        if self._check_hostname:
            self._native.require_verification()
        else:
            self._native.danger_accept_any_name()
        self._native.set_client_auth(_ASKED[self._verify_mode])

    def _apply_verification_to(self, conn: Connection, server_side: bool) -> None:
        """What holds for a connection, whatever context an sni_callback chooses: as in the ssl module the
        verify_mode is the connection's, the CAs are the chosen context's."""
        if not server_side and self._verify_mode == ssl.CERT_NONE:
            conn.danger_accept_any_cert()
        elif server_side and self._verify_mode != ssl.CERT_NONE:
            conn.set_client_auth(_ASKED[self._verify_mode])

    def _check_choice(self, mode: ssl.VerifyMode, flags: int) -> None:
        """Raises where an sni_callback chose this context for a connection, and it would not check the CRLs that the
        connection, made with these settings, is to check."""
        if mode == self._verify_mode == ssl.CERT_NONE:
            return
        if flags & ~self._verify_flags & ssl.VERIFY_CRL_CHECK_CHAIN:
            text = "the context that the sni_callback chose does not check them"
            raise verification_error(3, "unable to get certificate CRL", text)

    @property
    def verify_mode(self) -> ssl.VerifyMode:
        """CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED, as in the ssl module."""
        return self._verify_mode

    @verify_mode.setter
    def verify_mode(self, value: int) -> None:
        if not isinstance(value, int):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
        try:
            mode = ssl.VerifyMode(value)
        except ValueError:
            raise ValueError("invalid value for verify_mode") from None
        if mode == ssl.CERT_NONE and self._check_hostname:
            raise ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
        self._verify_mode = mode
        self._apply_verification()

    @property
    def check_hostname(self) -> bool:
        """Whether clients match the server's certificate with its name."""
        return self._check_hostname

    @check_hostname.setter
    def check_hostname(self, value: object) -> None:
        self._check_hostname = bool(value)
        if self._check_hostname and self._verify_mode == ssl.CERT_NONE:
            self._verify_mode = ssl.CERT_REQUIRED
        self._apply_verification()

    @property
    def hostname_checks_common_name(self) -> bool:
        """Whether a certificate without subjectAltName is matched by its common name."""
        return self._common_name

    @hostname_checks_common_name.setter
    def hostname_checks_common_name(self, value: object) -> None:
        self._common_name = bool(value)
        self._native.set_legacy_common_name(self._common_name)

    @property
    def verify_flags(self) -> ssl.VerifyFlags:
        """What paths and CRLs must keep; see ``ACCEPTED`` and ``DONE``."""
        return ssl.VerifyFlags(self._verify_flags)

    @verify_flags.setter
    def verify_flags(self, value: int) -> None:
        accepted.check_flags(value)
        leaf = bool(value & ssl.VERIFY_CRL_CHECK_LEAF)
        chain = value & ssl.VERIFY_CRL_CHECK_CHAIN == ssl.VERIFY_CRL_CHECK_CHAIN
        self._native.set_partial_chain(bool(value & accepted.bit("VERIFY_X509_PARTIAL_CHAIN")))
        self._native.set_strict_certificates(bool(value & ssl.VERIFY_X509_STRICT))
        self._trust.ask_crls(leaf, chain)
        self._verify_flags = ssl.VerifyFlags(value)

    def load_verify_locations(
        self,
        cafile: _Path | None = None,
        capath: _Path | None = None,
        cadata: str | Buffer | None = None,
    ) -> None:
        """Trusts the CA certificates of a file, of a directory (read now), or in cadata: PEM as str, DER
        as bytes. CRLs in a file are kept for VERIFY_CRL_CHECK_*."""
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        for name, value in (("cafile", cafile), ("capath", capath)):
            if isinstance(value, int):
                raise TypeError(f"{name} should be a valid filesystem path")
        data = None if cadata is None else _data(cadata)
        with translating():
            if data is not None:
                self._trust.add_data(data)
            if cafile is not None:
                self._trust.add_file(path(cafile))
            if capath is not None:
                self._trust.add_dir(path(capath))

    def set_default_verify_paths(self) -> None:
        """Trusts the system's CA certificates."""
        with translating():
            self._trust.add_system()

    def cert_store_stats(self) -> dict[str, int]:
        """How many certificates, CAs among them, and CRLs were loaded."""
        return self._trust.stats()

    def get_ca_certs(self, binary_form: bool = False) -> Any:
        """The CA certificates that were loaded: dicts, or DER."""
        found = self._trust.cas()
        return found if binary_form else [peercert.decode(der) for der in found]


def path(value: _Path) -> str:
    """A path as str."""
    name = os.fsdecode(value)
    if "\0" in name:
        raise ValueError("embedded null byte")
    return name


def _data(cadata: str | Buffer) -> str | bytes:
    if isinstance(cadata, str) and cadata.isascii():
        return cadata
    try:
        return bytes(memoryview(cadata))  # type: ignore[arg-type]
    except TypeError:
        raise TypeError("cadata should be an ASCII string or a bytes-like object") from None
