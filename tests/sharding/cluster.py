"""A plan on a Dask cluster of two worker processes.

A group of its own, since it needs the `[dask]` extra: `pip install -e '.[dev,dask]'`, then
`python -m pytest tests/sharding/cluster.py`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .stage import environ, reconciler, unclocked


@dataclass
class Cluster:
    """A scheduler and its workers, processes of their own on loopback."""

    url: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [
        begin("distributed.cli.dask_scheduler", *place, "--port", str(port), folder=tmp_path),
        *(worker(port, tmp_path / f"worker-{number}") for number in (1, 2)),
    ]
    try:
        yield Cluster(f"dask://127.0.0.1:{port}", started[1:])
    finally:
        for process in started:
            process.kill()
            process.wait()


def worker(port: int, folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir()
    words = [f"tcp://127.0.0.1:{port}", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    return begin("distributed.cli.dask_worker", *words, "--local-directory", str(folder), folder=folder)


def begin(module: str, *words: str, folder: Path) -> subprocess.Popen[bytes]:
    log = (folder / "log").open("wb")
    return subprocess.Popen([sys.executable, "-m", module, *words], cwd=folder, env=environ(), stdout=log, stderr=log)  # noqa: S603


def two_workers(cluster: Cluster) -> None:
    from distributed import Client  # noqa: PLC0415 - the extra

    with Client(cluster.url.replace("dask", "tcp"), timeout=30) as client:
        client.wait_for_workers(2, timeout=30)


def test_two_workers_make_the_plan_of_one_process(workspace: Path, cluster: Cluster) -> None:
    """Byte for byte, the limits of the workspace judged on the whole; and no token is in what was said."""
    two_workers(cluster)
    alone = reconciler(workspace, "plan", "--out", "alone.json")
    there = reconciler(workspace, "plan", "--out", "there.json", "--executor", cluster.url)
    assert alone.returncode == 3
    assert (there.returncode, there.stdout) == (alone.returncode, alone.stdout), there.stderr
    assert there.stderr.replace("there.json", "alone.json") == alone.stderr
    assert unclocked(workspace / "there.json") == unclocked(workspace / "alone.json")
    logs = [path.read_text("utf-8") for path in workspace.rglob("log")]
    assert not any(environ()["DOMO_TOKEN"] in text for text in [there.stdout, there.stderr, *logs])


def test_a_worker_that_dies_is_made_good_by_the_other(workspace: Path, cluster: Cluster) -> None:
    """Dask hands its part on; with nobody left, what is missing is named and nothing is merged."""
    two_workers(cluster)
    path = workspace / "manifests/workspace.yaml"
    path.write_text(path.read_text("utf-8").replace("requestsPerSecond: 1000", "requestsPerSecond: 4"), "utf-8")
    alone = reconciler(workspace, "plan", "--out", "alone.json")
    for deaths, code in ((1, alone.returncode), (2, 1)):
        command = [sys.executable, "-c", "from reconciler.cli import main; main()"]
        running = subprocess.Popen(  # noqa: S603
            [*command, "plan", "--out", f"{deaths}.json", "--executor", cluster.url],
            cwd=workspace,
            env=environ(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(3)
        os.kill(cluster.workers[deaths - 1].pid, signal.SIGKILL)
        _, told = running.communicate(timeout=90)
        assert running.returncode == code, told
    assert unclocked(workspace / "1.json") == unclocked(workspace / "alone.json")
    assert "executor-unusable: no worker delivered its part" in told
    assert not (workspace / "2.json").exists()
