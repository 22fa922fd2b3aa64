"""Cipher strings: what OpenSSL selects and what we do, under the policy legacy, which has all suites.

Compared are the suites that both have: which ones, and for strings that say the order, the order. What only OpenSSL has
(aNULL, eNULL, CAMELLIA, ARIA, DSS...) is counted; nothing else may differ but what DIFFERENCES explains.
"""

import functools
import re

from harness import Runner, Shared, expect, run
from library import Context, Refused

# The string, and whether the order is compared too: aliases follow each library's own base order.
STRINGS = """
ALL
DEFAULT
COMPLEMENTOFDEFAULT
SSLv3
ALL:!SSLv3
FIPS
ALL:!FIPS
HIGH
MEDIUM
HIGH:!aNULL
HIGH:!aNULL:!MD5
HIGH:MEDIUM:!aNULL:!eNULL
DEFAULT:!AES
DEFAULT:!kRSA
DEFAULT:!SHA1
AES
AES128
AES256
AESGCM
AESCCM
AESCCM8
CHACHA20
3DES
SHA
SHA1
SHA256
SHA384
kRSA
aRSA
RSA
kECDHE
kEECDH
ECDHE
EECDH
ECDH
kDHE
kEDH
DHE
EDH
DH
aECDSA
ECDSA
TLSv1.2
TLSv1.0
PSK
kPSK
kECDHEPSK
kDHEPSK
kRSAPSK
aPSK
ECDHE+AESGCM
ECDHE+AES128+SHA
kRSA+AESGCM
RSA+AES256+SHA256
EECDH+aRSA+AES128+TLSv1.2
EECDH+CHACHA20:EECDH+AES128:RSA+AES128:EECDH+AES256:RSA+AES256
ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:RSA+AESGCM:RSA+AES:!aNULL:!eNULL:!MD5:!DSS
EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH:!LOW:!EXP:!PSK:!SRP
ALL:!ADH:!LOW:!EXP:!MD5:@STRENGTH
ALL:-AES256:AES256
ALL:!AESGCM:AESGCM
AES128:-AES128:AES
!CHACHA20:ALL
ALL:+AES128
ALL:+kRSA:+SHA1
RC4
MD5
DSS
CAMELLIA
ARIA
aNULL
eNULL
ADH
AECDH
SRP
DES
IDEA
SEED
EXPORT
LOW
SUITEB128
SUITEB128ONLY
SUITEB192
HIGH@STRENGTH
ALL@SECLEVEL=0
ALL@SECLEVEL=1
ALL@SECLEVEL=2
ALL@SECLEVEL=3
ALL@SECLEVEL=4
ALL@SECLEVEL=5
DEFAULT:@SECLEVEL=1
HIGH:!aNULL:@SECLEVEL=3
""".split()

ORDERED = """
ECDHE-RSA-AES128-GCM-SHA256
ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA
AES128-SHA:AES256-SHA:DES-CBC3-SHA
ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384
AES128-SHA:ECDHE-RSA-AES256-SHA:AES256-GCM-SHA384:@STRENGTH
AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:+AES128-SHA
AES128-SHA:AES256-SHA:-AES128-SHA:AES128-GCM-SHA256:AES128-SHA
AES256-SHA,AES128-SHA AES128-GCM-SHA256
AES128-SHA:NULL-SHA:RC4-SHA:CAMELLIA128-SHA:AES256-SHA
PSK-AES128-GCM-SHA256:ECDHE-PSK-CHACHA20-POLY1305:DHE-PSK-AES256-CBC-SHA384
""".strip().splitlines()

UNKNOWN = ["HIHG", "AES+GMC", "ALL:@FOO", "ALL:@SECLEVEL=9", "ECDHE-RSA-AES256-GCM-SHA256"]
# OpenSSL passes over unknown words where another one selects something; here each is an error.
MISSPELT = ["ALL:!aNUL", "HIGH:ECDHE-RSA-AES256-GCM-SHA256", "ALL:-x", "AES128-SHA:AES256-SHAA"]

