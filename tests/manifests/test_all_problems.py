"""One run finds everything: what is wrong in one item of a list hides nothing about the others."""

from __future__ import annotations

from pathlib import Path

from reconciler.app.workspaces import check

TEXT = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: orders
  target: acme
  id: 7
  allow:
    - {guard: column-droped, reason: x, until: 2026-1-1}
    - {guard: column-dopped, reason: x, until: 2027-01-01}
spec:
  permissions:
    - {principal: user:nobody, access: CAN_VIEW}
    - {principal: user:#1, acess: CAN_VIEW}
    - {principal: somebody, access: CAN_VIEW}
    - {principal: user:nobody-else, access: CAN_VIW}
    - {principal: "user:#", access: CAN_VIEW}
  schedule: {type: DAY, at: "25:99 PM"}
  schema:
    columns:
      - {name: a}
      - {name: b, type: STRNG}
      - {name: b, type: LONG}
  tags: [1.10, gold]
"""


def test_what_is_wrong_with_one_item_hides_nothing(tmp_path: Path) -> None:
    """Every complaint, at its place in the file as it is written."""
    (tmp_path / "all.yaml").write_text(TEXT)
    found = [(item.source.line, item.source.column, item.code) for item in check(tmp_path).diagnostics if item.source]
    assert found == [
        (11, 7, "invalid-type"),
        (13, 48, "invalid-value"),
        (14, 15, "unknown-guard"),
        (17, 19, "unknown-principal"),
        (18, 7, "missing-key"),
        (18, 28, "unknown-key"),
        (19, 19, "invalid-value"),
        (20, 19, "unknown-principal"),
        (20, 45, "unknown-access-level"),
        (21, 19, "invalid-value"),
        (22, 29, "invalid-value"),
        (25, 9, "missing-key"),
        (26, 16, "duplicate-item"),
        (26, 25, "unknown-column-type"),
        (27, 16, "duplicate-item"),
        (28, 10, "invalid-type"),
    ]
