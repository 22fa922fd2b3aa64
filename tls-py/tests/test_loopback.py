"""Our client and our server, through feed and drain."""

from __future__ import annotations

import array

import pytest
from conftest import NAME, PKI, Pair, client_context, move, server_context

import tlscore


@pytest.mark.parametrize(
    ("keypair", "cipher", "scheme"),
    [
        ("server-rsa", "ECDHE-RSA-", "rsa_pss_rsae_sha256"),
        ("server-p256", "ECDHE-ECDSA-", "ecdsa_secp256r1_sha256"),
        ("server-ed25519", "ECDHE-ECDSA-", "ed25519"),
    ],
)
def test_handshake_tells_what_was_negotiated(keypair: str, cipher: str, scheme: str) -> None:
    pair = Pair(server_ctx=server_context(keypair))
    for conn in (pair.client, pair.server):
        assert conn.established
        assert conn.version == "TLSv1.2"
        assert conn.cipher is not None and conn.cipher.startswith(cipher)
        assert conn.cipher_bits in (128, 256)
        assert conn.group == "x25519"
        assert conn.scheme == scheme
        assert conn.server_name == NAME
        assert conn.alpn is None
        assert conn.extended_master_secret and conn.secure_renegotiation
        assert not conn.encrypt_then_mac
    assert pair.client.verified and not pair.server.verified
    assert not pair.client.server_side and pair.server.server_side


def test_peer_chain_is_the_certificates_in_der() -> None:
    pair = Pair()
    import ssl

    pem = (PKI / "server-p256.pem").read_text()
    ends = "-----END CERTIFICATE-----"
    sent = [ssl.PEM_cert_to_DER_cert(p.strip() + ends) for p in pem.split(ends) if "BEGIN" in p]
    assert len(sent) == 2 and pair.client.peer_chain_der == sent
    assert pair.client.verified_chain_der[:2] == sent
    assert pair.server.peer_chain_der == [] and pair.server.verified_chain_der == []


def test_before_the_handshake_there_are_no_facts() -> None:
    conn = tlscore.Connection(client_context(), NAME)
    assert not conn.established and not conn.verified
    assert conn.version is conn.cipher is conn.cipher_bits is conn.group is conn.scheme is None
    assert conn.peer_chain_der == [] and conn.pending == 0 and not conn.has_pending


