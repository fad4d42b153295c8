"""What cannot be planned on a Dask cluster; `cluster.py`, a group of its own, plans on one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import reconciler


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--executor", "http://x"], "executor-unusable: http://x is no executor: write dask://HOST:PORT"),
        (["--executor", "dask://127.0.0.1:9", "--guards-from", "main"], "leave out --guards-from"),
        (["--executor", "dask://127.0.0.1:9", "-w", "../manifests"], "as a path below this folder"),
    ],
    ids=["no executor", "git", "a path outside"],
)
def test_what_no_cluster_can_do_is_refused(workspace: Path, words: list[str], why: str) -> None:
    """Before anything is sent."""
    folder = workspace / "below"
    folder.mkdir()
    done = reconciler(folder if "-w" in words else workspace, "plan", *words)
    assert (done.returncode, why in done.stderr) == (1, True), done.stderr
