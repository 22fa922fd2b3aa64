"""The constants, exceptions and helpers of the ssl module that hold here as they are."""

from __future__ import annotations

import ssl
from typing import Any

_PREFIXES = ("ALERT_", "CERT_", "HAS_", "OP_", "OPENSSL_VERSION", "PROTOCOL_", "SSL_ERROR_", "VERIFY_")
_NAMES = """
    AlertDescription CertificateError DER_cert_to_PEM_cert DefaultVerifyPaths MemoryBIO Options PEM_FOOTER
    PEM_HEADER PEM_cert_to_DER_cert Purpose RAND_add RAND_bytes RAND_status SSLCertVerificationError SSLEOFError
    SSLError SSLErrorNumber SSLSyscallError SSLWantReadError SSLWantWriteError SSLZeroReturnError TLSVersion
    VerifyFlags VerifyMode cert_time_to_seconds get_default_verify_paths get_protocol_name
""".split()
HAS_PSK = True
"""There are pre-shared keys, also where the ssl module has none (before Python 3.13)."""
_HAS = {"HAS_ALPN", "HAS_ECDH", "HAS_NEVER_CHECK_COMMON_NAME", "HAS_PSK", "HAS_SNI", "HAS_TLSv1_2"}
"""What is there, whatever the interpreter's OpenSSL has; what later versions of the ssl module will ask for is not."""


def constants() -> dict[str, Any]:
    """By name, as this interpreter has them; what tlscore has or has not is its own."""
    found = {name: value for name, value in vars(ssl).items() if name in _NAMES or name.startswith(_PREFIXES)}
    return found | {name: name in _HAS for name in {*found, *_HAS} if name.startswith("HAS_")}
