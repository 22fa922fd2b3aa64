"""What is refused, and that the exception says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NAME, PKI, Pair, client_context, move, server_context, shake

import tlscore


def refused(
    client_ctx: tlscore.Context, server_ctx: tlscore.Context, name: str = NAME
) -> tuple[tlscore.TLSError, tlscore.TLSError]:
    """Runs a handshake that fails: the error of the side that refuses, and what its peer says."""
    client = tlscore.Connection(client_ctx, name)
    server = tlscore.Connection(server_ctx, server_side=True)
    with pytest.raises(tlscore.TLSError) as first:
        shake(client, server)
    errors = []
    for conn, peer in ((client, server), (server, client)):
        try:
            conn.handshake()
        except tlscore.WantRead:
            move(peer, conn)
            with pytest.raises(tlscore.TLSError) as other:
                conn.handshake()
            assert other.value is not first.value
            errors.append(other.value)
        except tlscore.TLSError as error:
            # For ever the same.
            assert str(error) == str(first.value)
    assert len(errors) == 1
    return first.value, errors[0]


@pytest.mark.parametrize(
    ("keypair", "name", "reason", "number", "alert"),
    [
        ("server-p256", "another.test", "NAME_MISMATCH", 606, "bad_certificate"),
        ("server-p256", "192.0.2.77", "NAME_MISMATCH", 606, "bad_certificate"),
        ("bad-name", NAME, "NAME_MISMATCH", 606, "bad_certificate"),
        ("bad-untrusted", NAME, "UNKNOWN_CA", 605, "unknown_ca"),
        ("bad-expired", NAME, "CERTIFICATE_EXPIRED", 603, "certificate_expired"),
        ("bad-not-yet", NAME, "CERTIFICATE_NOT_YET_VALID", 604, "certificate_expired"),
        ("bad-eku", NAME, "WRONG_KEY_USAGE", 607, "unsupported_certificate"),
    ],
)
def test_bad_certificates(keypair: str, name: str, reason: str, number: int, alert: str) -> None:
    ours, theirs = refused(client_context(), server_context(keypair), name)
    assert isinstance(ours, tlscore.CertificateError)
    assert (ours.name, ours.number, ours.family) == (reason, number, "certificate")
    assert ours.verify_code == number and ours.verify_message == ours.text != ""
    assert ours.alert_name == alert and ours.alert_sent is True
    assert str(ours) == f"{reason}: {ours.text}"
    assert isinstance(theirs, tlscore.AlertError)
    assert theirs.alert == ours.alert and theirs.alert_sent is False
    assert theirs.name == "ALERT_RECEIVED"


def test_no_name_to_verify_fails_closed() -> None:
    conn = tlscore.Connection(client_context())
    for _ in range(2):
        with pytest.raises(tlscore.UsageError, match="NO_SERVER_NAME"):
            conn.handshake()
    with pytest.raises(tlscore.UsageError, match="NO_SERVER_NAME"):
        conn.drain()  # not even an alert


@pytest.mark.parametrize("name", ["", "a b", "-", "exa mple.test", "x" * 300, "a\0b"])
def test_bad_names(name: str) -> None:
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Connection(client_context(), name)
    assert error.value.name in ("BAD_SERVER_NAME", "NO_SERVER_NAME")


def test_a_server_needs_a_keypair() -> None:
    with pytest.raises(tlscore.UsageError, match="NO_KEYPAIR"):
        tlscore.Connection(tlscore.Context(tlscore.SERVER), server_side=True)


def test_roles_are_kept_apart() -> None:
    with pytest.raises(tlscore.UsageError, match="WRONG_ROLE"):
        tlscore.Connection(client_context(), server_side=True)
    with pytest.raises(tlscore.UsageError, match="WRONG_ROLE"):
        tlscore.Connection(server_context(), NAME)
    with pytest.raises(tlscore.UsageError, match="server_hostname"):
        tlscore.Connection(server_context(), NAME, server_side=True)


@pytest.mark.parametrize("roles", [0, 4, 7, -1])
def test_roles_must_make_sense(roles: int) -> None:
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        tlscore.Context(roles)


def test_no_suite_in_common() -> None:
    client, server = client_context(), server_context()
    client.set_cipher_list("ECDHE-ECDSA-AES128-GCM-SHA256")
    server.set_cipher_list("ECDHE-ECDSA-AES256-GCM-SHA384")
    ours, theirs = refused(client, server)
    assert isinstance(ours, tlscore.IncompatibleError) and ours.name == "NO_SHARED_CIPHER"
    assert theirs.alert == 40 and theirs.alert_name == "handshake_failure"


def test_no_protocol_in_common() -> None:
    client, server = client_context(), server_context()
    client.set_alpn(["h2"])
    server.set_alpn(["http/1.1"])
    ours, theirs = refused(client, server)
    assert isinstance(ours, tlscore.IncompatibleError) and ours.name == "NO_APPLICATION_PROTOCOL"
    assert theirs.alert == 120


@pytest.mark.parametrize("cut", ["before", "within"])
def test_truncation_is_never_a_clean_end(pair: Pair, cut: str) -> None:
    pair.client.write(b"all of it")
    sealed = pair.client.drain()
    if cut == "within":
        pair.server.feed(sealed[:-1])
    pair.server.feed_eof()
    for _ in range(2):
        with pytest.raises(tlscore.TruncatedError) as error:
            pair.server.read()
        assert error.value.name == "TRUNCATED" and error.value.family == "transport"
        assert error.value.alert is None


def test_end_of_file_in_the_handshake() -> None:
    conn = tlscore.Connection(client_context(), NAME)
    conn.feed_eof()
    with pytest.raises(tlscore.TruncatedError, match="EOF_IN_HANDSHAKE"):
        conn.handshake()


def test_end_of_file_behind_close_notify_is_clean(pair: Pair) -> None:
    with pytest.raises(tlscore.WantWrite):
        pair.client.close()
    move(pair.client, pair.server)
    pair.server.feed_eof()
    assert pair.server.read() == b""


def test_one_changed_bit_ends_the_connection(pair: Pair) -> None:
    pair.client.write(b"pay 10")
    sealed = bytearray(pair.client.drain())
    sealed[-1] ^= 1
    pair.server.feed(sealed)
    for _ in range(2):
        with pytest.raises(tlscore.ProtocolError) as error:
            pair.server.read()
        assert error.value.name == "BAD_RECORD_MAC" and error.value.alert == 20
    with pytest.raises(tlscore.ProtocolError, match="BAD_RECORD_MAC"):
        pair.server.write(b"more")
    move(pair.server, pair.client)
    with pytest.raises(tlscore.AlertError) as theirs:
        pair.client.read()
    assert theirs.value.alert_name == "bad_record_mac" and theirs.value.alert_sent is False


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"GET / HTTP/1.1\r\n\r\n", "HTTP_REQUEST"), (b"\x00" * 64, "WRONG_VERSION_NUMBER")],
)
def test_what_is_not_tls(data: bytes, reason: str) -> None:
    server = tlscore.Connection(server_context(), server_side=True)
    server.feed(data)
    with pytest.raises(tlscore.ProtocolError) as error:
        server.handshake()
    assert error.value.name == reason and error.value.family == "malformed"


def test_unknown_words_are_named() -> None:
    ctx = client_context()
    before = ctx.ciphers, ctx.groups, ctx.sigalgs
    cases: list[tuple[Callable[[str], None], str, str]] = [
        (ctx.set_policy, "lax", "BAD_POLICY_NAME"),
        (ctx.set_cipher_list, "ECDHE-RSA-ROT13", "BAD_CIPHER_LIST"),
        (ctx.set_groups, "curve25518", "BAD_GROUP_LIST"),
        (ctx.set_sigalgs, "RSA+CRC32", "BAD_SCHEME_LIST"),
        (ctx.set_cipher_list, "AES128-SHA", "REFUSED_BY_POLICY"),
    ]
    for setter, word, reason in cases:
        with pytest.raises(tlscore.UsageError) as error:
            setter(word)
        assert error.value.name == reason
        assert word in error.value.text
    assert (ctx.ciphers, ctx.groups, ctx.sigalgs) == before


@pytest.mark.parametrize("protocols", [[""], ["x" * 256], [b""]])
def test_bad_alpn(protocols: list[str | bytes]) -> None:
    with pytest.raises(tlscore.UsageError, match="BAD_ALPN_LIST"):
        client_context().set_alpn(protocols)


def test_a_string_is_no_list_of_protocols() -> None:
    with pytest.raises(TypeError):
        client_context().set_alpn("h2")


def test_files_that_do_not_serve(tmp_path: Path) -> None:
    ctx = tlscore.Context(tlscore.CLIENT | tlscore.SERVER)
    empty = tmp_path / "empty.pem"
    empty.write_bytes(b"")
    missing = tmp_path / "missing.pem"
    cert, key = PKI / "server-p256.pem", PKI / "server-p256.key"
    cases: list[tuple[Callable[[], None], set[str], Path | None]] = [
        (lambda: ctx.add_ca_file(missing), {"FILE_UNREADABLE"}, missing),
        (lambda: ctx.add_ca_file(empty), {"BAD_PEM", "BAD_CERTIFICATE_FILE"}, empty),
        (lambda: ctx.add_ca_dir(missing), {"FILE_UNREADABLE"}, missing),
        (lambda: ctx.add_keypair_file(cert, missing), {"FILE_UNREADABLE"}, missing),
        (lambda: ctx.add_keypair_file(cert, PKI / "server-rsa.key"), {"KEY_MISMATCH"}, None),
        (lambda: ctx.add_keypair_file(empty, key), {"BAD_PEM", "BAD_CERTIFICATE_FILE"}, empty),
        (lambda: ctx.add_ca_mem(b"rubbish"), {"BAD_PEM", "BAD_CERTIFICATE_FILE"}, None),
        (lambda: ctx.add_keypair_mem(cert.read_bytes()), {"BAD_PRIVATE_KEY", "BAD_PEM"}, None),
    ]
    for call, reasons, path in cases:
        with pytest.raises(tlscore.UsageError) as error:
            call()
        assert error.value.name in reasons, error.value
        assert path is None or str(path) in error.value.text


@pytest.mark.parametrize("data", ["text", 7, None, memoryview(b"abcdef")[::2]])
def test_what_is_no_contiguous_buffer(pair: Pair, data: bytes) -> None:
    for verb in (pair.client.write, pair.client.feed):
        with pytest.raises((TypeError, BufferError)):
            verb(data)


def test_reading_needs_room(pair: Pair) -> None:
    with pytest.raises(TypeError, match="read-write"):
        pair.client.read_into(b"constant")
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        pair.client.read_into(bytearray())
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        pair.client.read(0)
    with pytest.raises(OverflowError):
        pair.client.read(-1)
    with pytest.raises(OverflowError):
        pair.client.drain(-1)


def test_a_buffer_cannot_shrink_while_it_is_read_into(pair: Pair) -> None:
    room = bytearray(16)
    with pytest.raises(tlscore.WantRead):
        pair.client.read_into(room)
    room.clear()  # released again: no BufferError
