"""What two profiles of one dataset disagree on is an error, unless the dataset says it itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reconciler.app.workspaces import check

TODAY = date(2026, 11, 21)

SHARED = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Principals
target: acme
users: {bo: {id: "101"}, cy: {id: "102"}}
---
apiVersion: reconciler/v1
kind: Profile
metadata: {name: viewing}
spec: {permissions: [{principal: user:bo, access: CAN_VIEW}, {principal: user:cy, access: CAN_VIEW}]}
---
apiVersion: reconciler/v1
kind: Profile
metadata: {name: editing}
spec: {permissions: [{principal: user:bo, access: CAN_EDIT}, {principal: user:cy, access: CAN_VIEW}]}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, id: "1", profiles: [viewing, editing]}
"""


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        pytest.param("permissions: [{principal: user:bo, access: CAN_SHARE}]", [], id="it names whom they disagree on"),
        pytest.param("permissions: [{principal: user:cy, access: CAN_SHARE}]", ["profile-conflict"], id="another"),
        pytest.param("permissions: []", ["profile-conflict"], id="nobody"),
        pytest.param("permissions: {mode: authoritative}", ["profile-conflict"], id="the mode"),
        pytest.param("tags: [gold]", ["profile-conflict"], id="another facet"),
    ],
)
def test_a_dataset_settles_what_it_says_itself(spec: str, found: list[str], tmp_path: Path) -> None:
    """A list that is united by its items is settled item by item: whoever is not named stays in dispute."""
    (tmp_path / "all.yaml").write_text(f"{SHARED}spec: {{{spec}}}\n")
    assert [item.code for item in check(tmp_path, TODAY).diagnostics] == found
