# What the ssl module has and does not differ comes from its own stub.
from ssl import *

from .accepted import ACCEPTED as ACCEPTED
from .accepted import DONE as DONE
from .accepted import REFUSED as REFUSED
from .constants import HAS_PSK as HAS_PSK
from .context import SSLContext as SSLContext
from .defaults import _create_unverified_context as _create_unverified_context
from .defaults import (  # type: ignore[assignment]
    create_default_context as create_default_context,
)
from .defaults import get_server_certificate as get_server_certificate
from .inner import CHANNEL_BINDING_TYPES as CHANNEL_BINDING_TYPES
from .inner import SSLSession as SSLSession  # type: ignore[assignment]
from .socket import SSLObject as SSLObject
from .socket import SSLSocket as SSLSocket

_create_default_https_context = create_default_context
_create_stdlib_context = _create_unverified_context
