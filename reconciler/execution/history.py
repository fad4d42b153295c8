"""What journals of the past tell: how an apply ended, and what became of datasets that were being created."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reconciler.facets import BY_NAME

from .recognizing import Sent

Event: TypeAlias = Mapping[str, Any]
Kinds: TypeAlias = Mapping[bytes, bytes]
"""Kinds of events, each with what stands in every line of it that tells something."""

CREATIONS: Kinds = {
    b"begin": b"",
    b"intent": b'"id": null',
    b"created": b"",
    b"adopted": b"",
    b"written": b"",
    b"not-made": b"",
    b"outcome": b'"refused"',
}
"""What tells of creations; an intent with an id, or an outcome that is no refusal, does not."""
ENDS: Kinds = {b"begin": b"", b"audited": b"", b"end": b""}
"""What tells how an apply began and ended."""

TEXTS = ("event", "step", "dataset")
LATEST = 1e11
"""Seconds; above it no calendar has a date."""

_OURS = re.compile(rb'\{"at": [\d.]+, "event": "([a-z-]+)"')
"""How a line begins that an apply wrote; one that begins otherwise is parsed, whatever it is."""


class Past(Struct, frozen=True):
    """One journal, as far as it got."""

    path: Path
    events: tuple[Event, ...]

    @property
    def plan_id(self) -> str:
        """The plan that was applied; empty when not even that was noted."""
        return str(self._begin.get("plan_id", ""))

    @property
    def created_at(self) -> str | None:
        """When the plan was made, as its document says."""
        found = self._begin.get("created_at")
        return found if isinstance(found, str) else None

    @property
    def targets(self) -> frozenset[str]:
        """The targets it was about."""
        found = self._begin.get("targets")
        return frozenset(map(str, found if isinstance(found, list) else ()))

    @property
    def shard(self) -> str | None:
        """`I/N` when it was one part of the plan that was applied."""
        found = self._begin.get("shard")
        return found if isinstance(found, str) else None

    @property
    def workspace(self) -> str | None:
        """The name of the workspace's folder, which was beside the state folder; None: the journal does not tell."""
        found = self._begin.get("workspace")
        return found if isinstance(found, str) else None

    @property
    def who(self) -> Event:
        """Who applied it, and from which commit."""
        found = self._begin.get("who")
        return found if isinstance(found, dict) else {}

    @property
    def actors(self) -> Mapping[str, str | None]:
        """Who the token of each target acted as, where that was noted."""
        found = self._begin.get("actors")
        return found if isinstance(found, dict) else {}

    @property
    def _begin(self) -> Event:
        return next((event for event in self.events if event.get("event") == "begin"), {})

    @property
    def ended(self) -> str | None:
        """complete, partial or interrupted; None when the process did not live to say."""
        return next((str(event.get("state")) for event in reversed(self.events) if event.get("event") == "end"), None)


def idle(outcome: Event | None) -> bool:
    """Whether nothing was done for a step whose intent was noted, nor refused, as its `outcome` tells."""
    if outcome is None:
        return False
    return outcome.get("idle") is True or (outcome.get("state") == "done" and outcome.get("already") is True)


def read_past(path: Path, kinds: Kinds | None = None) -> Past:
    """The journal in `path`. A line that a crash tore is no event: what it would have announced was not sent.

    Args:
        path: where it is.
        kinds: what is wanted; lines that are certainly of no such kind are not parsed. None: everything.

    Raises:
        OSError: it cannot be read.
    """
    return Past(path, tuple(_events(path.read_bytes(), kinds)))


def moment(event: Event) -> float:
    """When an event was noted, in seconds since the epoch; 0 where that cannot be read."""
    at = event.get("at")
    return float(at) if isinstance(at, int | float) and 0 <= at < LATEST else 0.0


def _events(data: bytes, kinds: Kinds | None) -> Iterator[Event]:
    for line in data.split(b"\n"):
        if kinds is not None and (found := _OURS.match(line)) and not _tells(line, found[1], kinds):
            continue
        with suppress(ValueError, RecursionError):
            event = json.loads(line)
            if isinstance(event, dict) and all(isinstance(event.get(name, ""), str) for name in TEXTS):
                yield event


def _tells(line: bytes, kind: bytes, kinds: Kinds) -> bool:
    return kind in kinds and kinds[kind] in line


class Birth(Struct, frozen=True):
    """What journals know of the creation of one dataset."""

    state: Literal["open", "made", "none"]
    """open: it was sent and nobody knows whether it was done. made: it exists. none: it was not made."""
    id: str | None = None
    """The vendor's id, once it is made."""
    known: tuple[str, ...] | None = None
    """Ids of the datasets that had its name before; of one that was not made, those that were known when that was
    found out. None when the vendor could not list them."""
    at: float = 0.0
    """When it was sent, in seconds since the epoch."""
    plan_id: str = ""
    """The plan that made it."""
    written: bool = False
    """Whether its id was written into the manifest."""
    sent: Sent | None = None
    """What it was sent with, as long as that is open; None when the journal does not tell."""
    workspace: str | None = None
    """The workspace beside this one that it is of; None: this one's own."""


def births(pasts: Iterable[Past]) -> dict[str, Birth]:
    """The last known state of each creation, by the dataset's address; `pasts` in the order of their making."""
    found: dict[str, Birth] = {}
    for past in pasts:
        plan_id = past.plan_id
        for event in past.events:
            dataset = str(event.get("dataset", ""))
            birth = _next(found.get(dataset), event, plan_id)
            if birth is not None:
                found[dataset] = birth
    return found


def _next(birth: Birth | None, event: Event, plan_id: str) -> Birth | None:
    """The state after `event`; None when it is about no creation."""
    match event.get("event"):
        case "intent" if event.get("id") is None:
            return Birth("open", None, _known(event), moment(event), plan_id, sent=_sent(event))
        case "created" | "adopted":
            return replace(birth or Birth("made"), state="made", id=str(event.get("id")), plan_id=plan_id, sent=None)
        case "written" if birth is not None:
            return replace(birth, written=True)
        case "not-made":
            return Birth("none", known=_known(event) or (birth.known if birth else None))
        case "outcome" if birth is not None and birth.state == "open" and event.get("state") == "refused":
            return Birth("none", known=birth.known)
        case _:
            return None


def _known(event: Event) -> tuple[str, ...] | None:
    known = event.get("known")
    return tuple(map(str, known)) if isinstance(known, list) else None


def _sent(event: Event) -> Sent | None:
    """What a creation was sent with: it adds all of one facet."""
    facet = BY_NAME.get(str(event.get("facet")))
    if facet is None:
        return None
    try:
        return Sent(facet.name, tuple(facet.element(change["after"]) for change in event["changes"]))
    except (ValueError, KeyError, TypeError):
        return None
