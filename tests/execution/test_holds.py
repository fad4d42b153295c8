"""Legal holds that an apply has known are found again, also those that an older version has written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import json

from reconciler.app.cluster import _sent
from reconciler.app.holds import Hold, known, note, remembered
from reconciler.app.workspaces import Selection, check, desired
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.manifests import Workspace

TEXT = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.domo.com, token: {env: T}}
  named: {provider: clarifai, url: https://api.clarifai.com, token: {env: U}, userId: a, appId: x}
  keyed: {provider: clarifai, url: https://api.clarifai.com, token: {env: V}}
"""
DATASET = """\
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: %s, id: "%s"}
spec: {retention: {keepLast: 1, prune: true}}
"""
NAMED = "clarifai https://api.clarifai.com appId=x userId=a"


@pytest.mark.parametrize(
    ("target", "record", "held"),
    [
        ("acme", '"account": "domo https://acme.domo.com", "id": "A-1"', ""),
        ("acme", '"account": "domo https://acme.domo.com", "id": " a-1"', ", on acme/o, which may be this dataset"),
        ("acme", '"account": "domo https://acme.domo.com", "id": "A-2"', None),
        ("acme", '"account": "domo https://other.domo.com", "id": "A-1"', None),
        ("named", f'"account": "{NAMED}", "id": "A-1"', ""),
        (
            "named",
            '"account": "clarifai https://api.clarifai.com", "id": "A-1"',
            ", on acme/o, which may be this dataset",
        ),
        (
            "keyed",
            '"account": "clarifai https://api.clarifai.com", "id": "A-1"',
            ", on acme/o, which may be this dataset",
        ),
        ("keyed", f'"account": "{NAMED}", "id": "A-1"', ", on acme/o, which may be this dataset"),
        ("named", f'"account": "{NAMED.replace("x", "y")}", "id": "A-1"', None),
    ],
)
def test_a_hold_that_was_written_down_still_stands(target: str, record: str, held: str | None, tmp_path: Path) -> None:
    """By the account and id of then; what may be the same dataset is held, too."""
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "all.yaml").write_text(TEXT + DATASET % (target, "A-1"))
    (tmp_path / ".reconciler").mkdir()
    (tmp_path / ".reconciler/holds.json").write_text(f'[{{"dataset": "acme/o", "reason": "case 7", {record}}}]')
    workspace = check(folder).workspace
    assert workspace is not None
    (found,) = remembered(desired(workspace, Selection()), workspace).datasets
    said = None if held is None else f'the legal hold "case 7" (known from an earlier apply{held})'
    assert found.held == said


KEYED = ("clarifai https://api.clarifai.com token=env:V", "A-1")


@pytest.mark.parametrize(
    ("record", "released"),
    [
        (Hold("named/o", "case 7", NAMED, "A-1", (KEYED,)), (KEYED,)),
        (Hold("named/o", "case 6", NAMED, "A-1", (KEYED,)), ()),
        (Hold("named/orders", "case 7"), ()),
    ],
    ids=["the same hold", "another one", "one of before it was created"],
)
def test_a_hold_that_stands_is_noted_once_and_keeps_its_releases(
    record: Hold, released: tuple[tuple[str, str], ...], tmp_path: Path
) -> None:
    """As what else it was released stays so while it is the same hold."""
    held = DATASET.replace("prune: true", "prune: true, legalHold: {reason: case 7, by: legal@acme.example}")
    workspace = knowing(record, held % ("named", "A-1"), tmp_path)
    (dataset,) = workspace.datasets
    note(workspace, Plan((DatasetPlan(dataset.address, "clarifai", "A-1", "no-op"),)), done=True)
    assert list(known(workspace.root).values()) == [Hold("named/orders", "case 7", NAMED, "A-1", released)]


def test_a_hold_is_forgotten_only_by_an_apply_about_its_dataset(tmp_path: Path) -> None:
    """Its manifest has it no more, and nothing was done about it."""
    record = Hold("named/orders", "case 7", NAMED, "A-1")
    workspace = knowing(record, DATASET % ("named", "A-1"), tmp_path)
    note(workspace, Plan(), done=True)
    assert list(known(workspace.root).values()) == [record]


