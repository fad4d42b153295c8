"""What ends: grants whose last day is near or past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from .facet import Complaint

SOON = timedelta(days=14)
"""Grants that end within this long are told of when manifests are checked."""


class Ending(Protocol):
    """A grant, as far as its end matters."""

    @property
    def principal(self) -> str:
        """Who has it."""
        ...

    @property
    def expires(self) -> date | None:
        """Its last day, if it has one."""
        ...


def check_ends(grants: Sequence[Ending], today: date) -> Iterable[Complaint]:
    """Which of `grants` ended before `today`, and which end soon."""
    for index, grant in enumerate(grants):
        path = ("grants", index, "expires")
        if grant.expires is not None and grant.expires < today:
            summary = f"the grant to {grant.principal} ended on {grant.expires}"
            yield Complaint(path, "grant-expired", summary, "Remove it, or give it a later expires.")
        elif grant.expires is not None and grant.expires - today <= SOON:
            days = (grant.expires - today).days
            left = "today" if not days else f"in {days} {'day' if days == 1 else 'days'}, on {grant.expires}"
            summary = f"the grant to {grant.principal} ends {left}"
            yield Complaint(path, "grant-ending", summary, "If it is still needed, give it a later expires.")


def never_ending(grants: Sequence[Ending]) -> Iterable[Complaint]:
    """Which of the `grants` of an additive list have a last day all the same."""
    for index, grant in enumerate(grants):
        if grant.expires is not None:
            summary = f"the grant to {grant.principal} does not end: an additive list takes nothing away"
            hint = "Make the list authoritative, or leave expires out."
            yield Complaint(("grants", index, "expires"), "grant-never-ends", summary, hint)
