"""What cannot be planned on a Dask cluster; `cluster.py`, a group of its own, plans on one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reconciler.app.cluster import result_of, run_part
from tests.support.playing import TOKEN

from .stage import reconciler


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--executor", "http://x"], "executor-unusable: http://x is no executor: write dask://HOST:PORT"),
        (["--executor", "dask://127.0.0.1:9", "--guards-from", "main"], "leave out --guards-from"),
        (["--executor", "dask://127.0.0.1:9", "-w", "../manifests"], "as a path below this folder"),
        (["--executor", "dask://127.0.0.1:9", "-w", "."], "as a path below this folder"),
    ],
    ids=["no executor", "git", "a path outside", "this folder"],
)
def test_what_no_cluster_can_do_is_refused(workspace: Path, words: list[str], why: str) -> None:
    """Before anything is sent."""
    folder = workspace / "manifests" if words[-1] == "." else workspace / "below"
    folder.mkdir(exist_ok=True)
    done = reconciler(folder if "-w" in words else workspace, "plan", *words)
    assert (done.returncode, why in done.stderr) == (1, True), done.stderr


def test_a_part_leaves_nothing_on_its_worker(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cache for a folder that no other part will ever have."""
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    monkeypatch.setenv("RECONCILER_CACHE", str(tmp_path / "caches"))
    sent = {f"manifests/{path.name}": path.read_bytes() for path in (workspace / "manifests").iterdir()}
    part, said = run_part(sent, ["-w", "manifests", "--shard", "1/2"])
    assert part is not None, said
    assert not (tmp_path / "caches").exists()


def test_a_part_that_ran_out_of_time_itself_is_missing() -> None:
    """It is told from one that nobody delivered yet."""

    class Late:
        """As Dask gives it: done, and what it raised is raised again."""

        def result(self, timeout: float) -> object:
            raise TimeoutError(f"after less than {timeout}")

        def done(self) -> bool:
            return True

    client: Any = SimpleNamespace(scheduler_info=lambda **_: pytest.fail("nobody else has to be asked"))
    late: Any = Late()
    assert result_of(client, late) == (None, "TimeoutError: after less than 10.0")
