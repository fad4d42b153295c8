"""A plan in the format somebody asked for."""

from __future__ import annotations

import sys

from reconciler.core.diagnostics import Code
from reconciler.core.plan import Plan
from reconciler.report import plan_text
from reconciler.report.document import Signed
from reconciler.report.markdown import Origin, plan_markdown

from .console import colored, width

PLAN_SHAPES = ("text", "markdown", "json", "html")


def plan_in(shape: str, document: Signed) -> str:
    """A plan in one of `PLAN_SHAPES`."""
    if shape == "json":
        return document.text
    meta = document.meta
    origin = Origin(document.plan_id, meta.reconciler_version, meta.commit, meta.dirty)
    return readable(shape, document.plan, origin)


def readable(shape: str, plan: Plan, origin: Origin) -> str:
    """A plan for people: text, Markdown or HTML."""
    codes = _codes() if plan.diagnostics else ()
    match shape:
        case "markdown":
            return plan_markdown(plan, origin=origin, codes=codes)
        case "html":
            from reconciler.report.html import plan_html  # noqa: PLC0415 - most plans are read as text

            return plan_html(plan, plan_id=origin.plan_id, codes=codes)
        case _:
            return plan_text(plan, color=colored(sys.stdout), width=width(), codes=codes)


def _codes() -> tuple[Code, ...]:
    # Imported here: it brings every room, and only what is found in a plan needs explaining.
    from reconciler.app.codes import CODES  # noqa: PLC0415

    return tuple(CODES.values())
