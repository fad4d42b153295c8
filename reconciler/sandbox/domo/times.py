"""Time as Domo writes it: datasets in milliseconds, streams in seconds, versions in ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from reconciler.sandbox.jsontext import Number
from reconciler.sandbox.world import World


def millis(now: float) -> int:
    """Epoch milliseconds, as in a dataset."""
    return int(now * 1000)


def seconds(world: World, now: float) -> int | Number:
    """Epoch seconds, as in a stream: whole, or with a fraction."""
    return Number(f"{now:.2f}") if world.stream_times == "float" else int(now)


def iso(now: float) -> str:
    """`2023-03-31T14:21:13Z`, as in a data version."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_of_millis(value: object) -> str | None:
    """The ISO form of epoch milliseconds, None for none."""
    return iso(int(value) / 1000) if isinstance(value, (int, Decimal)) else None


def millis_of_iso(text: str) -> int:
    """Epoch milliseconds of an ISO time."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def request_key(now: float) -> str:
    """`20220513224325.628`, the name of an index request."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y%m%d%H%M%S.%f")[:-3]
