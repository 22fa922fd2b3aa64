"""Callbacks whose answers may come later: private keys, verify callbacks, session stores, pre-shared keys, hellos."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from conftest import NAME, PKI, Pair, Peer, client_context, move, server_context, shake

import tlscore

SECRET = bytes(range(32))


def external(keypair: str, sign: Any, decrypt: Any = None) -> tlscore.Context:
    ctx = tlscore.Context(tlscore.SERVER)
    ctx.add_keypair_external((PKI / f"{keypair}.pem").read_text(), sign, decrypt)
    return ctx


def pair_of(client_ctx: tlscore.Context, server_ctx: tlscore.Context) -> tuple[tlscore.Connection, tlscore.Connection]:
    return tlscore.Connection(client_ctx, NAME), tlscore.Connection(server_ctx, server_side=True)


def until_asked(client: tlscore.Connection, server: tlscore.Connection) -> None:
    """Runs the handshake until one side waits for the program."""
    for _ in range(10):
        for conn, peer in ((client, server), (server, client)):
            try:
                conn.handshake()
            except tlscore.WantApp:
                return
            except (tlscore.WantRead, tlscore.WantWrite):
                pass
            move(conn, peer)
    pytest.fail("nobody asks")


class Signer:
    """A key elsewhere: signs with the cryptography package."""

    def __init__(self, keypair: str) -> None:
        serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
        self.key = serialization.load_pem_private_key((PKI / f"{keypair}.key").read_bytes(), None)
        self.schemes: list[str] = []

    def __call__(self, scheme: str, message: bytes, pending: tlscore.Pending) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding

        self.schemes.append(scheme)
        assert pending.kind == "signature" and not pending.answered
        sha = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}[scheme[-3:]]()
        if scheme.startswith("ecdsa"):
            return bytes(self.key.sign(message, ec.ECDSA(sha)))  # type: ignore[union-attr, call-arg, arg-type]
        pss = padding.PSS(padding.MGF1(sha), sha.digest_size)
        kind = pss if "pss" in scheme else padding.PKCS1v15()
        return bytes(self.key.sign(message, kind, sha))  # type: ignore[union-attr, call-arg, arg-type]

    def decrypt(self, ciphertext: bytes, pending: tlscore.Pending) -> bytes:
        numbers = self.key.private_numbers()  # type: ignore[union-attr]
        n = numbers.public_numbers.n  # type: ignore[union-attr]
        plain = pow(int.from_bytes(ciphertext, "big"), numbers.d, n)  # type: ignore[union-attr]
        return plain.to_bytes((n.bit_length() + 7) // 8, "big")


# Private keys


@pytest.mark.parametrize(
    ("keypair", "scheme"),
    [("server-p256", "ecdsa_secp256r1_sha256"), ("server-rsa", "rsa_pss_rsae_sha256"), ("server-p384", "ecdsa_secp256r1_sha256")],
)
def test_a_key_elsewhere_signs_with_the_scheme_that_was_agreed_on(keypair: str, scheme: str) -> None:
    sign = Signer(keypair)
    pair = Pair(server_ctx=external(keypair, sign))
    assert sign.schemes == [scheme] == [pair.client.scheme]


def test_a_key_elsewhere_decrypts() -> None:
    key = Signer("server-rsa")
    server_ctx, client_ctx = external("server-rsa", key, key.decrypt), client_context()
    for ctx in (server_ctx, client_ctx):
        ctx.set_policy("legacy")
        ctx.set_cipher_list("AES128-GCM-SHA256")
    assert Pair(client_ctx, server_ctx).client.cipher == "AES128-GCM-SHA256"


def test_a_signature_comes_later() -> None:
    sign, asked = Signer("server-p256"), list[Any]()

    def keep(*question: Any) -> Any:
        asked.append(question)
        return question[-1]

    client, server = pair_of(client_context(), external("server-p256", keep))
    until_asked(client, server)
    with pytest.raises(tlscore.WantApp):
        server.handshake()
    woken: list[int] = []
    server.set_wake(lambda: woken.append(threading.get_ident()))
    scheme, message, pending = asked.pop()
    answerer = Peer(lambda: (pending.answer(sign(scheme, message, pending)), threading.get_ident())[1])
    assert [answerer.join()] == woken
    shake(client, server)
    server.set_wake(lambda: woken.append(0))
    assert woken[1:] == [0], "what was answered before is told at once"
    with pytest.raises(tlscore.UsageError, match="WRONG_ORDER"):
        pending.answer(b"again")
    assert pending.answered and repr(pending) == "<tlscore.Pending signature answered>"


def test_a_blocking_socket_waits_for_the_answer(sockets: tuple[socket.socket, socket.socket]) -> None:
    sign = Signer("server-p256")

    def later(scheme: str, message: bytes, pending: tlscore.Pending) -> tlscore.Pending:
        threading.Timer(0.05, lambda: pending.answer(sign(scheme, message, pending))).start()
        return pending

    left, right = sockets
    right.settimeout(None)
    server = tlscore.Connection(external("server-p256", later), server_side=True, sock=right)
    peer = Peer(server.handshake)
    client = tlscore.Connection(client_context(), NAME, sock=left)
    client.write(b"hello")
    peer.join()
    assert server.read() == b"hello"


def test_a_timeout_ends_the_wait_for_an_answer(sockets: tuple[socket.socket, socket.socket]) -> None:
    kept: list[Any] = []
    ctx = external("server-p256", lambda *question: kept.append(question) or question[-1])
    sockets[1].settimeout(0.2)
    server = tlscore.Connection(ctx, server_side=True, sock=sockets[1])
    client = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    sockets[0].settimeout(0)
    with pytest.raises(tlscore.WantRead):
        client.handshake()
    with pytest.raises(TimeoutError, match="handshake operation timed out"):
        server.handshake()


def refusing_key(sign: Any) -> tlscore.TLSError:
    client, server = pair_of(client_context(), external("server-p256", sign))
    with pytest.raises(tlscore.TLSError) as caught:
        shake(client, server)
    return caught.value


def test_a_key_that_fails_says_why() -> None:
    def fail(scheme: str, message: bytes, pending: tlscore.Pending) -> tlscore.Pending:
        pending.fail("the token is gone")
        return pending

    error = refusing_key(fail)
    assert error.name == "SIGNING_FAILED" and "the token is gone" in error.text


def test_nobody_is_left_who_could_answer() -> None:
    client, server = pair_of(client_context(), external("server-p256", lambda s, m, pending: pending))
    gc.collect()
    with pytest.raises(tlscore.UsageError, match="CALLBACK_MISBEHAVED"):
        shake(client, server)


@pytest.mark.parametrize("value", [None, "text", 7, b""])
def test_what_is_no_signature_is_a_type_error(value: object) -> None:
    client, server = pair_of(client_context(), external("server-p256", lambda *_: value))
    with pytest.raises(TypeError, match="a sign callback returns bytes"):
        shake(client, server)
    with pytest.raises(tlscore.TLSError, match="SIGNING_FAILED"):
        server.handshake()


def raises(*_: Any) -> Any:
    raise LookupError("raised on purpose")


def test_what_a_key_raises_comes_out_with_its_traceback() -> None:
    client, server = pair_of(client_context(), external("server-p256", raises))
    with pytest.raises(LookupError, match="raised on purpose") as caught:
        shake(client, server)
    assert [entry.name for entry in caught.traceback][-1] == "raises"


def test_a_wrong_signature_is_found_by_the_client() -> None:
    assert refusing_key(lambda *_: b"no signature").name == "BAD_SIGNATURE"


@pytest.mark.parametrize("setter", ["set_verify_callback", "set_hello_callback", "set_trace"])
def test_a_callback_is_callable(setter: str) -> None:
    with pytest.raises(TypeError, match="not callable"):
        getattr(client_context(), setter)(7)


def test_every_function_of_a_key_and_a_store_is_callable() -> None:
    for wrong in ((7,), (print, 7)):
        with pytest.raises(TypeError, match="not callable"):
            external("server-p256", *wrong)
    for store in ((7, print), (print, 7), (print, print, 7)):
        with pytest.raises(TypeError, match="not callable"):
            server_context().set_session_store(*store)


# Verify callbacks


def test_a_verify_callback_sees_the_path() -> None:
    seen: list[tlscore.Review] = []
    ctx = client_context()
    ctx.set_verify_callback(seen.append)
    pair = Pair(ctx)
    (review,) = seen
    assert (review.peer, review.name, review.error) == ("server", NAME, None)
    assert review.chain == pair.client.peer_chain and review.path == pair.client.verified_chain
    assert review.ocsp_response is None and repr(review) == "<tlscore.Review of a server: good>"


def test_a_verify_callback_sees_why() -> None:
    seen: list[tlscore.Review] = []
    ctx = client_context("other-ca")
    ctx.set_verify_callback(seen.append)
    client, server = pair_of(ctx, server_context())
    with pytest.raises(tlscore.CertificateError, match="UNKNOWN_CA"):
        shake(client, server)
    assert isinstance(seen[0].error, tlscore.CertificateError) and seen[0].path == []
    assert seen[0].error.name == "UNKNOWN_CA"


@pytest.mark.parametrize(("answer", "text"), [(False, "refused the certificate"), ("not this one", "not this one")])
def test_a_verify_callback_refuses(answer: object, text: str) -> None:
    ctx = client_context()
    ctx.set_verify_callback(lambda review: answer)  # type: ignore[arg-type, return-value]
    client, server = pair_of(ctx, server_context())
    with pytest.raises(tlscore.CertificateError, match=text) as caught:
        shake(client, server)
    assert caught.value.name == "CERTIFICATE_VERIFY_FAILED"


def test_true_does_not_accept_what_was_refused() -> None:
    ctx = client_context("other-ca")
    ctx.set_verify_callback(lambda review: True)
    with pytest.raises(tlscore.CertificateError, match="UNKNOWN_CA"):
        Pair(ctx)


def test_danger_accepts_what_was_refused_and_calls_nothing_verified() -> None:
    ctx = client_context("other-ca")
    ctx.set_verify_callback(lambda review: review.pending.danger_accept_peer())  # type: ignore[func-returns-value]
    pair = Pair(ctx)
    assert pair.client.established and not pair.client.verified


def test_an_exception_wins_over_an_answer_before_it() -> None:
    def accept_and_raise(review: tlscore.Review) -> None:
        review.pending.danger_accept_peer()
        raises()

    ctx = client_context("other-ca")
    ctx.set_verify_callback(accept_and_raise)
    client, server = pair_of(ctx, server_context())
    with pytest.raises(LookupError):
        shake(client, server)
    with pytest.raises(tlscore.CertificateError, match="the verify callback raised LookupError"):
        client.handshake()


def test_a_verdict_comes_later() -> None:
    kept: list[tlscore.Review] = []
    ctx = client_context()
    ctx.set_verify_callback(lambda review: kept.append(review) or review.pending)  # type: ignore[func-returns-value]
    client, server = pair_of(ctx, server_context())
    until_asked(client, server)
    with pytest.raises(TypeError, match="a verify callback returns"):
        kept[0].pending.answer(b"bytes")
    assert not kept[0].pending.answered
    kept[0].pending.answer(None)
    shake(client, server)
    assert client.verified


def test_a_verify_callback_of_a_connection_and_of_a_server() -> None:
    seen: list[str] = []
    client_ctx, server_ctx = client_context(), server_context()
    client_ctx.add_keypair_file(PKI / "client-p256.pem", PKI / "client-p256.key")
    server_ctx.add_ca_file(PKI / "ca.pem")
    server_ctx.set_client_auth("require")
    server_ctx.set_verify_callback(lambda review: seen.append(review.peer))  # type: ignore[func-returns-value]
    client, server = pair_of(client_ctx, server_ctx)
    client.set_verify_callback(lambda review: seen.append(review.peer))  # type: ignore[func-returns-value]
    shake(client, server)
    assert seen == ["server", "client"]
    client, server = pair_of(client_ctx, server_ctx)
    server.set_verify_callback(None)
    shake(client, server)
    assert seen == ["server", "client"]


def test_only_a_verify_callback_can_accept_a_peer() -> None:
    def accept(scheme: str, message: bytes, pending: tlscore.Pending) -> None:
        pending.danger_accept_peer()

    client, server = pair_of(client_context(), external("server-p256", accept))
    with pytest.raises(tlscore.UsageError, match="not about a peer"):
        shake(client, server)


# Session stores


class Store(dict[bytes, bytes]):
    """In memory; its answers are kept back where `late`."""

    def __init__(self, late: bool = False) -> None:
        self.late, self.asked = late, list[tuple[bytes, tlscore.Pending]]()

    def find(self, id: bytes, pending: tlscore.Pending) -> Any:
        self.asked.append((id, pending))
        return pending if self.late else self.get(id)

    def keep(self, id: bytes, value: bytes, lifetime: int) -> None:
        assert len(id) == 32 and lifetime > 0
        self[id] = value

    def forget(self, id: bytes) -> None:
        self.pop(id, None)


def stored(store: Store) -> tuple[tlscore.Context, tlscore.Context]:
    server_ctx = server_context()
    server_ctx.set_tickets(False)
    server_ctx.set_session_store(store.find, store.keep, store.forget)
    return client_context(), server_ctx


def test_a_store_resumes() -> None:
    store = Store()
    contexts = stored(store)
    assert not Pair(*contexts).client.resumed
    assert len(store) == 1 and not store.asked
    assert Pair(*contexts).client.resumed


def test_a_store_answers_later() -> None:
    store = Store(late=True)
    contexts = stored(store)
    Pair(*contexts)
    client, server = pair_of(*contexts)
    until_asked(client, server)
    id, pending = store.asked.pop()
    assert pending.kind == "session"
    pending.answer(store[id])
    shake(client, server)
    assert client.resumed


@pytest.mark.parametrize("end", [lambda p: p.answer(None), lambda p: p.fail("gone"), lambda p: p.answer(b"rubbish")])
def test_a_store_without_the_session_costs_a_full_handshake(end: Callable[[tlscore.Pending], None]) -> None:
    store = Store(late=True)
    contexts = stored(store)
    Pair(*contexts)
    client, server = pair_of(*contexts)
    until_asked(client, server)
    end(store.asked.pop()[1])
    shake(client, server)
    assert client.established and not client.resumed


def test_a_store_that_forgets_its_question_costs_a_full_handshake() -> None:
    store = Store(late=True)
    contexts = stored(store)
    Pair(*contexts)
    client, server = pair_of(*contexts)
    until_asked(client, server)
    store.asked.clear()
    shake(client, server)
    assert not client.resumed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_store_that_raises_costs_a_full_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(args.exc_type))
    server_ctx = server_context()
    server_ctx.set_tickets(False)
    keep: dict[bytes, bytes] = {}
    server_ctx.set_session_store(raises, lambda id, value, _: keep.update({id: value}))
    client_ctx = client_context()
    Pair(client_ctx, server_ctx)
    assert keep and not told
    assert not Pair(client_ctx, server_ctx).client.resumed
    server_ctx.set_session_store(lambda id, pending: 7, raises)  # type: ignore[arg-type, return-value]
    Pair(client_ctx, server_ctx)
    assert told == [LookupError, TypeError, LookupError] or told == [LookupError, LookupError, LookupError]


# Pre-shared keys


def psk_contexts(client: Any, server: Any) -> tuple[tlscore.Context, tlscore.Context]:
    contexts = tlscore.Context(), tlscore.Context(tlscore.SERVER)
    for ctx in contexts:
        ctx.set_policy("legacy")
        ctx.set_cipher_list("aPSK")
    contexts[0].set_psk_callbacks(client=client)
    contexts[1].set_psk_callbacks(server=server)
    return contexts


def psk_pair(client_ctx: tlscore.Context, server_ctx: tlscore.Context) -> tuple[tlscore.Connection, tlscore.Connection]:
    return tlscore.Connection(client_ctx), tlscore.Connection(server_ctx, server_side=True)


def test_pre_shared_keys() -> None:
    contexts = tlscore.Context(), tlscore.Context(tlscore.SERVER)
    for ctx in contexts:
        ctx.set_policy("compatible")
        ctx.set_cipher_list("aPSK")
        ctx.set_psk(b"me", SECRET)
    client, server = psk_pair(*contexts)
    shake(client, server)
    assert client.cipher is not None and "PSK" in client.cipher


def test_functions_look_keys_up() -> None:
    asked: list[tuple[str, bytes]] = []

    def client_key(hint: bytes, pending: tlscore.Pending) -> tuple[bytes, bytes]:
        asked.append(("client", hint))
        return b"me", SECRET

    def server_key(identity: bytes, pending: tlscore.Pending) -> bytes:
        asked.append(("server", identity))
        return SECRET

    contexts = psk_contexts(client_key, server_key)
    contexts[1].set_psk_hint(b"which one")
    shake(*psk_pair(*contexts))
    assert asked == [("client", b"which one"), ("server", b"me")]


def test_who_connected() -> None:
    client, server = psk_pair(*psk_contexts(lambda *_: (b"a\xff", SECRET), lambda *_: SECRET))
    assert client.psk_identity is None and server.psk_identity is None
    shake(client, server)
    assert client.psk_identity == server.psk_identity == b"a\xff"
    assert Pair().server.psk_identity is None


def test_a_pre_shared_key_comes_later() -> None:
    kept: list[tlscore.Pending] = []
    client, server = psk_pair(*psk_contexts(lambda *_: (b"me", SECRET), lambda _, pending: kept.append(pending) or pending))
    until_asked(client, server)
    for wrong in (b"", "text", (b"me",), (b"me", "text")):
        with pytest.raises(TypeError):
            kept[0].answer(wrong)
    for long in (bytes(1025), (bytes(1025), SECRET)):
        with pytest.raises(tlscore.UsageError, match="at most 1024 bytes, not 1025"):
            kept[0].answer(long)
    kept[0].answer(SECRET)
    shake(client, server)


@pytest.mark.parametrize(
    ("client", "server", "name"),
    [
        (lambda *_: None, lambda *_: SECRET, "PSK"),
        (lambda *_: (b"me", SECRET), lambda *_: bytes(32), "BAD_RECORD_MAC"),
        (lambda *_: (b"me", SECRET), lambda *_: None, "PSK|BAD_RECORD_MAC"),
    ],
)
def test_a_pre_shared_key_that_is_missing_or_wrong(client: Any, server: Any, name: str) -> None:
    with pytest.raises(tlscore.TLSError, match=name):
        shake(*psk_pair(*psk_contexts(client, server)))


def test_what_a_psk_callback_raises_comes_out() -> None:
    with pytest.raises(LookupError):
        shake(*psk_pair(*psk_contexts(raises, raises)))


@pytest.mark.parametrize("arguments", [(bytes(1025), SECRET), (b"me", b""), (b"me", bytes(1025))])
def test_a_pre_shared_key_has_bounds(arguments: tuple[bytes, bytes]) -> None:
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        tlscore.Context().set_psk(*arguments)
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        tlscore.Context().set_psk_hint(bytes(1025))


# ClientHellos


def test_a_decision_on_a_hello_comes_later() -> None:
    kept: list[tlscore.ClientHello] = []
    ctx = server_context()
    ctx.set_hello_callback(lambda hello: kept.append(hello) or hello.pending)  # type: ignore[func-returns-value]
    client, server = pair_of(client_context(), ctx)
    until_asked(client, server)
    kept[0].pending.answer(server_context("server-rsa"))
    shake(client, server)
    assert client.cipher is not None and "RSA" in client.cipher
    client, server = pair_of(client_context(), ctx)
    until_asked(client, server)
    kept[1].pending.answer(40)
    with pytest.raises(tlscore.IncompatibleError, match="CONNECTION_REJECTED") as caught:
        shake(client, server)
    assert caught.value.alert == 40


def test_nothing_was_asked() -> None:
    with pytest.raises(tlscore.UsageError, match="WRONG_ORDER"):
        Pair().server.set_wake(print)
