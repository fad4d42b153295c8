"""A plan in the format somebody asked for."""

from __future__ import annotations

import sys

from reconciler.app.codes import CODES
from reconciler.core.plan import Plan
from reconciler.report import plan_text
from reconciler.report.document import Signed
from reconciler.report.html import plan_html
from reconciler.report.markdown import plan_markdown

from .console import colored, width

PLAN_SHAPES = ("text", "markdown", "json", "html")


def plan_in(shape: str, document: Signed) -> str:
    """A plan in one of `PLAN_SHAPES`."""
    return document.text if shape == "json" else readable(shape, document.plan, document.plan_id)


def readable(shape: str, plan: Plan, plan_id: str) -> str:
    """A plan for people: text, Markdown or HTML."""
    codes = tuple(CODES.values())
    match shape:
        case "markdown":
            return plan_markdown(plan, plan_id=plan_id, codes=codes)
        case "html":
            return plan_html(plan, plan_id=plan_id, codes=codes)
        case _:
            return plan_text(plan, color=colored(sys.stdout), width=width(), codes=codes)
