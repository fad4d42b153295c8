"""Posting one message to a webhook. Its address is a secret: it is in no error and in no log."""

from __future__ import annotations

import httpx

from reconciler.core.ports import ProviderError

from .gate import way_out
from .through import AstrayError

SECONDS = 10.0
"""For each piece of what goes and comes."""
LONGEST = 30.0
"""Seconds for all of it: a pipeline waits for no webhook."""


def post_message(url: str, body: bytes, *, longest: float = LONGEST) -> None:
    """Post JSON to `url`, once; no redirect is followed, and nothing but the answer's status is read.

    Raises:
        ProviderError: it was not taken, or nobody knows.
    """
    try:
        address = _address(url)
        out = way_out(address, 1, longest)
    except (httpx.InvalidURL, ValueError):
        hint = "Give the address that Slack or Teams shows for it."
        raise ProviderError("the webhook's address is none that can be reached", hint=hint) from None
    try:
        status = _status(address, body, out)
    except AstrayError as error:
        raise ProviderError(f"the webhook cannot be reached: {error}", hint=error.hint("the webhook")) from None
    except httpx.HTTPError as error:
        summary = f"the webhook could not be reached ({type(error).__name__})"
        raise ProviderError(summary, hint="Check its address and the network.", uncertain=True) from None
    if not httpx.codes.is_success(status):
        hint = "Check that the webhook is there and takes messages of this shape."
        raise ProviderError(f"the webhook answered {status}", hint=hint) from None


def _address(url: str) -> httpx.URL:
    address = httpx.URL(url)
    if address.scheme not in {"http", "https"} or not address.host:
        raise ValueError(address)
    return address


def _status(address: httpx.URL, body: bytes, out: httpx.BaseTransport) -> int:
    headers = {"Content-Type": "application/json"}
    with (
        httpx.Client(transport=out, timeout=SECONDS, trust_env=False) as client,
        client.stream("POST", address, content=body, headers=headers, follow_redirects=False) as answer,
    ):
        return answer.status_code