def knowing(record: Hold, text: str, folder: Path) -> Workspace:
    (folder / "manifests").mkdir()
    (folder / "manifests/all.yaml").write_text(TEXT + text)
    (folder / ".reconciler").mkdir()
    (folder / ".reconciler/holds.json").write_bytes(json.encode([record]))
    workspace = check(folder / "manifests").workspace
    assert workspace is not None
    return workspace


UNNAMED = """\
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: named%s}
spec: {retention: {keepLast: 1, prune: true%s}}
"""
LEGAL = ", legalHold: {reason: case 7, by: legal@acme.example}"


def test_workspaces_side_by_side_do_not_forget_each_other_s_holds(tmp_path: Path) -> None:
    """Neither has an id for it yet, so each is to create one of its own."""
    ours, theirs = (beside(tmp_path, name, UNNAMED % ("", LEGAL)) for name in ("prod", "dev"))
    for workspace in (ours, theirs):
        note(workspace, about(workspace), done=True)
    mine, other = (Hold("named/orders", "case 7", NAMED, workspace=name) for name in ("prod", "dev"))
    assert list(known(tmp_path / "prod").values()) == [other, mine]
    theirs = beside(tmp_path, "dev", UNNAMED % ("", ""))
    assert held(theirs) == ['the legal hold "case 7" (known from an earlier apply)']
    note(theirs, about(theirs), done=True)
    assert list(known(tmp_path / "prod").values()) == [mine]
    assert held(theirs) == [None]


def test_a_hold_of_the_workspace_beside_may_be_on_what_is_called_the_same_here(tmp_path: Path) -> None:
    """It may have got the id that this manifest has; released here, it still stands there."""
    ours = beside(tmp_path, "prod", UNNAMED % ("", LEGAL))
    note(ours, about(ours), done=True)
    theirs = beside(tmp_path, "dev", UNNAMED % (", id: A-1", ""))
    said = " of the workspace prod beside this one, on what may be this dataset"
    assert held(theirs) == [f'the legal hold "case 7" (known from an earlier apply{said})']
    note(theirs, about(theirs), done=True)
    assert held(theirs) == [None]
    assert held(ours) == ['the legal hold "case 7" (known from an earlier apply)']


def test_a_workspace_that_was_renamed_knows_its_holds(tmp_path: Path) -> None:
    """The folder that the record names is gone; what is noted anew is noted once."""
    ours = beside(tmp_path, "prod", UNNAMED % ("", LEGAL))
    note(ours, about(ours), done=True)
    (tmp_path / "prod").rename(tmp_path / "live")
    ours = beside(tmp_path, "live", UNNAMED % ("", LEGAL))
    assert held(ours) == ['the legal hold "case 7" (known from an earlier apply)']
    note(ours, about(ours), done=True)
    assert list(known(ours.root).values()) == [Hold("named/orders", "case 7", NAMED, workspace="live")]


def test_a_worker_elsewhere_knows_whose_a_hold_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent to plan with has the folder of the workspace beside; without it, its hold would be this one's."""
    monkeypatch.chdir(tmp_path)
    ours, theirs = (beside(Path(), name, UNNAMED % ("", LEGAL)) for name in ("prod", "dev"))
    note(theirs, about(theirs), done=True)
    assert _sent(ours).keys() == {"prod/all.yaml", "dev/.beside", ".reconciler/holds.json"}


def beside(folder: Path, name: str, text: str) -> Workspace:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "all.yaml").write_text(TEXT + text)
    workspace = check(folder / name).workspace
    assert workspace is not None
    return workspace


def about(workspace: Workspace) -> Plan:
    return Plan(tuple(DatasetPlan(each.address, "clarifai", each.id, "no-op") for each in workspace.datasets))


def held(workspace: Workspace) -> list[str | None]:
    return [each.held for each in remembered(desired(workspace, Selection()), workspace).datasets]
