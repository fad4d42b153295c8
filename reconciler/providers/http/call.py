"""One request and its answer, whatever the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import quote, urlencode

from msgspec import Struct, field

from reconciler.core.ports import ProviderError

from .jsontext import is_sendable

Repeat: TypeAlias = Literal["anew", "anyhow", "untaken"]
"""Whether a write that failed is sent again as it is.

anew: never. It was made from what was found, and would overwrite what somebody changed while it waited: whoever made it
is told, looks again and makes another one. · anyhow: it rests on nothing that was read, and doing it twice is the same
as doing it once. · untaken: a creation, only where it is known not to have been done.
"""


class Call(Struct, frozen=True):
    """One request, before it is sent."""

    method: str
    path: str
    """Below the target's url, percent-encoded; `path_of` makes one."""
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    """What goes out as JSON; None sends no body."""
    content: bytes | None = None
    """What goes out as it is, in the place of a body."""
    content_type: str = "application/json"
    repeat: Repeat = "anew"
    """Of a write; what changes nothing is always asked again."""
    reads: bool = False
    """A POST that changes nothing."""
    answered: bool = False
    """A write whose answer has to be JSON; that of the others is not looked at."""

    @property
    def writes(self) -> bool:
        """Whether it changes something at the vendor."""
        return self.method != "GET" and not self.reads

    @property
    def ages(self) -> bool:
        """Whether it must not be sent any more once it had to wait."""
        return self.writes and self.repeat == "anew"

    @property
    def begins(self) -> bool:
        """Whether it changes anything more: what may be done anyhow, an index, only finishes what was done before."""
        return self.writes and self.repeat != "anyhow"

    @property
    def target(self) -> str:
        """Path and query, as in a request line."""
        # A vendor's own id may hold half of a surrogate pair; sent back as it is, it finds nothing.
        return f"{self.path}?{urlencode(self.query, errors='surrogatepass')}" if self.query else self.path


class Answer(Struct, frozen=True):
    """A successful answer."""

    value: object
    """The body as JSON; None when there is none."""
    handed: bool = False
    """Never sent: the answer that a rehearsal hands to a write."""


def path_of(template: str, *values: str) -> str:
    """`template` with each {} replaced by a value as one path segment.

    Raises:
        ProviderError: a value would lead to another path, or is no text that can be sent.
    """
    for value in values:
        if value in {"", ".", ".."} or not is_sendable(value):
            summary = f"{value!r} is not an id"
            raise ProviderError(summary, hint="Correct the id in the manifest.")
    return template.format(*(quote(value, safe="") for value in values))
