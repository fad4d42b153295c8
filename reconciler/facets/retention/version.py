"""A version of a dataset: an upload, a partition, or a frozen state; what a vendor has of these, its provider says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, TypeAlias, cast, get_args

from msgspec import Struct

from reconciler.core.words import Json

Status: TypeAlias = Literal["ready", "unsettled", "failed", "emptied"]
"""unsettled: still being made; nobody knows yet what it will be, so it is never deleted. emptied: a partition whose
data is deleted and whose tag is left, such as an apply leaves behind that dies between the two."""


class Version(Struct, frozen=True):
    """One version, as far as retention needs to know it.

    Raises:
        ValueError: a moment has no time zone.
    """

    id: str
    """The vendor's id, as text; of a partition its tag."""
    created: datetime | None
    """When it was made; None when the vendor does not say, or not readably. Such a version is never deleted."""
    status: Status = "ready"
    rows: int | None = None
    bytes: int | None = None
    """Size in bytes."""
    live: bool = False
    """This version is a piece of the live data: deleting it deletes rows."""
    origin: str | None = None
    """What it was made for, if that protects it (`training`); None for ordinary versions."""
    in_use: str | None = None
    """What uses it now (`an export`); such a version is not deleted."""
    modified: datetime | None = None
    """When it was last changed, where the vendor says so: another moment means it is not what was planned on."""
    partition: bool = False
    """Whether it is a partition: its data goes, then its tag; of the last one, an index between and one after."""
    data: str | None = None
    """Id of the data version that a partition's rows are in, where it is known."""

    def __post_init__(self) -> None:
        if any(moment is not None and moment.tzinfo is None for moment in (self.created, self.modified)):
            msg = f"version {self.id} has a date without a time zone"
            raise ValueError(msg)

    @property
    def key(self) -> str:
        """The vendor's id; marked where it is a tag, for a tag may read like the id of another version."""
        return f"partition {self.id}" if self.partition else self.id

    @property
    def ids(self) -> frozenset[str]:
        """All that it is called: a pin on any of them protects it."""
        return frozenset({self.id, self.data or self.id})

    @property
    def age(self) -> tuple[bool, datetime, int, str]:
        """Sorts oldest first, undated ones last; of two made at the same moment the higher id is the newer."""
        # In UTC: moments of one zone are compared by its clocks, which go back once a year.
        created = self.created.astimezone(UTC) if self.created else datetime.min.replace(tzinfo=UTC)
        digits = len(self.id) if self.id.isdecimal() else 0
        return (self.created is None, created, digits, self.key)

    def __str__(self) -> str:
        parts = [self.key if self.partition else f"version {self.id}"]
        if self.created is not None:
            parts[0] += f" of {self.created.astimezone(UTC).date().isoformat()}"
        if self.rows is not None:
            parts.append(f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}")
        if self.bytes is not None:
            parts.append(f"{self.bytes:,} {'byte' if self.bytes == 1 else 'bytes'}")
        if self.status != "ready":
            parts.append(self.status)
        if self.live:
            parts.append("live data")
        return ", ".join(parts)


def remaining(newest_first: Sequence[Version]) -> tuple[Version, ...]:
    """What the live data may be where each run replaces all of it: the newest version, and the newest that has rows.

    A run that brings no rows may leave the data as it was; that is known of Domo (notes 4.13).
    """
    filled = next((version for version in newest_first if version.rows != 0), None)
    return (*newest_first[:1], *((filled,) if filled and filled is not newest_first[0] else ()))


def words(version: Version) -> Json:
    """`version` as JSON; what is unknown or ordinary is left out."""
    said: dict[str, Json] = {
        "id": version.id,
        "created": _text(version.created),
        "status": version.status,
        "rows": version.rows,
        "bytes": version.bytes,
        "live": version.live or None,
        "origin": version.origin,
        "inUse": version.in_use,
        "modified": _text(version.modified),
        "partition": version.partition or None,
        "data": version.data,
    }
    return {name: value for name, value in said.items() if value is not None}


def read(said: Json) -> Version:
    """The version that `words` wrote.

    Raises:
        ValueError, KeyError, TypeError: `said` is nothing of the kind.
    """
    if not isinstance(said, Mapping):
        msg = f"{said!r} is not a version"
        raise TypeError(msg)
    if said["status"] not in get_args(Status):
        msg = f"{said['status']!r} is not the status of a version"
        raise ValueError(msg)
    return Version(
        id=str(said["id"]),
        created=_moment(said.get("created")),
        status=cast("Status", said["status"]),
        rows=_number(said.get("rows")),
        bytes=_number(said.get("bytes")),
        live=_mark(said.get("live", False)),
        origin=_word(said.get("origin")),
        in_use=_word(said.get("inUse")),
        modified=_moment(said.get("modified")),
        partition=_mark(said.get("partition", False)),
        data=_word(said.get("data")),
    )


def _text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _moment(value: Json) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))


def _number(value: Json) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        msg = f"{value!r} is not a whole number"
        raise TypeError(msg)
    return value


def _mark(value: Json) -> bool:
    if not isinstance(value, bool):
        msg = f"{value!r} is neither true nor false"
        raise TypeError(msg)
    return value


def _word(value: Json) -> str | None:
    if value is not None and not isinstance(value, str):
        msg = f"{value!r} is not text"
        raise TypeError(msg)
    return value
