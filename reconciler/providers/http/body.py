"""An answer's body, read up to a bound: a page, a proxy or a packed bomb must not take the machine with it."""

from __future__ import annotations

from collections.abc import Iterable

import httpx

from .failures import HttpError, Incident, unreadable

MOST = 64 * 2**20
"""Bytes, unpacked. The longest answer that the documents have is a list of some hundred entries."""

PACKED = "gzip"
"""The one packing that is asked for. Packed once, a chunk grows a thousandfold at most; twice, a millionfold."""


def whole(response: httpx.Response, place: Incident) -> bytes:
    """The unpacked body of `response`, which is open and unread; nothing where only its status can be taken.

    Raises:
        HttpError: of an answer with success it is longer than `MOST`, or packed in a way that was not asked for.
    """
    try:
        return _read(response, place)
    except HttpError:
        if response.is_success:
            raise
        # A proxy refuses as it likes; its status and its Retry-After say more than that its page is unreadable.
        return b""


def _read(response: httpx.Response, place: Incident) -> bytes:
    read = bytearray()
    for part in _unpacked(response, place):
        read += part
        if len(read) > MOST:
            raise unreadable(place, f"more than {MOST // 2**20} MiB")
    return bytes(read)


def _unpacked(response: httpx.Response, place: Incident) -> Iterable[bytes]:
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing == PACKED:
        return response.iter_bytes()
    if packing in {"", "identity"} and isinstance(response.stream, httpx.SyncByteStream):
        # httpx's layers, which have nothing to unpack here, take as long as reading does.
        return response.stream
    raise unreadable(place, "something that is packed in a way that was not asked for")
