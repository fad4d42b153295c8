"""A workspace that is planned and applied in parts, and processes that do so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.playing import TOKEN

COUNT = 12
COMMAND = [sys.executable, "-c", "from reconciler.cli import main; main()"]


def environ(**more: str) -> dict[str, str]:
    return {**os.environ, "DOMO_TOKEN": TOKEN, **more}


def reconciler(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [*COMMAND, *arguments], cwd=folder, env=environ(**more), capture_output=True, text=True, check=False
    )


def shards(folder: Path, *flags: str) -> list[str]:
    """Three parts, made at the same time; the third as a Kubernetes job would ask for it."""
    parts = {"1.json": "1/3", "2.json": "2/3", "3.json": "job/3"}
    running = [
        subprocess.Popen(  # noqa: S603
            [*COMMAND, "plan", "--shard", part, "--out", name, *flags],
            cwd=folder,
            env=environ(JOB_COMPLETION_INDEX="2"),
            stderr=subprocess.DEVNULL,
        )
        for name, part in parts.items()
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    return list(parts)


def unclocked(path: Path) -> str:
    """A plan's document without the moment at which it was made, which its id does not cover either."""
    return re.sub(r'"created_at": "[^"]*"', '"created_at": ""', path.read_text("utf-8"))
