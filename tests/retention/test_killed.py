"""`kill -9` while partitions are deleted: whatever write it meets, one more apply settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox, World, documents_seed
from reconciler.sandbox.server import Server
from tests.campaigns import stage
from tests.campaigns.guillotine import Fall, Guillotine
from tests.support.playing import WORKSPACE

DAILY = "0dbe6a6a-5588-4a1e-9db4-989ca98762a5"
DATASET = f"""\
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: counts
  target: acme
  id: {DAILY}
  allow: [{{guard: live-data-deleted, reason: rows may go, until: 2049-12-31}}]
spec:
  retention: {{keepLast: 1, prune: true, activeData: delete}}
"""
PRINCIPALS = """\
apiVersion: reconciler/v1
kind: Principals
target: acme
users: {governance-bot: {id: "900", service: true}}
"""


@pytest.mark.parametrize("again", [("--auto-approve",), ("--resume",)], ids=["apply", "resume"])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_a_kill_at_any_write_is_settled_by_the_next_apply(
    n: int, again: tuple[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two partitions go: data, tag, data, index, tag and index once more. No deletion is asked for twice."""
    monkeypatch.setenv("DOMO_TOKEN", stage.TOKEN)
    sandbox = Sandbox(world=World())
    sandbox.seed(documents_seed())
    guillotine = Guillotine(sandbox, tmp_path / ".reconciler" / "journal")
    (tmp_path / "manifests").mkdir()
    with Server(guillotine.respond) as server:
        files = {"workspace": WORKSPACE.format(url=server.url), "principals": PRINCIPALS, "counts": DATASET}
        for name, text in files.items():
            (tmp_path / "manifests" / f"{name}.yaml").write_text(text)
        assert guillotine.await_fall(stage.start(tmp_path, "apply", "--auto-approve"), Fall(n, "in flight"))
        next_one = stage.start(tmp_path, "apply", *again)
        out, _ = next_one.communicate()
        assert next_one.returncode == 0, out
        assert stage.left(tmp_path / "manifests") == ""
    kept = sandbox.snapshot()["domo"]["dataset"][DAILY]
    assert [each["partitionId"] for each in kept["partitions"]] == ["2013-07-04"]
    assert kept["metadata"]["rowCount"] == 3
    deleted = [path.rpartition(DAILY)[2] for method, path, _ in guillotine.arrived if method == "DELETE"]
    assert deleted == [
        f"/{what}" for day in ("02", "03") for what in (f"tag/2013-07-{day}/data", f"partition/2013-07-{day}")
    ]
    sandbox.close()
