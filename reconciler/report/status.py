"""How a plan stands, in a few words and a few numbers: the head of a comment and of a page."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from reconciler.core.plan import Plan

from .figures import figures
from .text import nothing_to_do


class Status(Struct, frozen=True):
    """The worst that can be said of a plan, or that there is nothing to do."""

    kind: Literal["failed", "blocked", "incomplete", "quiet", "ready"]
    words: str
    codes: tuple[str, ...] = ()
    """The guards that hold a blocked plan."""


def status(plan: Plan) -> Status:
    """Errors before guards before incomplete reads before numbers."""
    blocking = tuple(sorted({item.code for item in plan.diagnostics if item.severity == "blocked"}))
    if plan.errored:
        return Status("failed", "Plan failed: there are errors")
    if blocking:
        return Status("blocked", "Plan blocked", blocking)
    if not plan.complete:
        return Status("incomplete", "Plan incomplete: not everything could be read")
    if nothing_to_do(plan):
        return Status("quiet", "No changes")
    counted = figures(plan)
    return Status("ready", f"Plan: {counted.create} to create, {counted.update} to change")


def numbers(plan: Plan) -> dict[str, str]:
    """What the plan amounts to, by the words that head each number."""
    counted = figures(plan)
    shown = {
        "create": counted.create,
        "change": counted.update,
        "unchanged": counted.unchanged,
        **({"not read": counted.unread} if counted.unread else {}),
        "gain access": counted.gain,
        "lose access": counted.lose,
        "change level": counted.change,
        "lose data": counted.destructive,
        "reads": f"{counted.reads_done} of {counted.reads_total}",
    }
    return {word: str(number) for word, number in shown.items()}
