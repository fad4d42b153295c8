"""What went wrong between us and a vendor, said for the person, and judged: may it be repeated, what may have happened.

ProviderError
  HttpError      an answer that is a refusal, an answer that cannot be understood, or no answer
"""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus

import httpx
from msgspec import Struct

from reconciler.core.ports import ProviderError

from .through import AstrayError

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, AstrayError)
MOST_WORDS = 200


SENTENCES = {
    401: (
        "the token of target {target} was refused (401 at {what})",
        "It may have expired, or belong to another instance; `reconciler doctor` tells where it comes from.",
    ),
    403: (
        "the token of target {target} has no right to {what} (403)",
        "Give its user that right on the dataset, or use the token of somebody who has it.",
    ),
    404: (
        "target {target} has nothing at {what}, or the token may not see it (404)",
        "Check the dataset's id, and that the token's user may see the dataset.",
    ),
    405: ("target {target} does not offer {what} (405)", "Check the url of target {target}."),
    409: ("target {target} reports a conflict at {what} (409){reason}", "Somebody may have changed it: plan again."),
    416: ("target {target} cannot satisfy the range of {what} (416)", "The data changed meanwhile: plan again."),
    429: (
        "target {target} is asked too fast{reason} (429 at {what})",
        "Lower requestsPerSecond of target {target}, or try again later.",
    ),
    1: ("target {target} answered {what} with {status}", "Check the url of target {target}."),
    3: (
        "target {target} redirects elsewhere, which was not followed ({status} at {what})",
        "Write the address that answers itself as url of target {target}.",
    ),
    4: ("target {target} refused {what} ({status}){reason}", "Correct what was sent, then plan again."),
    5: ("target {target} failed at {what} ({status}){reason}", "Try again later."),
}
"""What each status, or class of statuses, says to the person: what happened, and what to do."""


class Mishap(Enum):
    """How far a request got; decides whether it may be repeated."""

    UNSENT = "unsent"
    """The vendor did not do it: no connection, or 429."""
    LOST = "lost"
    """Sent, and nobody knows: no answer, or a 5xx."""
    UNREADABLE = "unreadable"
    """Answered with success and a body that cannot be one."""
    REFUSED = "refused"
    """The vendor said no; it will say no again."""


class HttpError(ProviderError):
    """A request that failed.

    Attributes:
        mishap: how far it got.
        status: the answer's status, if there was an answer.
        wait: the seconds that the vendor asked to wait.
    """

    def __init__(
        self,
        summary: str,
        mishap: Mishap,
        *,
        hint: str | None = None,
        status: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(
            summary,
            hint=hint,
            retryable=mishap is not Mishap.REFUSED,
            missing=status == HTTPStatus.NOT_FOUND,
            whole=mishap is Mishap.UNSENT or status == HTTPStatus.UNAUTHORIZED,
            mangled=mishap is Mishap.UNREADABLE,
        )
        self.mishap = mishap
        self.status = status
        self.wait = wait

    def say(self, summary: str) -> None:
        """Put what happened into other words."""
        self.summary = summary
        self.args = (summary,)

    @property
    def absent(self) -> bool:
        """Whether the path is not there: no such dataset, or an endpoint that this server does not have."""
        return self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


class Incident(Struct, frozen=True):
    """Where a failure happened, for its sentence."""

    target: str
    method: str
    path: str

    @property
    def what(self) -> str:
        """The request, without its query."""
        return f"{self.method} {self.path}"


def no_answer(error: httpx.RequestError, place: Incident) -> HttpError:
    """The failure of a request that got no answer, or none that could be read to its end."""
    if isinstance(error, NEVER_SENT):
        summary = f"target {place.target} cannot be reached: {str(error) or type(error).__name__}"
        if isinstance(error, AstrayError):
            return HttpError(summary, Mishap.UNSENT, hint=error.hint(f"target {place.target}"))
        return HttpError(summary, Mishap.UNSENT, hint=f"Check the url of target {place.target} and the network.")
    if isinstance(error, httpx.TimeoutException):
        summary = f"target {place.target} did not answer in time: {place.what}"
        return HttpError(summary, Mishap.LOST, hint="Try again later.")
    summary = f"the connection to target {place.target} broke: {place.what}"
    return HttpError(summary, Mishap.LOST, hint="Try again; nothing is known about this request.")


def unreadable(place: Incident, found: str) -> HttpError:
    """The failure of a request that was answered with success and something that is no answer to it."""
    summary = f"target {place.target} answered {place.what} with {found}"
    hint = "A proxy, a sign-in page or an allow-list of addresses may stand between; open the url in a browser."
    return HttpError(summary, Mishap.UNREADABLE, hint=hint)


def outdated(place: Incident) -> HttpError:
    """The failure of a write that was not sent: it had to wait, and what it was made from was read before."""
    summary = f"target {place.target} let {place.what} wait for too long after what it rests on was read"
    return HttpError(summary, Mishap.UNSENT, hint=f"Lower requestsPerSecond of target {place.target}, then plan again.")


def refused(status: int, said: str, wait: float | None, place: Incident) -> HttpError:
    """The failure that a status outside 2xx means."""
    reason = f": {said[:MOST_WORDS]}" if said else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        reason = f" and asks to wait {wait:.0f} s" if wait else ""
        mishap = Mishap.UNSENT
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        mishap = Mishap.LOST
    else:
        mishap = Mishap.REFUSED
    summary, hint = SENTENCES.get(status) or SENTENCES.get(status // 100, SENTENCES[1])
    words = {"target": place.target, "what": place.what, "status": status, "reason": reason}
    return HttpError(summary.format(**words), mishap, hint=hint.format(**words), status=status, wait=wait)
