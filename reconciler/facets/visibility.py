"""Who may read a version: nobody else gets to without being told of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.core.changes import Add, AnyChange, Modify
from reconciler.core.diagnostics import Diagnostic

from .facet import Outlooks, Situation, blocked
from .versions import Declared

READERS: Final = {"ORG": "everybody in its organisation", "PUBLIC": "everybody"}
"""Whom a version is open to beside those who may read its app, from few to many."""
WIDTHS: Final = {visibility: width for width, visibility in enumerate(READERS, 1)}


def opened_to(change: AnyChange) -> str:
    """Who may read a version by `change` and may not be able to now, in words; empty: nobody."""
    new = change.after if isinstance(change, Add | Modify) else None
    old = change.before if isinstance(change, Modify) else None
    return READERS[_visibility(new)] if WIDTHS.get(_visibility(new), 0) > WIDTHS.get(_visibility(old), 0) else ""


def _visibility(version: object) -> str:
    return version.visibility or "" if isinstance(version, Declared) else ""


def guard_visibility(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """A version is opened to an organisation, or to everybody."""
    outlook = outlooks.get("versions")
    for change in outlook.changes if outlook else ():
        if readers := opened_to(change):
            summary = f"{readers} could read version {change.key}"
            hint = "Leave it PRIVATE, or allow it for this dataset."
            yield blocked(situation, "versions", "everyone-gains-access", summary, hint)
