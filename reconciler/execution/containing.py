"""What nobody reckoned with while one step is performed is a failure of that step, not of the whole apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reconciler.core.diagnostics import unforeseen
from reconciler.core.plan import Step

from .outcomes import Failed

T = TypeVar("T")


def contained(step: Step, act: Callable[[], T]) -> T | Failed:
    """What `act` gives; whatever it raises beside what it is known to raise is a failure of `step` that says so.

    An exception that left here would take the other datasets' outcomes, the undo plan and the journal's end with it.
    """
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - a defect, whatever it is; its text is told, and its traceback kept
        hint = (
            "Nobody knows how much of it was done: plan again. "
            "Set RECONCILER_DEBUG=1 to see where it comes from, and report it with what it prints."
        )
        return Failed(step, "unexpected", unforeseen(error), hint, uncertain=True, defect=error)
