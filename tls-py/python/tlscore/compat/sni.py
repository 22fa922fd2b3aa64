"""The ``sni_callback`` of a context."""

from __future__ import annotations

import operator
import ssl
import threading
from typing import TYPE_CHECKING, Any

from .._native import ClientHello, Context
from .unraisable import tell

if TYPE_CHECKING:
    import weakref

    from .context import SSLContext
    from .inner import Inner

_INTERNAL_ERROR = 80

_running = threading.local()
"""Which connection's handshake this thread runs: the callback is told, and may choose its context."""


def is_asked(inner: Inner) -> bool:
    """Whether this thread runs its handshake: a callback of the context is what asks."""
    return getattr(_running, "inner", None) is inner


class running:
    """``with running(inner)``: what it does may call the callback of its context."""

    def __init__(self, inner: Inner) -> None:
        self._inner = inner

    def __enter__(self) -> None:
        self._before = getattr(_running, "inner", None)
        _running.inner = self._inner

    def __exit__(self, *_: object) -> None:
        _running.inner = self._before


class Sni:
    """Keeps the callback, and asks it."""

    def __init__(self, context: weakref.ref[SSLContext], native: Context) -> None:
        self._context, self._native = context, native
        self.callback: Any = None
        native.keep_offers()

    def set(self, callback: Any) -> None:
        """The callback; None: nobody is asked."""
        self.callback = callback
        if callback is None:
            self._native.keep_offers()
        else:
            # The context must not be kept by what it keeps: no collector sees through it.
            self._native.set_hello_callback(_Ask(self._context))


class _Ask:
    def __init__(self, context: weakref.ref[SSLContext]) -> None:
        self._context = context

    def __call__(self, hello: ClientHello) -> Context | int | None:
        context, inner = self._context(), getattr(_running, "inner", None)
        if context is None or inner is None:
            return _INTERNAL_ERROR
        callback = context._sni.callback
        if callback is None:
            return None
        try:
            answer = callback(inner.owner, hello.server_name, context)
        except (Exception, SystemExit):
            # As _ssl does: the peer is told, the program finds it in the hook.
            tell(callback)
            return int(ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE)
        if answer is not None:
            return _alert(answer, callback)
        chosen = inner.context
        if chosen is context:
            return None
        chosen._check_choice(*inner.asks)
        native: Context = chosen._native
        return native


def _alert(answer: object, callback: object) -> int:
    try:
        return operator.index(answer) & 0xFF  # type: ignore[arg-type]
    except Exception:
        tell(callback)
        return int(ssl.ALERT_DESCRIPTION_INTERNAL_ERROR)
