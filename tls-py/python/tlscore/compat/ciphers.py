"""Cipher suites as the ssl module shows them."""

from __future__ import annotations

from typing import Any

Cipher = tuple[str, str, int]
"""Name, version, bits."""


def version(name: str) -> str:
    """The first version that has the suite, in OpenSSL's words."""
    if name.endswith(("-SHA256", "-SHA384", "CCM", "CCM8", "-POLY1305")):
        return "TLSv1.2"
    return "TLSv1.0" if name.startswith("ECDHE") else "SSLv3"


def triple(name: str, bits: int) -> Cipher:
    """What ``cipher()`` returns."""
    return name, version(name), bits


def described(number: int, name: str, bits: int) -> dict[str, Any]:
    """What ``get_ciphers()`` has for one."""
    exchange, authentication = _exchange(name)
    symmetric, aead = _symmetric(name, bits)
    digest = None if aead else _digest(name)
    mac = "AEAD" if aead else (digest or "").upper()
    # Descriptions have no E for fresh keys.
    kx = exchange.removeprefix("kx-").upper().replace("DHE", "DH").replace("-", "")
    au = authentication.removeprefix("auth-").upper()
    description = (
        f"{name:<30} {version(name):<7} Kx={kx:<8} Au={au:<5} Enc={_written(name, bits)} Mac={mac}"
    )
    return {
        "id": 0x0300_0000 | number,
        "name": name,
        "protocol": version(name),
        "description": description,
        "strength_bits": bits,
        "alg_bits": 168 if "DES-CBC3" in name else bits,
        "aead": aead,
        "symmetric": symmetric,
        "digest": digest,
        "kea": exchange,
        "auth": authentication,
    }


_EXCHANGES = {
    "ECDHE-ECDSA-": ("kx-ecdhe", "auth-ecdsa"),
    "ECDHE-RSA-": ("kx-ecdhe", "auth-rsa"),
    "DHE-RSA-": ("kx-dhe", "auth-rsa"),
    "ECDHE-PSK-": ("kx-ecdhe-psk", "auth-psk"),
    "DHE-PSK-": ("kx-dhe-psk", "auth-psk"),
    "RSA-PSK-": ("kx-rsa-psk", "auth-psk"),
    "PSK-": ("kx-psk", "auth-psk"),
}


def _exchange(name: str) -> tuple[str, str]:
    for prefix, found in _EXCHANGES.items():
        if name.startswith(prefix):
            return found
    return "kx-rsa", "auth-rsa"


def _written(name: str, bits: int) -> str:
    """The cipher as ``openssl ciphers -v`` writes it."""
    if "CHACHA20" in name:
        return f"CHACHA20/POLY1305({bits})"
    if "DES-CBC3" in name:
        return "3DES(168)"
    for mode in ("GCM", "CCM8", "CCM"):
        if mode in name:
            return f"AES{mode}({bits})"
    return f"AES({bits})"


def _symmetric(name: str, bits: int) -> tuple[str, bool]:
    if "CHACHA20" in name:
        return "chacha20-poly1305", True
    if "GCM" in name or "CCM" in name:
        return f"aes-{bits}-{'gcm' if 'GCM' in name else 'ccm'}", True
    return ("des-ede3-cbc" if "DES-CBC3" in name else f"aes-{bits}-cbc"), False


def _digest(name: str) -> str:
    return {"SHA256": "sha256", "SHA384": "sha384"}.get(name.rpartition("-")[2], "sha1")
