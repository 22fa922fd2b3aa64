"""What ``getpeercert()`` returns: a certificate as the dict that CPython's ssl module makes of it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any, NamedTuple

_SEQUENCE, _SET, _OID, _INTEGER, _BIT_STRING, _OCTETS = 0x30, 0x31, 0x06, 0x02, 0x03, 0x04
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

_SUBJECT_ALT_NAME, _CRL_POINTS = "2.5.29.17", "2.5.29.31"
_AUTHORITY_INFO = "1.3.6.1.5.5.7.1.1"
_OCSP, _CA_ISSUERS = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"

_ENCODINGS = {12: "utf-8", 30: "utf-16-be", 28: "utf-32-be"}
"""How the string types of ASN.1 are encoded: UTF8, BMP, Universal. All others have a character in each byte: to OpenSSL
Printable, IA5 and Visible strings are Latin-1 too, as old CAs wrote them."""

Name = tuple[tuple[tuple[str, str], ...], ...]


class Value(NamedTuple):
    """A value in DER."""

    tag: int
    content: bytes

    def items(self) -> list[Value]:
        """Those that it holds."""
        return list(_walk(self.content))


def _walk(der: bytes) -> Iterator[Value]:
    """The values in `der`, one behind the other. ValueError for what is no DER."""
    place = 0
    while place < len(der):
        if place + 2 > len(der) or der[place] & 0x1F == 0x1F:
            raise ValueError("not DER: a value has no header")
        tag, length = der[place], der[place + 1]
        place += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or place + count > len(der):
                raise ValueError("not DER: a length has no end")
            length = int.from_bytes(der[place : place + count], "big")
            place += count
        if place + length > len(der):
            raise ValueError("not DER: a value has no end")
        yield Value(tag, der[place : place + length])
        place += length


def decode(der: bytes) -> dict[str, Any]:
    """The dict of a certificate in DER. ValueError for what is none."""
    tbs = next(_walk(der)).items()[0].items()
    version = 1
    if tbs[0].tag == 0xA0:
        version = int.from_bytes(tbs.pop(0).items()[0].content, "big") + 1
    serial, _signature, issuer, validity, subject, _key, *rest = tbs
    not_before, not_after = validity.items()
    found: dict[str, Any] = {
        "subject": _name(subject),
        "issuer": _name(issuer),
        "version": version,
        "serialNumber": _serial(serial.content),
        "notBefore": _time(not_before),
        "notAfter": _time(not_after),
    }
    extensions = {oid: value for value in rest if value.tag == 0xA3 for oid, value in _extensions(value)}
    if (names := extensions.get(_SUBJECT_ALT_NAME)) is not None:
        found["subjectAltName"] = tuple(_general_name(name) for name in names.items())
    access = extensions.get(_AUTHORITY_INFO)
    for key, method in (("OCSP", _OCSP), ("caIssuers", _CA_ISSUERS)):
        if access is not None and (uris := _access(access, method)):
            found[key] = uris
    points = extensions.get(_CRL_POINTS)
    if points is not None and (uris := _crl_points(points)):
        found["crlDistributionPoints"] = uris
    return found


def subject_of(der: bytes) -> Value:
    """The subject of a certificate. ValueError or IndexError for what is none."""
    tbs = next(_walk(der)).items()[0].items()
    return tbs[5 if tbs[0].tag == 0xA0 else 4]


def issuer_of_crl(der: bytes) -> Value:
    """The same for the issuer of a CRL."""
    tbs = next(_walk(der)).items()[0].items()
    return tbs[2 if tbs[0].tag == _INTEGER else 1]


def is_ca(der: bytes) -> bool:
    """Whether basicConstraints says so."""
    tbs = next(_walk(der)).items()[0].items()
    for value in tbs:
        if value.tag == 0xA3:
            for oid, inner in _extensions(value):
                if oid == "2.5.29.19":
                    return any(v.tag == 1 and v.content == b"\xff" for v in inner.items())
    # Version 1 has no extensions: one that issued itself is taken for a CA, as OpenSSL does.
    start = 1 if tbs[0].tag == 0xA0 else 0
    return start == 0 and tbs[start + 2] == tbs[start + 4]


def _extensions(value: Value) -> Iterator[tuple[str, Value]]:
    for extension in value.items()[0].items():
        parts = extension.items()
        yield _oid(parts[0].content), next(_walk(parts[-1].content))


def _name(value: Value) -> Name:
    return tuple(tuple(_attribute(a) for a in rdn.items()) for rdn in value.items())


def _attribute(value: Value) -> tuple[str, str]:
    kind, text = value.items()
    return _long_name(_oid(kind.content)), text_of(text)


def text_of(value: Value) -> str:
    """Of one of ASN.1's strings."""
    return value.content.decode(_ENCODINGS.get(value.tag, "latin-1"))


def _long_name(oid: str) -> str:
    try:
        return str(ssl._ASN1Object(oid).longname)
    except ValueError:
        return oid


def _oid(content: bytes) -> str:
    arcs, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))


def _serial(content: bytes) -> str:
    number = int.from_bytes(content, "big", signed=True)
    digits = f"{abs(number):X}"
    return ("-" if number < 0 else "") + "0" * (len(digits) % 2) + digits


def _time(value: Value) -> str:
    text = value.content.decode("ascii")
    if value.tag == _UTC_TIME:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    year, month, day = int(text[:4]), _MONTHS[int(text[4:6]) - 1], int(text[6:8])
    return f"{month} {day:2d} {text[8:10]}:{text[10:12]}:{text[12:14]} {year} GMT"


def _general_name(value: Value) -> tuple[str, Any]:
    match value.tag & 0x1F:
        case 1:
            return "email", value.content.decode()
        case 2:
            return "DNS", value.content.decode()
        case 4:
            return "DirName", _name(value.items()[0])
        case 6:
            return "URI", value.content.decode()
        case 7:
            return "IP Address", _address(value.content)
        case 8:
            return "Registered ID", _long_name(_oid(value.content))
        case 0:
            return "othername", "<unsupported>"
        case 3:
            return "X400Name", "<unsupported>"
        case _:
            return "EdiPartyName", "<unsupported>"


def _address(content: bytes) -> str:
    if len(content) == 4:
        return ".".join(map(str, content))
    if len(content) == 16:
        return ":".join(f"{content[i] << 8 | content[i + 1]:X}" for i in range(0, 16, 2))
    return "<invalid>"


def _access(value: Value, method: str) -> tuple[str, ...]:
    pairs = [description.items() for description in value.items()]
    return tuple(
        place.content.decode()
        for kind, place in pairs
        if _oid(kind.content) == method and place.tag & 0x1F == 6
    )


def _crl_points(value: Value) -> tuple[str, ...]:
    points = [part for point in value.items() for part in point.items() if part.tag == 0xA0]
    names = [name for point in points for full in point.items() if full.tag == 0xA0 for name in full.items()]
    return tuple(name.content.decode() for name in names if name.tag & 0x1F == 6)
