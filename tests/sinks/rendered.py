"""A review, a list of access and a plan in which every foreign word is hostile, in every format there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from reconciler.app.codes import CODES
from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.principals import Principal
from reconciler.planning.drift import Cause, Difference, Ignore
from reconciler.planning.reach import Path
from reconciler.planning.review import Ending, Hold, Move, Review, Reviewed, Said
from reconciler.planning.review.findings import sentence
from reconciler.report import diagnostics_text, plan_text
from reconciler.report.access import access_json, access_markdown, access_text
from reconciler.report.annotations import diagnostics_annotations
from reconciler.report.codequality import diagnostics_codequality
from reconciler.report.drift import drift_html, drift_json, drift_markdown, drift_text
from reconciler.report.html import plan_html
from reconciler.report.jsonlist import diagnostics_json
from reconciler.report.junit import diagnostics_junit
from reconciler.report.markdown import Origin, plan_markdown
from reconciler.report.review import review_json, review_markdown, review_text, reviewers_text
from reconciler.report.sarif import diagnostics_sarif
from tests.report.report_examples import hostile

Render = Callable[[str], str]


def review(name: str) -> Review:
    """A review in which everything a stranger names is called `name`."""
    address = Address("acme", name or "x")
    who, group = Principal("user", name, name), Principal("group", name, name)
    hold = Hold(name, group, date(2099, 1, 31))
    moves = (
        Move(address, who, "lose", hold, None),
        Move(address, who, "gain", None, hold, ("everyone", "outsider", "sensitive", "unrestricted")),
        Move(address, who, "keep", hold, Hold(name)),
    )
    said = (Said("tags", "+", name), Said("id", "~", f"{name} -> {name}"))
    ending = (Ending(address, who, name, date(2099, 1, 31), name),)
    dataset = Reviewed(address, "changed", said, moves, (who,), ending, Source(f"{name}.yaml", 3, 5))
    redirected = Diagnostic("target-redirected", "warning", name, source=Source(f"{name}.yaml", 1))
    rebound = Diagnostic("dataset-rebound", "warning", name, address, source=Source(f"{name}.yaml", 3, 5))
    return Review((dataset,), ((name, said), ("guards", said)), (name,), (*findings(name), redirected, rebound))


def findings(name: str) -> tuple[Diagnostic, ...]:
    """Findings whose every word is foreign."""
    address = Address("acme", name or "x")
    move = Move(address, Principal("user", name, name), "lose", Hold(name), None)
    return (
        Diagnostic("access-lost", "info", sentence(move), address, name, Source(f"{name}.yaml", 3, 5)),
        Diagnostic("policy-violated", "blocked", name, address, name),
        Diagnostic("invalid-value", "error", name, None, name, Source(name, 1)),
    )


def paths(name: str) -> tuple[Path, ...]:
    """Paths whose every word is foreign."""
    who, group = Principal("user", name, name), Principal("group", name, name)
    return (Path(Address("acme", name or "x"), who, name, group, None),)


def ungoverned(name: str) -> tuple[Address, ...]:
    """Datasets with foreign names."""
    return (Address("acme", name or "x"),)


def differences(name: str) -> tuple[Difference, ...]:
    """Drift whose every word is foreign; the second half of it is ignored."""
    rule = Ignore(name, "tags", name, name, date(2099, 1, 31))
    causes: tuple[Cause | None, ...] = ("moved", "pending", "both", None)
    found = [(step.address, change) for step in hostile(name).steps for change in step.changes]
    return tuple(
        Difference(address, change, cause, name, ignored)
        for address, change in found
        for cause in causes
        for ignored in (None, rule)
    )


TEXTS: Mapping[str, Render] = {
    "review": lambda name: review_text(review(name), name, name),
    "reviewers": lambda name: reviewers_text(review(name)),
    "access": lambda name: access_text(paths(name), ungoverned(name), live=False),
    "plan": lambda name: plan_text(hostile(name)),
    "drift": lambda name: drift_text(hostile(name), differences(name)),
    "findings": lambda name: diagnostics_text(findings(name)),
}
MARKDOWNS: Mapping[str, Render] = {
    "review": lambda name: review_markdown(review(name), name, name, name),
    "access": lambda name: access_markdown(paths(name), ungoverned(name), name, live=True),
    "plan": lambda name: plan_markdown(hostile(name), origin=Origin(name, name, name, dirty=True)),
    "drift": lambda name: drift_markdown(hostile(name), differences(name), findings(name), name),
}
JSONS: Mapping[str, Render] = {
    "review": lambda name: review_json(review(name), name, name),
    "access": lambda name: access_json(paths(name), ungoverned(name), live=True),
    "findings": lambda name: diagnostics_json(findings(name), {}),
    "drift": lambda name: drift_json(hostile(name), differences(name), findings(name)),
    "codequality": lambda name: f'{{"found": {diagnostics_codequality(findings(name))}}}',
    "sarif": lambda name: diagnostics_sarif(findings(name), CODES, "0"),
}
PAGES: Mapping[str, Render] = {
    "plan": lambda name: plan_html(hostile(name), plan_id=name),
    "drift": lambda name: drift_html(hostile(name), differences(name), {}, date(2026, 1, 1), findings(name)),
}
XMLS: Mapping[str, Render] = {"junit": lambda name: diagnostics_junit(findings(name), "reconciler review")}
ANNOTATIONS: Mapping[str, Render] = {"github": lambda name: diagnostics_annotations(findings(name))}
