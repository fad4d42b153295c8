"""A plan in the format somebody asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable

from reconciler.core.plan import Plan
from reconciler.report import plan_text

from .console import colored, width

PLAN_SHAPES = ("text", "json")


def plan_in(shape: str, plan: Plan, as_json: Callable[[], str]) -> str:
    """`plan` as text, or as the JSON that `as_json` gives."""
    if shape == "json":
        return as_json()
    return plan_text(plan, color=colored(sys.stdout), width=width())