@pytest.mark.parametrize("size", [1, 16384, 16385, 1 << 20])
def test_data_arrives_in_both_directions(pair: Pair, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    for source, target in ((pair.client, pair.server), (pair.server, pair.client)):
        rest, got = memoryview(data), bytearray()
        while len(got) < size:
            if rest:
                rest = rest[source.write(rest) :]
            sealed = source.drain()
            while sealed:
                sealed = sealed[target.feed(sealed) :]
                try:
                    got += target.read(1 << 20)
                except tlscore.WantRead:
                    pass
            while target.pending:
                got += target.read(1 << 20)
        assert bytes(got) == data


def test_byte_by_byte(pair: Pair) -> None:
    assert pair.client.write(b"drop by drop") == 12
    sealed = pair.client.drain()
    for i in range(len(sealed)):
        with pytest.raises(tlscore.WantRead):
            pair.server.read()
        assert pair.server.feed(sealed[i : i + 1]) == 1
    assert pair.server.read() == b"drop by drop"


def test_drain_in_pieces(pair: Pair) -> None:
    pair.client.write(b"x" * 100)
    pieces = []
    while piece := pair.client.drain(7):
        assert len(piece) <= 7
        pieces.append(piece)
    assert pair.client.drain() == b""
    pair.server.feed(b"".join(pieces))
    assert pair.server.read(1000) == b"x" * 100


def test_write_takes_nothing_while_sealed_bytes_wait(pair: Pair) -> None:
    assert pair.client.write(b"first") == 5
    with pytest.raises(tlscore.WantWrite):
        pair.client.write(b"second")
    with pytest.raises(tlscore.WantWrite):
        pair.client.flush()
    move(pair.client, pair.server)
    pair.client.flush()
    assert pair.client.write(b"second") == 6
    move(pair.client, pair.server)
    assert pair.server.read() == b"firstsecond"


@pytest.mark.parametrize(
    "data",
    [b"bytes", bytearray(b"bytes"), memoryview(b"xbytes")[1:], array.array("b", b"bytes")],
    ids=lambda d: type(d).__name__,
)
def test_any_contiguous_buffer_goes_in(pair: Pair, data: bytes) -> None:
    assert pair.client.write(data) == 5
    assert pair.server.feed(memoryview(bytearray(pair.client.drain()))) > 5
    assert pair.server.read() == b"bytes"


def test_read_into_fills_what_it_is_given(pair: Pair) -> None:
    pair.client.write(b"0123456789")
    move(pair.client, pair.server)
    small = bytearray(4)
    assert pair.server.read_into(small) == 4 and small == b"0123"
    assert pair.server.pending == 6
    big = bytearray(b"." * 8)
    assert pair.server.read_into(memoryview(big)[1:]) == 6
    assert big == b".456789."


def test_empty_writes_are_nothing(pair: Pair) -> None:
    assert pair.client.write(b"") == 0
    assert pair.client.drain() == b""


def test_close_is_a_clean_end_and_reading_goes_on(pair: Pair) -> None:
    pair.client.write(b"last words")
    move(pair.client, pair.server)
    # Without a socket the close_notify waits for drain, as everything sealed does.
    with pytest.raises(tlscore.WantWrite):
        pair.client.close()
    move(pair.client, pair.server)
    pair.client.close()
    assert pair.server.read() == b"last words"
    assert pair.server.read() == b"" == pair.server.read()
    assert pair.server.close_received and not pair.server.close_sent
    assert pair.server.write(b"reply") == 5
    move(pair.server, pair.client)
    assert pair.client.read() == b"reply"
    with pytest.raises(tlscore.UsageError, match="CLOSED_FOR_WRITING"):
        pair.client.write(b"more")


def test_bytes_behind_close_notify_come_back(pair: Pair) -> None:
    with pytest.raises(tlscore.WantWrite):
        pair.client.close()
    pair.server.feed(pair.client.drain() + b"plain again")
    assert pair.server.unread() == b""
    assert pair.server.read() == b""
    assert pair.server.unread() == b"plain again"
    assert pair.server.unread() == b""


def test_alpn_is_agreed_on() -> None:
    client, server = client_context(), server_context()
    client.set_alpn(["h2", b"http/1.1", "odd\udcff,"])
    server.set_alpn(["odd\udcff,", "http/1.1"])
    pair = Pair(client, server)
    assert pair.client.alpn == pair.server.alpn == "odd\udcff,"


def test_lists_choose_and_are_readable() -> None:
    client = client_context()
    client.set_cipher_list("ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384")
    client.set_groups("P-384")
    client.set_sigalgs("RSA+SHA256")
    assert client.ciphers == ["ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES256-GCM-SHA384"]
    assert client.groups == ["secp384r1"]
    assert client.sigalgs == ["rsa_pkcs1_sha256"]
    pair = Pair(client, server_context("server-rsa"))
    assert pair.client.cipher in client.ciphers
    assert pair.client.group == "secp384r1"
    assert pair.client.scheme == "rsa_pkcs1_sha256"


def test_setters_concern_later_connections_alone() -> None:
    ctx = client_context()
    before = tlscore.Connection(ctx, NAME)
    ctx.set_groups("P-384")
    server = tlscore.Connection(server_context(), server_side=True)
    from conftest import shake

    shake(before, server)
    assert before.group == "x25519"


def test_one_context_serves_both_roles() -> None:
    ctx = tlscore.Context(tlscore.CLIENT | tlscore.SERVER)
    assert ctx.roles == tlscore.CLIENT | tlscore.SERVER
    ctx.add_ca_mem((PKI / "ca.pem").read_bytes())
    ctx.add_keypair_mem(
        (PKI / "server-p256.pem").read_text(), (PKI / "server-p256.key").read_bytes()
    )
    assert Pair(ctx, ctx).client.verified


def test_compatible_policy_brings_cbc_with_encrypt_then_mac() -> None:
    client, server = client_context(), server_context("server-rsa")
    for ctx in (client, server):
        ctx.set_policy("compatible")
        ctx.set_cipher_list("ECDHE-RSA-AES128-SHA256")
    pair = Pair(client, server)
    assert pair.client.cipher == "ECDHE-RSA-AES128-SHA256"
    assert pair.client.encrypt_then_mac and pair.server.encrypt_then_mac


def test_danger_is_done_only_on_request() -> None:
    ctx = tlscore.Context()
    ctx.add_ca_file(PKI / "other-ca.pem")
    ctx.danger_accept_any_cert()
    pair = Pair(ctx)
    assert pair.client.established and not pair.client.verified
    named = client_context()
    named.danger_accept_any_name()
    assert Pair(named, name="another.test").client.established


def test_a_common_name_is_accepted_only_on_request() -> None:
    ctx = client_context()
    ctx.set_legacy_common_name(True)
    assert Pair(ctx, server_context("name-cn"), "cn.example.test").client.verified
    ctx.set_legacy_common_name(False)
    with pytest.raises(tlscore.CertificateError, match="NAME_MISMATCH"):
        Pair(ctx, server_context("name-cn"), "cn.example.test")
