"""The use case notify: tell people of a plan, a review or drift, by a webhook."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import ProviderError
from reconciler.report.notifications import Shape, message, payload

from .exits import Exit, Stop

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def compose(content: bytes, shape: Shape) -> str:
    """The payload that tells of a JSON document of ours.

    Raises:
        Stop: it is none.
    """
    try:
        document = json.loads(content)
        return payload(message(document), shape)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        summary = "this is no plan, review or drift report in JSON"
        hint = "Give what `plan --format json`, `review --format json` or `drift --format json` prints."
        raise Stop(Exit.ERROR, Diagnostic("nothing-to-tell", "error", summary, hint=hint)) from error


def send(text: str, webhook: str) -> None:
    """Post a payload; the webhook's address is told nowhere.

    Raises:
        Stop: it was not taken.
    """
    if not _safe(webhook):
        summary = "the webhook's address is none to send to: it must begin with https://HOST"
        hint = "Give the address that Slack or Teams shows for it, in RECONCILER_WEBHOOK."
        raise Stop(Exit.ERROR, Diagnostic("notify-failed", "error", summary, hint=hint))
    from reconciler.providers.http.webhook import post_message  # noqa: PLC0415 - printing needs no HTTP

    try:
        post_message(webhook, text.encode())
    except ProviderError as error:
        raise Stop(Exit.ERROR, Diagnostic("notify-failed", "error", error.summary, hint=error.hint)) from error


def _safe(webhook: str) -> bool:
    """Whether nobody can listen in on the way there."""
    try:
        parts = urlsplit(webhook)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
