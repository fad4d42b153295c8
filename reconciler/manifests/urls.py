"""Which addresses a target may have."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

EMBEDDED = "sandbox:"
"""The address of the stand-in for the vendor that a command serves for as long as it runs."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OWN_PORTS = {"https": 443, "http": 80}
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""The last label of a host that is taken for an IPv4 address, however it is written."""
PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~+-]+)*/?")


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
    # What could be written in another way would be another account by that.
    if not _plain(parts.hostname):
        raise ValueError("write the host in letters, digits and hyphens, without a dot at its end")
    if not PATH.fullmatch(parts.path):
        raise ValueError("write the path in letters, digits and hyphens, without empty, . or .. parts")
    return value


def _plain(host: str) -> bool:
    """Whether `host`, in small letters, can be written in no other way."""
    if ":" not in host and not NUMBER.fullmatch(host.rpartition(".")[2]):
        return HOST.fullmatch(host) is not None
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False


def server(url: str) -> str:
    """Which server `url` leads to, as far as it tells: paths are not looked at, and names of loopback are one."""
    parts = urlsplit(compared(url))
    port = parts.port or OWN_PORTS.get(parts.scheme)
    return f"loopback:{port}" if parts.hostname in LOOPBACK else f"{parts.hostname or parts.scheme}:{port}"


def compared(url: str) -> str:
    """`url` as two of them are compared: a host's case, a last slash and the scheme's own port lead nowhere else."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, OWN_PORTS.get(parts.scheme)} else f":{parts.port}"
    return parts._replace(netloc=name + port, path=parts.path.rstrip("/")).geturl()
