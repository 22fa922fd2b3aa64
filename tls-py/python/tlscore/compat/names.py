"""Host names as callers give them."""

from __future__ import annotations

import ipaddress


def is_address(name: str) -> bool:
    """Whether it is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def checked(name: str | None) -> str | None:
    """What ssl's _wrap_socket and _wrap_bio take: ASCII, neither empty nor with a leading dot."""
    if name is None:
        return None
    if not name or name.startswith("."):
        raise ValueError("server_hostname cannot be an empty string or start with a leading dot.")
    if "\0" in name:
        raise TypeError("embedded null character")
    return name
