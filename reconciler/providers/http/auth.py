"""Where a target is and the token that opens it. The token shows in no text, request or error."""

from __future__ import annotations

import re
from base64 import b64encode

import httpx

from reconciler.core.ports import ProviderError, Target

from .gate import loopback


class Token:
    """A token in the header that carries it."""

    def __init__(self, header: str, value: str) -> None:
        self._header, self._value = header, value

    def sent_with(self, request: httpx.Request, out: httpx.BaseTransport) -> httpx.Response:
        """What `out` answers to `request`, which has the token only while it is on its way."""
        without = request.headers
        request.headers = httpx.Headers(without)
        request.headers[self._header] = self._value
        try:
            return out.handle_request(request)
        finally:
            # httpx's errors and responses hold their request, whose repr shows this header in clear.
            request.headers = without


TELLING = 8
"""Letters of Base64 that stand for six bytes; fewer are in many a word."""


def spellings(token: str) -> re.Pattern[str]:
    """Every spelling in which an error page, an address or a repeated header may have `token`.

    Each letter as it is, percent-encoded, as an entity of HTML or as an escape of JSON; or all in Base64, as far as it
    is the same whatever stands before and behind the token.
    """
    letters = "".join(
        rf"(?:{re.escape(letter)}|%{code:02x}|%{code:02X}|&#0*{code};|&#[xX]0*(?:{code:x}|{code:X});"
        rf"|\\u(?:{code:04x}|{code:04X}))"
        for letter, code in ((letter, ord(letter)) for letter in token)
    )
    return re.compile("|".join([letters, *map(re.escape, _in_base64(token))]))


def _in_base64(token: str) -> list[str]:
    """What `token` is in Base64, in its two alphabets, behind none, one and two other bytes."""
    found = []
    for ahead in range(3):
        text = b64encode(bytes(ahead) + token.encode()).decode()
        # A letter is six bits, so that those at both ends are shared with what stands beside.
        first, last = -(-ahead * 8 // 6), (ahead + len(token)) * 8 // 6
        found += [text[first:last], text[first:last].translate(str.maketrans("+/", "-_"))]
    return [text for text in found if len(text) >= TELLING]


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