# Where the two differ on purpose: the string, the suites, and why.
DIFFERENCES = [
    (r"DEFAULT", r"CCM", "OpenSSL's DEFAULT has no CCM; ours is what the policy offers without a list"),
    (r"SECLEVEL=[1-5]", r"CCM8$", "OpenSSL counts the tag of 64 bits from 3.2 on, as we do; before, the cipher alone"),
]


def openssl_list(text):
    """OpenSSL's suites of TLS 1.2 and before, in its order; None: it refuses the string."""
    words = ["openssl", "ciphers", "-psk", "-tls1_2"]
    # Its level acts only on what is supported (-s).
    if "@SECLEVEL" in text:
        words.append("-s")
    status, out, _ = run([*words, text])
    if status:
        return None
    names = out.decode().strip().split(":")
    return [n for n in names if n and not n.startswith("TLS_")]


def our_list(text):
    """Our suites; None: the string selects nothing."""
    with Context() as ctx:
        ctx.set_policy("legacy")
        ctx.set_psk(b"id", 2, b"0123456789abcdef", 16)
        try:
            ctx.set_cipher_list(text)
        except Refused as refused:
            expect(refused.name in ("BAD_CIPHER_LIST", "BAD_GROUP_LIST"), str(refused))
            return None
        return ctx.list("ciphers")


@functools.cache
def known():
    """The suites that both have. Distributions build OpenSSL without 3DES; RFC 8442 it does not have."""
    with Context() as ctx:
        ctx.set_policy("legacy")
        ctx.set_psk(b"id", 2, b"0123456789abcdef", 16)
        return set(ctx.list("ciphers")) & set(openssl_list("ALL:COMPLEMENTOFALL"))


def explained(text, suite):
    return any(re.search(string, text) and re.search(name, suite) for string, name, _ in DIFFERENCES)


def compare(text, ordered):
    ours, theirs = our_list(text) or [], openssl_list(text) or []
    both = known()
    wanted = [s for s in theirs if s in both]
    only = {s for s in ours if s in both} ^ set(wanted)
    unexplained = sorted(s for s in only if not explained(text, s))
    expect(not unexplained, f"{text}: they differ in {', '.join(unexplained)}")
    if ordered:
        common = set(ours) & set(wanted)
        one, other = ([s for s in names if s in common] for names in (ours, wanted))
        expect(one == other, f"{text}: {one} and {other}")
    return len(ours), len(theirs), sorted(only)


def refused(text, by_openssl):
    taken = openssl_list(text) is not None
    expect(taken != by_openssl, f"OpenSSL {'takes' if taken else 'refuses'} {text}")
    with Context() as ctx:
        ctx.set_policy("legacy")
        try:
            ctx.set_cipher_list(text)
        except Refused as error:
            expect("unknown" in error.text, str(error))
            return
        expect(False, f"we take {text}")


def add_all(runner: Runner, shared: Shared):
    for text in STRINGS:
        runner.add("cipher strings", text[:60], "the same suites", lambda t=text: compare(t, False))
    for text in ORDERED:
        runner.add("cipher strings", text[:60], "in the same order", lambda t=text: compare(t, True))
    for text in UNKNOWN:
        runner.add("cipher strings", text[:60], "refused by both", lambda t=text: refused(t, True))
    for text in MISSPELT:
        runner.add("cipher strings", text[:60], "refused by us", lambda t=text: refused(t, False))


if __name__ == "__main__":
    # The table, with what differs.
    for text in STRINGS + ORDERED:
        try:
            ours, theirs, only = compare(text, False)
            print(f"{text[:70]:72}{ours:4} of ours {theirs:4} of OpenSSL's  {' '.join(only)}")
        except Exception as failure:
            print(f"{text[:70]:72}{failure}")
    for string, names, why in DIFFERENCES:
        print(f"{names} in {string}: {why}")
