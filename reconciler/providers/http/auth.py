"""Where a target is and the token that opens it. The token shows in no text, request or error."""

from __future__ import annotations

from collections.abc import Generator

import httpx

from reconciler.core.ports import ProviderError, Target

from .gate import loopback


class TokenAuth(httpx.Auth):
    """Puts a token into one header while a request is on its way, and takes it out again."""

    def __init__(self, header: str, value: str) -> None:
        self._header, self._value = header, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._header] = self._value
        try:
            yield request
        finally:
            # httpx's errors and responses hold their request, whose repr shows this header in clear.
            del request.headers[self._header]


def sound_token(target: Target) -> str:
    """The token of `target`, if it can be sent at all; the errors of h11 would show it.

    Raises:
        ProviderError: it cannot.
    """
    token = target.token
    if not token or not token.isascii() or not token.isprintable() or token != token.strip():
        summary = f"the token of target {target.name} is empty or holds characters that no token has"
        raise ProviderError(summary, hint="Look for quotes, spaces or a line break around it.")
    return token


def sound_url(target: Target) -> httpx.URL:
    """Where `target` is.

    Raises:
        ProviderError: no token may be sent there.
    """
    try:
        url = httpx.URL(target.url)
    except httpx.InvalidURL:
        url = httpx.URL()
    safe = url.scheme == "https" or (url.scheme == "http" and loopback(url))
    if not safe or not url.host or url.userinfo or url.query or url.fragment:
        summary = f"target {target.name} has no url that a token may be sent to"
        raise ProviderError(summary, hint="Write https://HOST; http is for loopback only.")
    return url
