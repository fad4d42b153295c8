"""Of grants that ended or soon end, whoever checks manifests is told, with the day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from reconciler.app.workspaces import check

TODAY = date(2026, 11, 21)
WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, id: "1"}
spec:
  permissions:
"""


def told(folder: Path, *days: int) -> list[tuple[str, str]]:
    """What is said of a grant for each of `days` from today; its user has the place's number."""
    grants = [
        f'    - {{principal: "user:#{number}", access: CAN_VIEW, expires: {TODAY + timedelta(days=day)}}}\n'
        for number, day in enumerate(days)
    ]
    (folder / "all.yaml").write_text(WORKSPACE + "".join(grants))
    return [(item.code, item.summary) for item in check(folder, TODAY).diagnostics]


def test_an_end_is_told_from_two_weeks_before(tmp_path: Path) -> None:
    """A grant's last day is still its day, and nothing is said of one that has longer."""
    assert sorted(told(tmp_path, -20, -1, 0, 1, 2, 14, 15, 400)) == [
        ("grant-ending", "the grant to user:#2 ends today"),
        ("grant-ending", "the grant to user:#3 ends in 1 day, on 2026-11-22"),
        ("grant-ending", "the grant to user:#4 ends in 2 days, on 2026-11-23"),
        ("grant-ending", "the grant to user:#5 ends in 14 days, on 2026-12-05"),
        ("grant-expired", "the grant to user:#0 ended on 2026-11-01"),
        ("grant-expired", "the grant to user:#1 ended on 2026-11-20"),
    ]
