"""The whole product against any instance: one apply reaches the manifests, the next plan is empty, all else stays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.app.exits import Exit
from reconciler.execution import Applied
from reconciler.report import diagnostics_text, plan_text
from reconciler.report.text import nothing_to_do
from reconciler.sandbox import Sandbox, World, documents_seed, jsontext
from tests.providers.product import FACETS, IDS, NOW, Case, applied, cases, planned, worlds
from tests.support.sent import writes

SCHEDULE = (
    *("advancedScheduleJson", "scheduleExpression", "scheduleState", "scheduleRetryExpression"),
    "scheduleRetryCount",
)
PARTS: Mapping[str, tuple[str, ...]] = {
    "properties": (),
    "definition": ("definition",),
    "schema": ("schema", "schema_id", "indexed", "indexes"),
    "tags": ("tags",),
    "permissions": ("permissions",),
    "owner": ("permissions",),
    "retention": ("versions",),
    "schedule": (),
}
"""The parts of a dataset that each facet may touch; a hand-over changes the access list at the vendor."""
TOLD = ("lastTouched", "lastUpdated", "columnCount", "rowCount", "scheduleActive")
"""What the server itself notes in the metadata when something changes."""


# Shrinking a case takes minutes and the whole case is in the message; `EXAMPLES=600 pytest …` is the long campaign.
@settings(
    max_examples=int(os.environ.get("EXAMPLES", "20")),
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(worlds().flatmap(lambda world: st.tuples(st.just(world), cases(world))))
def test_one_apply_reaches_the_manifests_and_touches_nothing_else(drawn: tuple[World, Case]) -> None:
    """Whatever the world, the live state and the manifests."""
    world, case = drawn
    sandbox = Sandbox(world=world, clock=NOW.timestamp)
    sandbox.seed(documents_seed())
    sandbox.seed(case.seed)
    with tempfile.TemporaryDirectory() as folder, sandbox.serve() as server:
        root = case.write(Path(folder), server.url)
        first = planned(root)
        told = f"{plan_text(first.plan)}{diagnostics_text(first.plan.diagnostics)}"
        assert not first.plan.errored, told
        assert first.plan.complete, told
        assert not first.plan.blocked, told
        assert [sent.path for sent in sandbox.requests if writes(sent)] == []
        before = sandbox.snapshot()
        result = applied(root, first)
        failed = [
            f"{each.step.id}: {getattr(each, 'summary', each)}"
            for each in result.outcomes
            if not isinstance(each, Applied)
        ]
        assert result.exit is Exit.DONE, f"{told}{failed}"
        after = sandbox.snapshot()
        second = planned(root).plan
        assert nothing_to_do(second), f"{told}then{plan_text(second)}{diagnostics_text(second.diagnostics)}"
        assert foreign(before, case) == foreign(after, case, set(before["domo"]["dataset"]))
        for key, each in zip(IDS, case.manifests.values(), strict=False):
            kept(before["domo"]["dataset"][key], after["domo"]["dataset"][key], each["spec"])
    sandbox.close()


def foreign(state: Mapping[str, Any], case: Case, known: set[str] | None = None) -> Mapping[str, str]:
    """Everything that no manifest manages, as it would be written."""
    specs = {key: each["spec"] for key, each in zip(IDS, case.manifests.values(), strict=False)}
    told: dict[str, str] = {}
    for kind, documents in state["domo"].items():
        for key, document in documents.items():
            if kind in {"event", "counter", "rows"} or (kind == "dataset" and known is not None and key not in known):
                continue
            managed = specs.get(document["dataSource"]["id"] if kind == "stream" else key, {})
            for name, value in _unmanaged(kind, document, managed).items():
                told[f"{kind} {key} {name}"] = jsontext.write(value)
    return told


def _unmanaged(kind: str, document: Mapping[str, Any], spec: Mapping[str, Any]) -> Any:
    if kind == "stream":
        own: tuple[str, ...] = (*SCHEDULE, "modifiedAt", "modifiedBy") if "schedule" in spec else ()
        return {name: value for name, value in document.items() if name not in own}
    if kind != "dataset" or not spec:
        return document
    touched = {part for facet in FACETS if facet in spec for part in PARTS[facet]}
    rest = {name: value for name, value in document.items() if name not in touched}
    theirs = (*TOLD, "owner") if "owner" in spec else TOLD
    declared = set(spec.get("properties", {}))
    theirs = (*theirs, *(declared & {"name", "description"}))
    theirs = (*theirs, "dataProviderType", "displayType", "type") if "providerType" in declared else theirs
    rest["metadata"] = {name: value for name, value in document["metadata"].items() if name not in theirs}
    return rest


def kept(before: Any, after: Any, spec: Mapping[str, Any]) -> None:
    """What is foreign within a managed facet is still there."""
    if "tags" in spec:
        ours = spec["tags"]
        foreign_tags = set(before["tags"])
        if ours["mode"] == "authoritative":
            foreign_tags = {tag for tag in before["tags"] if ours["ignore"] and tag.startswith(("um_", "From "))}
        assert set(after["tags"]) == foreign_tags | set(ours["values"])
    others = [
        entry for entry in before["permissions"] if entry["type"] == "CARD" or entry["accessLevel"] == "FEDERATED"
    ]
    assert [entry for entry in after["permissions"] if entry in others] == others
    if "schema" in spec:
        hidden = [column for column in before["schema"]["columns"] if column.get("visible") is False]
        assert [column for column in after["schema"]["columns"] if column.get("visible") is False] == hidden
        was = {column["name"]: column for column in before["schema"]["columns"]}
        for column in after["schema"]["columns"]:
            if column["name"] in was and "metadata" in was[column["name"]]:
                assert jsontext.write(column["metadata"]) == jsontext.write(was[column["name"]]["metadata"])
