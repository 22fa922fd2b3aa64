"""What callbacks raise where no caller can have it."""

from __future__ import annotations

import sys
import traceback
from types import SimpleNamespace


def tell(thing: object) -> None:
    """Tells ``sys.unraisablehook`` of the exception that is handled now and came out of thing, as _ssl does: the
    handshake goes on to fail, whatever the hook does."""
    error, hook = sys.exception(), sys.unraisablehook
    if hook is sys.__unraisablehook__:
        # It takes nothing but what the interpreter itself makes.
        if sys.stderr is not None:
            print(f"Exception ignored in: {thing!r}", file=sys.stderr)
            traceback.print_exception(error)
        return
    told = SimpleNamespace(
        exc_type=type(error),
        exc_value=error,
        exc_traceback=error and error.__traceback__,
        err_msg=None,
        object=thing,
    )
    try:
        hook(told)
    except Exception:
        traceback.print_exc()
