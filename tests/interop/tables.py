"""Suites, groups and schemes with the names that each program gives them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suite:
    code: str
    name: str  # OpenSSL's
    auth: str  # the certificate that goes with it
    gnutls: tuple  # cipher, MAC, key exchange
    openssl: bool = True

    @property
    def cbc(self):
        return self.gnutls[1] != "AEAD"


SUITES = [
    Suite("c02b", "ECDHE-ECDSA-AES128-GCM-SHA256", "server-p256", ("AES-128-GCM", "AEAD", "ECDHE-ECDSA")),
    Suite("c02f", "ECDHE-RSA-AES128-GCM-SHA256", "server-rsa", ("AES-128-GCM", "AEAD", "ECDHE-RSA")),
    Suite("c02c", "ECDHE-ECDSA-AES256-GCM-SHA384", "server-p256", ("AES-256-GCM", "AEAD", "ECDHE-ECDSA")),
    Suite("c030", "ECDHE-RSA-AES256-GCM-SHA384", "server-rsa", ("AES-256-GCM", "AEAD", "ECDHE-RSA")),
    Suite("cca9", "ECDHE-ECDSA-CHACHA20-POLY1305", "server-p256", ("CHACHA20-POLY1305", "AEAD", "ECDHE-ECDSA")),
    Suite("cca8", "ECDHE-RSA-CHACHA20-POLY1305", "server-rsa", ("CHACHA20-POLY1305", "AEAD", "ECDHE-RSA")),
    Suite("c009", "ECDHE-ECDSA-AES128-SHA", "server-p256", ("AES-128-CBC", "SHA1", "ECDHE-ECDSA")),
    Suite("c013", "ECDHE-RSA-AES128-SHA", "server-rsa", ("AES-128-CBC", "SHA1", "ECDHE-RSA")),
    Suite("c00a", "ECDHE-ECDSA-AES256-SHA", "server-p256", ("AES-256-CBC", "SHA1", "ECDHE-ECDSA")),
    Suite("c014", "ECDHE-RSA-AES256-SHA", "server-rsa", ("AES-256-CBC", "SHA1", "ECDHE-RSA")),
    Suite("c023", "ECDHE-ECDSA-AES128-SHA256", "server-p256", ("AES-128-CBC", "SHA256", "ECDHE-ECDSA")),
    Suite("c027", "ECDHE-RSA-AES128-SHA256", "server-rsa", ("AES-128-CBC", "SHA256", "ECDHE-RSA")),
    Suite("c024", "ECDHE-ECDSA-AES256-SHA384", "server-p256", ("AES-256-CBC", "SHA384", "ECDHE-ECDSA")),
    Suite("c028", "ECDHE-RSA-AES256-SHA384", "server-rsa", ("AES-256-CBC", "SHA384", "ECDHE-RSA")),
    Suite("009e", "DHE-RSA-AES128-GCM-SHA256", "server-rsa", ("AES-128-GCM", "AEAD", "DHE-RSA")),
    Suite("009f", "DHE-RSA-AES256-GCM-SHA384", "server-rsa", ("AES-256-GCM", "AEAD", "DHE-RSA")),
    Suite("ccaa", "DHE-RSA-CHACHA20-POLY1305", "server-rsa", ("CHACHA20-POLY1305", "AEAD", "DHE-RSA")),
    Suite("0033", "DHE-RSA-AES128-SHA", "server-rsa", ("AES-128-CBC", "SHA1", "DHE-RSA")),
    Suite("0039", "DHE-RSA-AES256-SHA", "server-rsa", ("AES-256-CBC", "SHA1", "DHE-RSA")),
    Suite("0067", "DHE-RSA-AES128-SHA256", "server-rsa", ("AES-128-CBC", "SHA256", "DHE-RSA")),
    Suite("006b", "DHE-RSA-AES256-SHA256", "server-rsa", ("AES-256-CBC", "SHA256", "DHE-RSA")),
    Suite("009c", "AES128-GCM-SHA256", "server-rsa", ("AES-128-GCM", "AEAD", "RSA")),
    Suite("009d", "AES256-GCM-SHA384", "server-rsa", ("AES-256-GCM", "AEAD", "RSA")),
    Suite("002f", "AES128-SHA", "server-rsa", ("AES-128-CBC", "SHA1", "RSA")),
    Suite("0035", "AES256-SHA", "server-rsa", ("AES-256-CBC", "SHA1", "RSA")),
    Suite("003c", "AES128-SHA256", "server-rsa", ("AES-128-CBC", "SHA256", "RSA")),
    Suite("003d", "AES256-SHA256", "server-rsa", ("AES-256-CBC", "SHA256", "RSA")),
    *(
        Suite(code, f"{prefix}AES{bits}-CCM{tag}", auth, (f"AES-{bits}-CCM{'-8' if tag else ''}", "AEAD", kx))
        for prefix, auth, kx, codes in (
            ("ECDHE-ECDSA-", "server-p256", "ECDHE-ECDSA", ("c0ac", "c0ad", "c0ae", "c0af")),
            ("", "server-rsa", "RSA", ("c09c", "c09d", "c0a0", "c0a1")),
            ("DHE-RSA-", "server-rsa", "DHE-RSA", ("c09e", "c09f", "c0a2", "c0a3")),
        )
        for code, (bits, tag) in zip(codes, (("128", ""), ("256", ""), ("128", "8"), ("256", "8")))
    ),
    # OpenSSL of Debian is built without 3DES.
    Suite("c012", "ECDHE-RSA-DES-CBC3-SHA", "server-rsa", ("3DES-CBC", "SHA1", "ECDHE-RSA"), openssl=False),
    Suite("000a", "DES-CBC3-SHA", "server-rsa", ("3DES-CBC", "SHA1", "RSA"), openssl=False),
]

# IANA name: (openssl, gnutls)
GROUPS = {
    "x25519": ("X25519", "GROUP-X25519"),
    "secp256r1": ("P-256", "GROUP-SECP256R1"),
    "secp384r1": ("P-384", "GROUP-SECP384R1"),
    "secp521r1": ("P-521", "GROUP-SECP521R1"),
}


@dataclass(frozen=True)
class Scheme:
    name: str  # IANA
    auth: str  # the certificate whose key signs
    openssl: str
    gnutls: str
    legacy: bool = False


# 0403, 0503 and 0603 do not bind the curve in TLS 1.2: each with each.
SCHEMES = [
    Scheme("rsa_pkcs1_sha256", "server-rsa", "RSA+SHA256", "SIGN-RSA-SHA256"),
    Scheme("rsa_pkcs1_sha384", "server-rsa", "RSA+SHA384", "SIGN-RSA-SHA384"),
    Scheme("rsa_pkcs1_sha512", "server-rsa", "RSA+SHA512", "SIGN-RSA-SHA512"),
    Scheme("rsa_pss_rsae_sha256", "server-rsa", "rsa_pss_rsae_sha256", "SIGN-RSA-PSS-RSAE-SHA256"),
    Scheme("rsa_pss_rsae_sha384", "server-rsa", "rsa_pss_rsae_sha384", "SIGN-RSA-PSS-RSAE-SHA384"),
    Scheme("rsa_pss_rsae_sha512", "server-rsa", "rsa_pss_rsae_sha512", "SIGN-RSA-PSS-RSAE-SHA512"),
    Scheme("rsa_pss_pss_sha256", "server-rsapss", "rsa_pss_pss_sha256", "SIGN-RSA-PSS-SHA256"),
    Scheme("rsa_pss_pss_sha384", "server-rsapss", "rsa_pss_pss_sha384", "SIGN-RSA-PSS-SHA384"),
    Scheme("rsa_pss_pss_sha512", "server-rsapss", "rsa_pss_pss_sha512", "SIGN-RSA-PSS-SHA512"),
    *(
        Scheme(f"ecdsa_secp{bits}r1_sha{size}", f"server-p{curve}", f"ECDSA+SHA{size}", f"SIGN-ECDSA-SHA{size}")
        for curve in ("256", "384", "521")
        for bits, size in (("256", "256"), ("384", "384"), ("521", "512"))
    ),
    Scheme("ed25519", "server-ed25519", "ed25519", "SIGN-EDDSA-ED25519"),
    Scheme("rsa_pkcs1_sha1", "server-rsa", "RSA+SHA1", "SIGN-RSA-SHA1", legacy=True),
    Scheme("ecdsa_sha1", "server-p256", "ECDSA+SHA1", "SIGN-ECDSA-SHA1", legacy=True),
]

CERTS = ["server-rsa", "server-rsa4096", "server-rsapss", "server-p256", "server-p384", "server-p521", "server-ed25519"]
