"""A plan in the format somebody asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from reconciler.core.diagnostics import Code
from reconciler.core.plan import Plan
from reconciler.report import plan_text

from .console import colored, width

if TYPE_CHECKING:
    from reconciler.report.document import Signed
    from reconciler.report.markdown import Origin

PLAN_SHAPES = ("text", "markdown", "json", "html")


def plan_in(shape: str, plan: Plan, signed: Callable[[], Signed]) -> str:
    """A plan in one of `PLAN_SHAPES`; text says nothing of where it comes from, so that it is not asked for either."""
    return signed().text if shape == "json" else readable(shape, plan, lambda: _origin(signed()))


def readable(shape: str, plan: Plan, origin: Callable[[], Origin]) -> str:
    """A plan for people: text, Markdown or HTML."""
    codes = _codes() if plan.diagnostics else ()
    match shape:
        case "markdown":
            from reconciler.report.markdown import plan_markdown  # noqa: PLC0415 - most plans are read as text

            return plan_markdown(plan, origin=origin(), codes=codes)
        case "html":
            from reconciler.report.html import plan_html  # noqa: PLC0415 - as above

            return plan_html(plan, plan_id=origin().plan_id, codes=codes)
        case _:
            return plan_text(plan, color=colored(sys.stdout), width=width(), codes=codes)


def _origin(document: Signed) -> Origin:
    from reconciler.report.markdown import Origin  # noqa: PLC0415 - as above

    meta = document.meta
    return Origin(document.plan_id, meta.reconciler_version, meta.commit, meta.dirty)


def _codes() -> tuple[Code, ...]:
    # Imported here: it brings every room, and only what is found in a plan needs explaining.
    from reconciler.app.codes import CODES  # noqa: PLC0415

    return tuple(CODES.values())
