"""A process that reviews what it is told to, and tells every file, program and connection that it meant to use.

Python's own audit events tell what Python does, git's trace tells what git starts; one process serves many reviews,
because starting it takes longer than a review.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[2]
SECONDS = 20

WORKER = """
import contextlib, io, json, os, signal, sys
seen = []
STARTS = {"subprocess.Popen", "os.exec", "os.system", "socket.connect", "socket.getaddrinfo", "os.posix_spawn"}
def note(event, arguments):
    if event in STARTS or (event == "open" and isinstance(arguments[0], (str, bytes))):
        seen.append([event, os.fsdecode(arguments[0]) if event == "open" else str(arguments[0])])
from reconciler.cli.entry import run
sys.addaudithook(note)
for line in sys.stdin:
    folder, trace, seconds, arguments = json.loads(line)
    os.chdir(folder)
    os.environ["GIT_TRACE2_EVENT"] = trace
    out, err = io.StringIO(), io.StringIO()
    seen.clear()
    signal.alarm(seconds)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    signal.alarm(0)
    noted = list(seen)
    sys.__stdout__.write(json.dumps([code, noted, out.getvalue(), err.getvalue()]) + chr(10))
    sys.__stdout__.flush()
"""


@dataclass(frozen=True)
class Seen:
    """What one command did."""

    code: int
    printed: str
    opened: frozenset[str]
    """Files, with every link on the way followed."""
    started: frozenset[str]
    """Programs that Python started, and what it connected to."""
    by_git: tuple[str, ...]
    """Programs that git started."""


class Auditor:
    """The process, as long as it is open."""

    def __init__(self) -> None:
        self._worker = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE
        )

    def run(self, folder: Path, trace: Path, arguments: Sequence[str]) -> Seen:
        """What a command in `folder` does; `trace` is a file that git tells of itself in."""
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.write(json.dumps([str(folder), str(trace), SECONDS, list(arguments)]) + "\n")
        self._worker.stdin.flush()
        code, noted, out, err = json.loads(self._worker.stdout.readline())
        opened = (os.path.realpath(folder / what) for event, what in noted if event == "open")
        started = frozenset(what for event, what in noted if event != "open")
        return Seen(code, out + err, frozenset(opened), started, children(trace))

    def close(self) -> None:
        """End it."""
        self._worker.communicate()


def children(trace: Path) -> tuple[str, ...]:
    """The programs that git tells of having started; none when it has not run."""
    told = map(json.loads, trace.read_text("utf-8", "replace").splitlines() if trace.exists() else ())
    return tuple(str(item["argv"]) for item in told if item["event"] in {"child_start", "exec"})
