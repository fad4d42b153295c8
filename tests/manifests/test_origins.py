"""`explain ADDRESS`: each value, and the place, profile or default it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.entry import run

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Profile
metadata: {name: shared}
spec:
  tags: {values: [gold, "::error::x\\u202e"], ignore: ["um_*"]}
  permissions:
    mode: additive
    grants:
      - {principal: "user:#1", access: CAN_VIEW}
      - {principal: "user:#2", access: CAN_VIEW, reason: audit}
  retention: {keepLast: 3, guards: {minAge: 10d}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders.tags, target: acme, id: "1", profiles: [shared]}
spec:
  owner: user:#9
  tags: [silver]
  permissions:
    - {principal: "user:#1", access: CAN_EDIT, expires: 2031-01-31}
  retention: {guards: {maxDeletes: 1}, pins: [{id: 7, reason: SOX}]}
"""

EXPLAINED = """\
acme/orders.tags.permissions
  mode: additive                                                         manifests/w.yaml:12:11 (profile shared)
  grants: {principal: "user:#1", access: CAN_EDIT, expires: 2031-01-31}  manifests/w.yaml:25:7
  grants: {principal: "user:#2", access: CAN_VIEW, reason: audit}        manifests/w.yaml:15:9 (profile shared)
"""


@pytest.fixture
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("manifests").mkdir()
    Path("manifests/w.yaml").write_text(WORKSPACE)


@pytest.mark.usefixtures("_workspace")
def test_each_value_has_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Items of united lists one by one, nested settings one by one, defaults as such."""
    assert run(["explain", "acme/orders.tags.permissions"]) == 0
    assert capsys.readouterr() == (EXPLAINED, "")
    assert run(["explain", "acme/orders.tags"]) == 0
    out = capsys.readouterr().out
    assert "acme/orders.tags.schema: unmanaged, neither read nor touched\n" in out
    for line in (
        "values: gold manifests/w.yaml:10:19 (profile shared)",
        'values: "::error::x\\u202e" manifests/w.yaml:10:25 (profile shared)',
        "values: silver manifests/w.yaml:23:10",
        "keepLast: 3 manifests/w.yaml:16:25 (profile shared)",
        "guards.minAge: 10d manifests/w.yaml:16:45 (profile shared)",
        "guards.maxDeletes: 1 manifests/w.yaml:26:36",
        "guards.minVersions: 1 default",
        'pins: {id: "7", reason: SOX} manifests/w.yaml:26:47',
        'principal: "user:#9" manifests/w.yaml:22:10',
    ):
        assert line in [" ".join(shown.split()) for shown in out.splitlines()]


@pytest.mark.usefixtures("_workspace")
def test_what_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest address."""
    assert run(["explain", "acme/order.tags"]) == 1
    assert run(["explain", "acme/orders.tags.retentin"]) == 1
    assert run(["explain", "/x"]) == 1
    assert capsys.readouterr() == (
        "",
        (
            'Error:\nnothing-selected: there is no dataset "acme/order"\n  Did you mean acme/orders.tags?\n'
            'Error:\nnothing-selected: there is no facet "retentin"\n  Did you mean retention?\n'
            "Error:\nnothing-selected: '/x' is not an address; write TARGET/NAME or TARGET/NAME.FACET\n"
            "  Known: acme/orders.tags.\n"
        ),
    )
