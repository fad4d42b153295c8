"""Every guard holds what it is about, lets pass what it is not about, and is lifted by its name only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import pytest
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.plan import Plan
from reconciler.planning import GUARD_CODES, Allow
from tests.support.scenario import PRINCIPALS, WORKSPACE, Scenario
from tests.support.txtar import parse

NEVER = "actor-locked-out"
EVERYONE = PRINCIPALS.replace("groups:\n", 'groups:\n  staff: {id: "g9", everyone: true}\n')
MANY = "[{principal: user:bot, access: CO_OWNER}, {principal: user:bo, access: CAN_VIEW}, {principal: user:cy, access: "
MANY += "CAN_VIEW}, {principal: user:dee, access: CAN_VIEW}, {principal: user:eve, access: CAN_VIEW}]"
CY, DEE = (f", {{principal: user:{name}, access: CAN_VIEW}}" for name in ("cy", "dee"))
VERSIONS = (
    'versions:\n  - {id: "1", created: "2026-01-01T00:00:00Z", rows: 5}\n  - {id: "2", created: "2026-02-01T00:00:00Z"}'
)
LIVING = VERSIONS.replace("rows: 5", "rows: 5, live: true")


@dataclass(frozen=True)
class Guarded:
    """One guard: what is live, a manifest that it holds, and one that it does not."""

    live: str
    red: str
    green: str
    datasets: int = 1
    held: str | None = None
    namesakes: tuple[str, ...] = ()
    """Of a dataset that is to be created: what has its name while its manifest is red."""


CASES = {
    "column-dropped": Guarded(
        "schema: {columns: [{name: id, type: LONG}, {name: day, type: DATE}]}",
        "schema: {columns: [{name: id, type: LONG}]}",
        "schema: {columns: [{name: id, type: LONG}, {name: date, type: DATE, renamedFrom: day}]}",
    ),
    "column-type-narrowed": Guarded(
        "schema: {columns: [{name: id, type: LONG}]}",
        "schema: {columns: [{name: id, type: DATE}]}",
        "schema: {columns: [{name: id, type: DECIMAL}]}",
    ),
    "rename-ambiguous": Guarded(
        "schema: {columns: [{name: id, type: LONG}, {name: amt, type: LONG}]}",
        "schema: {columns: [{name: id, type: LONG}, {name: amount, type: LONG}]}",
        "schema: {columns: [{name: id, type: LONG}, {name: amount, type: LONG, renamedFrom: amt}]}",
    ),
    NEVER: Guarded(
        "owner: user:ada\npermissions: [{principal: user:bot, access: CO_OWNER}]",
        "permissions: []",
        "permissions: [{principal: user:bot, access: CO_OWNER}]",
    ),
    "last-owner-lost": Guarded(
        "owner: user:ada\npermissions: [{principal: user:bot, access: CO_OWNER}]",
        "owner: user:bot\npermissions: []",
        "owner: user:bot\npermissions: [{principal: user:bo, access: CO_OWNER}]",
    ),
    "too-many-revocations": Guarded(
        f"owner: user:ada\npermissions: {MANY}",
        f"permissions: {MANY.replace(CY, '').replace(DEE, '')}",
        f"permissions: {MANY.replace(CY, '')}",
    ),
    "too-many-changes": Guarded("tags: [a]", "tags: [b]", "tags: [a]", datasets=4),
    "versions-deleted": Guarded(
        VERSIONS,
        "retention: {keepLast: 1, prune: true, guards: {maxDeletes: 0}}",
        "retention: {keepLast: 1, prune: true, guards: {maxDeletes: 1}}",
    ),
    "live-data-deleted": Guarded(
        LIVING,
        "retention: {keepLast: 1, prune: true, activeData: delete}",
        "retention: {keepLast: 1, prune: true, activeData: keep}",
    ),
    "everyone-gains-access": Guarded(
        "owner: user:ada\npermissions: [{principal: user:bot, access: CO_OWNER}]",
        "permissions: [{principal: user:bot, access: CO_OWNER}, {principal: group:staff, access: CAN_VIEW}]",
        "permissions: [{principal: user:bot, access: CO_OWNER}, {principal: group:fin, access: CAN_VIEW}]",
    ),
    "release-of-hold": Guarded(
        VERSIONS,
        "retention: {keepLast: 1, prune: true}",
        "retention: {keepLast: 1, prune: false}",
        held="the legal hold (of before)",
    ),
    "name-taken": Guarded(
        "",
        "schema: {columns: [{name: id, type: LONG}]}",
        "schema: {columns: [{name: key, type: LONG}]}",
        namesakes=("7",),
    ),
    "pin-without-version": Guarded(
        VERSIONS,
        'retention: {keepLast: 1, prune: true, pins: [{id: "7", reason: r}]}',
        'retention: {keepLast: 1, prune: true, pins: [{id: "2", reason: r}]}',
    ),
}


def test_every_guard_is_here() -> None:
    """A new guard comes with what it holds and what it lets pass."""
    assert set(CASES) == {*GUARD_CODES, NEVER}


@pytest.mark.parametrize("code", CASES)
def test_red(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan is held, and says so by the guard's code."""
    monkeypatch.chdir(tmp_path)
    assert code in blocking(planned(CASES[code], CASES[code].red, tmp_path))


