"""Certificates for reading."""

from __future__ import annotations

import datetime
import hashlib
import ssl

import pytest
from conftest import PKI, Pair

import tlscore

LEAF = ssl.PEM_cert_to_DER_cert((PKI / "server-p256.pem").read_text().partition("-----END")[0] + ssl.PEM_FOOTER)


def test_what_a_certificate_says() -> None:
    cert = tlscore.Certificate(LEAF)
    assert cert.der == LEAF and ssl.PEM_cert_to_DER_cert(cert.pem) == LEAF
    assert cert.version == 3 and not cert.is_ca
    assert ("DNS", "example.test") in cert.names and ("IP", "::1") in cert.names
    assert (cert.key_algorithm, cert.key_curve, cert.key_bits) == ("EC", "P-256", 256)
    assert cert.signature_algorithm == "sha256WithRSAEncryption"
    assert cert.extended_key_usage == ["serverAuth"] and cert.key_usage == ["digitalSignature"]
    assert cert.not_before == datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    assert cert.not_after.year == 2120 or cert.not_after.year == 2119
    assert cert.fingerprint() == hashlib.sha256(LEAF).hexdigest()
    assert cert.fingerprint("sha512") == hashlib.sha512(LEAF).hexdigest()
    assert cert.serial_number > 0 and len(cert.spki_sha256) == 32
    assert {oid for oid, _critical, _value in cert.extensions} >= {"2.5.29.17", "2.5.29.15"}
    assert cert.subject in repr(cert) and cert.common_name == "server-p256"
    assert tlscore.Certificate.load(PKI / "no-subject.pem")[0].common_name is None


def test_equality_is_that_of_the_bytes() -> None:
    a, b = tlscore.Certificate(LEAF), tlscore.Certificate(LEAF)
    other = tlscore.Certificate.load(PKI / "ca.pem")[0]
    assert a == b and hash(a) == hash(b) and a != other and a != LEAF
    assert len({a, b, other}) == 2


def test_files_and_pem_with_several() -> None:
    chain = tlscore.Certificate.load(PKI / "server-p256.pem")
    assert [c.is_ca for c in chain] == [False, True]
    assert chain[0].issuer == chain[1].subject
    assert tlscore.Certificate.parse((PKI / "server-p256.pem").read_text()) == chain


@pytest.mark.parametrize("data", [b"", b"\x30", "no PEM", LEAF[:-1], LEAF + b"\0", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_certificate(data: str | bytes) -> None:
    with pytest.raises((tlscore.UsageError, tlscore.CertificateError)):
        _ = tlscore.Certificate(data).subject


def test_one_is_one() -> None:
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Certificate((PKI / "server-p256.pem").read_bytes())
    assert error.value.name == "BAD_CERTIFICATE_FILE"
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Certificate.load(PKI / "nothing.pem")
    assert error.value.name == "FILE_UNREADABLE"


def test_unknown_hashes_are_refused() -> None:
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Certificate(LEAF).fingerprint("md5")
    assert error.value.name == "BAD_ARGUMENT"


def test_chains_of_a_connection(pair: Pair) -> None:
    assert [c.der for c in pair.client.peer_chain] == pair.client.peer_chain_der
    assert [c.der for c in pair.client.verified_chain] == pair.client.verified_chain_der
    assert pair.client.verified_chain[-1] == tlscore.Certificate.load(PKI / "ca.pem")[0]
    assert pair.server.peer_chain == [] == pair.server.verified_chain
