"""Which of Clarifai's answers is a success: the one whose status code says so, whatever HTTP says (notes 1)."""

from __future__ import annotations

from http import HTTPStatus

from msgspec import Struct

from reconciler.providers.http import HttpError, Incident, Mishap, unreadable

from .wire import Envelope, Status

SUCCESS = 10000
WINDOW = 1.0
"""Seconds over which Clarifai counts requests; it sends no Retry-After."""


class Meaning(Struct, frozen=True):
    """What a status code means to whoever asked."""

    mishap: Mishap
    status: HTTPStatus | None
    """The HTTP status that means the same; Clarifai's own is known for few codes."""
    summary: str
    hint: str
    wait: float | None = None


TOKEN = Meaning(
    Mishap.REFUSED,
    HTTPStatus.UNAUTHORIZED,
    "the token of target {target} was refused ({said})",
    "Without userId and appId the token must be a key of one app; with them, a personal access token will do.",
)
SCOPE = Meaning(
    Mishap.REFUSED,
    HTTPStatus.FORBIDDEN,
    "the token of target {target} has no right to {what} ({said})",
    "Reading needs the scopes Apps_Get and Datasets_Get, deleting versions Datasets_Delete as well.",
)
MISSING = Meaning(
    Mishap.REFUSED,
    HTTPStatus.NOT_FOUND,
    "target {target} has nothing at {what}, or the token may not see it ({said})",
    "Check the dataset's id, and userId and appId of target {target}.",
)
CONFLICT = Meaning(
    Mishap.REFUSED,
    HTTPStatus.CONFLICT,
    "target {target} will not change what is in use, at {what} ({said})",
    "Pin the versions that are in use, then plan again.",
)
MIXED = Meaning(
    Mishap.REFUSED,
    HTTPStatus.MULTI_STATUS,
    "target {target} did only a part of {what} ({said})",
    "Plan again: it shows what is left.",
)
THROTTLED = Meaning(
    Mishap.UNSENT,
    HTTPStatus.TOO_MANY_REQUESTS,
    "target {target} is asked too fast at {what} ({said})",
    "Somebody else may be using the same Clarifai user; lower requestsPerSecond of target {target}.",
    WINDOW,
)
USED_UP = Meaning(
    Mishap.REFUSED,
    HTTPStatus.TOO_MANY_REQUESTS,
    "the Clarifai user of target {target} has used up its requests ({said} at {what})",
    "Wait until the hour or the month is over, or raise the plan.",
)
FORM = Meaning(
    Mishap.REFUSED,
    HTTPStatus.BAD_REQUEST,
    "target {target} refused {what} ({said})",
    "Correct it, then plan again.",
)
TROUBLE = Meaning(
    Mishap.LOST, None, "target {target} failed at {what} ({said})", "Try again later; nothing is known about it."
)
OTHER = Meaning(Mishap.REFUSED, None, "target {target} refused {what} ({said})", "Correct it, then plan again.")

MEANINGS: dict[int, Meaning] = {
    **dict.fromkeys((11000, 11001, 11002, 11008, 11009, 11200), TOKEN),
    **dict.fromkeys((11003, 11004, 11006), USED_UP),
    **dict.fromkeys((10030, 39997, 40030, 40031, 40032, 40034, 40035), TROUBLE),
    10010: MIXED,
    11005: THROTTLED,
    11007: SCOPE,
    11100: FORM,
    11101: MISSING,
    64030: CONFLICT,
}
"""By the vendor's code; the numbers of neighbouring meanings interleave, so there are no ranges (notes 1)."""


def judge(status: int, body: object, place: Incident) -> HttpError | None:
    """What is wrong with an answer; None where only its HTTP status can tell, or nothing is wrong."""
    said = Envelope.status_in(body)
    if said is None:
        # A proxy's answer; with an HTTP status that says success it is still none.
        return (
            unreadable(place, "something without Clarifai's status") if status < HTTPStatus.MULTIPLE_CHOICES else None
        )
    return None if said.code == SUCCESS else _failure(said, place)


def _failure(said: Status, place: Incident) -> HttpError:
    meaning = MEANINGS.get(said.code, TROUBLE if said.internal else OTHER)
    words = {"target": place.target, "what": place.what, "said": str(said)}
    summary, hint = meaning.summary.format(**words), meaning.hint.format(**words)
    return HttpError(summary, meaning.mishap, hint=hint, status=meaning.status, wait=meaning.wait)
