"""The ssl module's interface over tlscore: ``from tlscore import compat as ssl``.

``SSLContext`` is a subclass of ``ssl.SSLContext``, and what its ``wrap_socket()`` and ``wrap_bio()`` return are
``ssl.SSLSocket`` and ``ssl.SSLObject``: programs that take an ssl context take this one::

    import urllib.request
    from tlscore import compat

    urllib.request.urlopen("https://example.com", context=compat.create_default_context())

Exceptions are the ssl module's, with its errno, library and reason; their ``__cause__`` is tlscore's, which
says more. Constants and helpers that need no cryptography are those of the ssl module itself.

What tlscore does not do raises; what it accepts without doing anything is in ``ACCEPTED``, by name and
with the reason. ``DONE`` and ``REFUSED`` have the other options and flags.
"""

from .accepted import ACCEPTED, DONE, REFUSED
from .constants import constants
from .context import SSLContext
from .defaults import (
    _create_unverified_context,
    create_default_context,
    get_server_certificate,
)
from .inner import CHANNEL_BINDING_TYPES, SSLSession
from .socket import SSLObject, SSLSocket

globals().update(constants())
del constants

SSLContext.sslsocket_class = SSLSocket
SSLContext.sslobject_class = SSLObject

_create_default_https_context = create_default_context
_create_stdlib_context = _create_unverified_context
