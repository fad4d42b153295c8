"""Which addresses a target may have."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

EMBEDDED = "sandbox:"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OWN_PORTS = {"https": 443, "http": 80}


def sound_url(value: str) -> str:
    """`value`, if it is an address that a token may be sent to.

    Raises:
        ValueError: it is not.
    """
    parts = urlsplit(value)
    if value == EMBEDDED:
        return value
    # What is refused is not repeated: it may hold a password.
    if "@" in parts.netloc or parts.query or parts.fragment or re.search(r"\s", value):
        raise ValueError("write the bare address, https://HOST, without user, password, query or fragment")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        msg = f'{value!r} is not an address a token may be sent to; use https, http on loopback, or "{EMBEDDED}"'
        raise ValueError(msg)
    _ = parts.port  # raises ValueError for one that cannot be
    return value


def compared(url: str) -> str:
    """`url` as two of them are compared: case, a last slash and the scheme's own port lead nowhere else."""
    parts = urlsplit(url.lower())
    host = parts.netloc.removesuffix(f":{OWN_PORTS.get(parts.scheme)}").removesuffix(":")
    return parts._replace(netloc=host).geturl().rstrip("/")
