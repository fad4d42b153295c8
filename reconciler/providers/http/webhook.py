"""Posting one message to a webhook. Its address is a secret: it is in no error and in no log."""

from __future__ import annotations

import httpx

from reconciler.core.ports import ProviderError

SECONDS = 10.0


def post_message(url: str, body: bytes) -> None:
    """Post JSON to `url`, once; no redirect is followed.

    Raises:
        ProviderError: it was not taken, or nobody knows.
    """
    try:
        answer = httpx.post(
            url,
            content=body,
            headers={"Content-Type": "application/json"},
            timeout=SECONDS,
            follow_redirects=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        summary = f"the webhook could not be reached ({type(error).__name__})"
        raise ProviderError(summary, hint="Check its address and the network.", uncertain=True) from None
    if not answer.is_success:
        hint = "Check that the webhook is there and takes messages of this shape."
        raise ProviderError(f"the webhook answered {answer.status_code}", hint=hint) from None
