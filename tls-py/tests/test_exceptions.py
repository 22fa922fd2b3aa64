"""The exceptions are those of the ssl module, and say more."""

from __future__ import annotations

import pickle
import ssl

import pytest
from conftest import NAME, PKI, Pair, client_context, server_context

import tlscore

STANDARD: list[tuple[type[tlscore.TLSError], type[BaseException]]] = [
    (tlscore.WantRead, ssl.SSLWantReadError),
    (tlscore.WantWrite, ssl.SSLWantWriteError),
    (tlscore.TransportError, ssl.SSLSyscallError),
    (tlscore.TruncatedError, ssl.SSLEOFError),
    (tlscore.CertificateError, ssl.SSLCertVerificationError),
    (tlscore.CertificateError, ValueError),
    (tlscore.UsageError, ValueError),
    (tlscore.TLSError, ssl.SSLError),
    (tlscore.TLSError, OSError),
]


@pytest.mark.parametrize(("ours", "standard"), STANDARD)
def test_each_is_its_standard_counterpart(
    ours: type[tlscore.TLSError], standard: type[BaseException]
) -> None:
    assert issubclass(ours, standard)


def test_all_derive_from_the_base_and_are_documented() -> None:
    found = 0
    for name in tlscore.__all__:
        thing = getattr(tlscore, name)
        if isinstance(thing, type) and issubclass(thing, BaseException):
            found += 1
            assert issubclass(thing, tlscore.TLSError)
            assert thing.__module__ == "tlscore" and thing.__doc__
    assert found == 12


def test_want_read() -> None:
    with pytest.raises(ssl.SSLWantReadError) as error:
        tlscore.Connection(server_context(), server_side=True).handshake()
    assert isinstance(error.value, tlscore.WantRead)
    assert error.value.errno == ssl.SSL_ERROR_WANT_READ
    assert error.value.name == "WANT_READ" and error.value.number == 0
    assert error.value.family is None and error.value.alert is None


def test_want_write(pair: Pair) -> None:
    pair.client.write(b"x")
    with pytest.raises(ssl.SSLWantWriteError) as error:
        pair.client.write(b"y")
    assert error.value.errno == ssl.SSL_ERROR_WANT_WRITE


def test_errno_library_reason() -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as error:
        Pair(name="another.test")
    assert error.value.errno == ssl.SSL_ERROR_SSL
    assert error.value.library == "TLS"
    assert error.value.reason == "NAME_MISMATCH"
    assert error.value.verify_message
    assert "another.test" in str(error.value)


def test_truncation_has_the_errno_of_eof(pair: Pair) -> None:
    pair.client.feed_eof()
    with pytest.raises(ssl.SSLEOFError) as error:
        pair.client.read()
    assert error.value.errno == ssl.SSL_ERROR_EOF


def test_exceptions_survive_pickling() -> None:
    with pytest.raises(tlscore.CertificateError) as error:
        Pair(server_ctx=server_context("bad-expired"))
    copy = pickle.loads(pickle.dumps(error.value))
    assert type(copy) is tlscore.CertificateError
    assert vars(copy) == vars(error.value) and str(copy) == str(error.value)


def test_unreadable_files_carry_the_errno() -> None:
    import errno

    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Context().add_ca_file(PKI / "no-such-file")
    assert error.value.os_errno == errno.ENOENT


def test_everything_public_has_a_docstring() -> None:
    for cls in (tlscore.Context, tlscore.Connection):
        assert cls.__module__ == "tlscore"
        for name in vars(cls):
            if not name.startswith("_"):
                assert getattr(cls, name).__doc__, f"{cls.__name__}.{name}"
