"""Legal holds that an apply has known are found again, also those that an older version has written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.app.holds import remembered
from reconciler.app.workspaces import Selection, check, desired

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
