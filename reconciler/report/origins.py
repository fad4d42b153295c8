"""Where values come from, as text: the value on the left, its place on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from reconciler.core.address import Address
from reconciler.core.diagnostics import Source

from .safe import terminal

WIDEST = 72


class Value(Protocol):
    """One value and where it stands."""

    @property
    def field(self) -> str:
        """Path of the field in its facet."""
        ...

    @property
    def value(self) -> str:
        """As a manifest would write it."""
        ...

    @property
    def source(self) -> Source | None:
        """Its place; None for a default."""
        ...

    @property
    def profile(self) -> str | None:
        """The profile that says it."""
        ...


def origins_text(told: Mapping[Address, Sequence[Value] | None]) -> str:
    """Each facet with its values; one that is unmanaged with that one word."""
    parts = [_facet(address, values) for address, values in told.items()]
    return "\n".join(parts)


def _facet(address: Address, values: Sequence[Value] | None) -> str:
    head = terminal(str(address))
    if values is None:
        return f"{head}: unmanaged, neither read nor touched\n"
    rows = [(terminal(f"{value.field}: {value.value}"), _place(value)) for value in values]
    width = min(max((len(left) for left, _ in rows), default=0), WIDEST)
    lines = [f"  {left:<{width}}  {right}" for left, right in rows]
    return "".join(f"{line}\n" for line in [head, *lines])


def _place(value: Value) -> str:
    if value.source is None:
        return "default"
    place = terminal(str(value.source), None)
    return f"{place} (profile {value.profile})" if value.profile else place
