"""Drift as the body of an issue: what counts first, within a comment's size limit."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets import BY_NAME
from reconciler.planning.drift import Difference, as_read, state
from reconciler.report.blocks import Table, share, shown_by, size
from reconciler.report.markdown import LIMIT, findings_table
from reconciler.report.safe import SENTENCE, md_code
from reconciler.report.text import calm, nothing_to_do

from .figures import differing, figures
from .text import CAUSES, UNSURE, moment, told_whole


def drift_markdown(
    plan: Plan,
    differences: Sequence[Difference],
    found: Sequence[Diagnostic] = (),
    command: str = "reconciler drift",
    *,
    limit: int = LIMIT,
) -> str:
    """The body of an issue, at most `limit` bytes; its hidden first line lets a bot find its issue again.

    `found` is what else there is to know: what could not be read, who changed what, which rules have ended.
    `command` shows all of it.
    """
    head = ["<!-- reconciler:drift -->", "", f"## {headline(plan, differences)}", ""]
    head += [calm(plan), ""] if nothing_to_do(plan) else []
    head += [] if told_whole(plan) else [UNSURE, ""]
    ignored = [item for item in differences if item.ignored is not None]
    counting = [item for item in differences if item.ignored is None]
    blocks = [
        Table(f"### {title}", ("dataset", "facet", "live state", "what", "since"), [_row(item) for item in found])
        for title, found in (
            ("Somebody changed it", [item for item in counting if item.cause in {"moved", "both"}]),
            ("Differences", [item for item in counting if item.cause is None]),
            ("Not applied yet", [item for item in counting if item.cause == "pending"]),
        )
    ]
    columns = ("dataset", "facet", "what", "until", "reason")
    guards = findings_table("### Errors and warnings", found, {"error", "warning"}, ())
    remarks = findings_table("### Remarks", found, {"info"}, ())
    # What makes all the rest uncertain comes before it.
    blocks = [*blocks, guards] if told_whole(plan) else [guards, *blocks]
    blocks += [Table("### Ignored on purpose", columns, [_ignored(item) for item in ignored]), remarks]
    shown = share(blocks, limit - size(head), shown_by(command))
    return "\n".join([*head, *(line for block in shown for line in block)])


def headline(plan: Plan, differences: Sequence[Difference]) -> str:
    """How many datasets differ, and how many of them only by what nobody has applied yet."""
    if nothing_to_do(plan):
        return "No drift"
    return differing(figures(differences), len(plan.datasets), " from the manifests", whole=told_whole(plan))


def words(item: Difference) -> str:
    """A difference in words."""
    return BY_NAME[item.address.facet].describe(as_read(item.change, item.cause))


def _row(item: Difference) -> tuple[str, ...]:
    name = md_code(str(item.address.whole), cell=True)
    since = f"after {md_code(moment(item.since), cell=True)}" if item.since else ""
    both = f"{since} ({CAUSES['both']})" if item.cause == "both" else since
    return name, item.address.facet, state(item.change), md_code(words(item), cell=True, limit=SENTENCE), both.strip()


def _ignored(item: Difference) -> tuple[str, ...]:
    rule = item.ignored
    until, reason = (str(rule.until), md_code(rule.reason, cell=True, limit=SENTENCE)) if rule else ("", "")
    name = md_code(str(item.address.whole), cell=True)
    return name, item.address.facet, md_code(words(item), cell=True, limit=SENTENCE), until, reason