@pytest.mark.parametrize("code", CASES)
def test_green(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes near and is harmless passes."""
    monkeypatch.chdir(tmp_path)
    assert code not in blocking(planned(CASES[code], CASES[code].green, tmp_path))


@pytest.mark.parametrize("code", CASES)
def test_lifted_by_its_name_only(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here or everywhere; no other name and no other dataset lifts it, and nothing lifts the actor's lockout."""
    monkeypatch.chdir(tmp_path)
    case, here, elsewhere = CASES[code], Address("acme", "d0"), Address("acme", "other")
    others = tuple(Allow(other) for other in CASES if other != code)
    assert code in blocking(planned(case, case.red, tmp_path, *others, Allow(code, elsewhere)))
    liftable = code != NEVER
    assert (code in blocking(planned(case, case.red, tmp_path, Allow(code)))) is not liftable
    if code != "too-many-changes":
        assert (code in blocking(planned(case, case.red, tmp_path, Allow(code, here)))) is not liftable


def blocking(plan: Plan) -> set[str]:
    assert not plan.errored, plan.diagnostics
    return {item.code for item in plan.diagnostics if item.severity == "blocked"}


def planned(case: Guarded, spec: str, folder: Path, *allows: Allow) -> Plan:
    """The plan of datasets that are all alike."""
    limit = WORKSPACE if case.datasets == 1 else WORKSPACE.replace("maxChangedDatasets: 100%", "maxChangedDatasets: 3")
    text = f"# A guard.\nplan\n-- manifests/workspace.yaml --\n{limit}-- manifests/principals.yaml --\n{EVERYONE}"
    for number in range(case.datasets):
        head = (
            f'apiVersion: reconciler/v1\nkind: Dataset\nmetadata: {{name: d{number}, target: acme, id: "{number}"}}\n'
        )
        text += f"-- manifests/d{number}.yaml --\n{head}spec:\n{indent(spec, '  ')}\n"
        text += f'-- live/d{number}.yaml --\nid: "{number}"\n{case.live}\n'
    for old in folder.glob("manifests/*"):
        old.unlink()
    if (folder / "manifests").is_dir():
        (folder / "manifests").rmdir()
    scenario = Scenario(parse(text), folder)
    taken = case.namesakes if spec == case.red else ()
    datasets = tuple(
        replace(dataset, id=None if case.namesakes else dataset.id, held=case.held, namesakes=taken)
        for dataset in scenario.workspace.datasets
    )
    scenario.workspace = replace(scenario.workspace, datasets=datasets)
    scenario.options.allows = allows
    return scenario.plan()
