"""The constants, exceptions and helpers of the ssl module that hold here as they are."""

import ssl
from ssl import *  # noqa: F403 - all that is public; what differs follows

HAS_SSLv2 = HAS_SSLv3 = HAS_TLSv1 = HAS_TLSv1_1 = HAS_TLSv1_3 = HAS_NPN = HAS_PSK = False  # type: ignore[misc]
HAS_TLSv1_2 = HAS_SNI = HAS_ECDH = HAS_ALPN = HAS_NEVER_CHECK_COMMON_NAME = True  # type: ignore[misc]

# Names without an underscore that the ssl module imports for itself.
_OWN = {"HAS_SSLv2", "HAS_SSLv3", "HAS_TLSv1", "HAS_TLSv1_1", "HAS_TLSv1_2", "HAS_TLSv1_3", "HAS_NPN"}
_OWN |= {"HAS_PSK", "HAS_SNI", "HAS_ECDH", "HAS_ALPN", "HAS_NEVER_CHECK_COMMON_NAME"}
_HELPERS = {
    "AlertDescription", "CertificateError", "DER_cert_to_PEM_cert", "DefaultVerifyPaths", "MemoryBIO", "Options",
    "PEM_FOOTER", "PEM_HEADER", "PEM_cert_to_DER_cert", "Purpose", "RAND_add", "RAND_bytes", "RAND_status",
    "SSLEOFError", "SSLError", "SSLErrorNumber", "SSLSyscallError", "SSLCertVerificationError",
    "SSLWantReadError", "SSLWantWriteError", "SSLZeroReturnError", "TLSVersion", "VerifyFlags", "VerifyMode",
    "cert_time_to_seconds", "get_default_verify_paths", "get_protocol_name",
}  # fmt: skip
_PREFIXES = ("ALERT_", "CERT_", "OP_", "OPENSSL_VERSION", "PROTOCOL_", "SSL_ERROR_", "VERIFY_")

__all__ = sorted(
    name for name in vars(ssl) if name in _HELPERS or name.startswith(_PREFIXES)
)
__all__ += sorted(_OWN)
