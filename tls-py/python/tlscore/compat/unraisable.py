"""What callbacks raise where no caller can have it."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from types import SimpleNamespace


def tell(thing: object) -> None:
    """Tells ``sys.unraisablehook`` of the exception that is handled now and came out of thing, as _ssl does: the
    handshake goes on to fail, whatever the hook does."""
    error = sys.exception()
    try:
        _tell(thing, error)
    except (Exception, SystemExit):
        # Of the hook, of the thing's repr(), of sys.stderr.
        with suppress(Exception):
            traceback.print_exc()


def _tell(thing: object, error: BaseException | None) -> None:
    if (hook := sys.unraisablehook) is sys.__unraisablehook__:
        # It takes nothing but what the interpreter itself makes.
        if sys.stderr is not None:
            print(f"Exception ignored in: {_shown(thing)}", file=sys.stderr)
            traceback.print_exception(error)
        return
    told = SimpleNamespace(
        exc_type=type(error),
        exc_value=error,
        exc_traceback=error and error.__traceback__,
        err_msg=None,
        object=thing,
    )
    hook(told)


def _shown(thing: object) -> str:
    try:
        return repr(thing)
    except Exception:
        return "<object repr() failed>"
