"""Transports: the way out to a vendor, and the gate before it that lets no write pass."""

from __future__ import annotations

import re
import threading
from typing import Literal

import httpx

from reconciler.core.ports import ProviderError, Request

from .lanes import Lanes
from .single import WHOLE, Single
from .surroundings import authorities, proxied

HANDED = "rehearsed"


class Gate(httpx.BaseTransport):
    """Lets GET and the POSTs that only read pass; anything else never leaves this process."""

    def __init__(
        self, inner: httpx.BaseTransport, access: Literal["read", "rehearse"], reading_posts: tuple[str, ...]
    ) -> None:
        self._inner, self._access = inner, access
        self._reading = "|".join(reading_posts)
        self._mine = threading.local()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return self._inner.handle_request(request)
        path = request.url.raw_path.decode()
        if request.method == "POST" and self._reads(path.partition("?")[0]):
            return self._inner.handle_request(request)
        if self._access == "read":
            summary = f"this session only reads and may not send {request.method} {path}"
            raise ProviderError(summary, hint="This is a defect of the reconciler; please report it.")
        body = request.read().decode()
        self._mine.requests = (*self.recorded, Request(request.method, path, body or None))
        return httpx.Response(200, request=request, extensions={HANDED: True})

    @property
    def recorded(self) -> tuple[Request, ...]:
        """What this thread was not allowed to send."""
        requests: tuple[Request, ...] = getattr(self._mine, "requests", ())
        return requests

    def forget(self) -> None:
        """Start this thread's record anew."""
        self._mine.requests = ()

    def close(self) -> None:
        self._inner.close()

    def _reads(self, path: str) -> bool:
        return bool(self._reading) and re.fullmatch(self._reading, path) is not None


def way_out(url: httpx.URL, connections: int, whole: float = WHOLE) -> Lanes:
    """Connections to where `url` leads, or to the proxy that the environment names for it.

    Args:
        url: whom to speak with.
        connections: how many there may be.
        whole: how many seconds a request and its answer may take.

    Raises:
        ProviderError: the environment names a proxy or certificates that are none.
    """
    # Loading the certificate authorities takes longer than a whole plan on loopback: at most once, for all connections.
    tls = authorities() if url.scheme == "https" else None
    through = None if loopback(url) else proxied(url, tls, whole)
    return Lanes(through or (lambda: Single(tls, whole=whole)), connections)


def loopback(url: httpx.URL) -> bool:
    """Whether `url` stays on this machine."""
    return url.host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d+){3}", url.host) is not None
