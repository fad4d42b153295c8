"""A request as it goes out over a connection of HTTP/1.1."""

from __future__ import annotations

import re

import httpx

_HEAD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\x21-\x7e]+")
_HEADER = re.compile(
    rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+: (?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?"
)
"""RFC 9110, section 5.5: anything else would end the header, or begin another one."""


def wire(request: httpx.Request) -> bytes:
    """All of `request`, whose body has a length that its headers tell, as it goes out.

    Raises:
        httpx.LocalProtocolError: something in it would be taken for something else.
    """
    content = request.read()
    head = b"%b %b" % (request.method.encode(), request.url.raw_path)
    headers = [b"%b: %b" % pair for pair in request.headers.raw]
    sound = _HEAD.fullmatch(head) and all(map(_HEADER.fullmatch, headers)) and _told(request, len(content))
    if not sound:
        # Without a word of it: a header that cannot be sent may be the token.
        raise httpx.LocalProtocolError("a header or an address holds characters that cannot be sent")
    return b"%b HTTP/1.1\r\n%b\r\n\r\n%b" % (head, b"\r\n".join(headers), content)


def _told(request: httpx.Request, length: int) -> bool:
    """Whether the server will know where a body of that `length` ends: what it takes for more is the next request."""
    told = request.headers.get("Content-Length", "0")
    return told == str(length) and "Transfer-Encoding" not in request.headers
