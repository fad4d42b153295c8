"""What a pull request waits for: a plan of what a branch changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from .measure import RECONCILER, Row, in_turns, row, spend
from .offline import fresh
from .online import TOKEN, vendor
from .workspaces import place, small, write_workspace

CHANGED = 5
"""Datasets that the branch changes; only their tags are managed, so that little is read of them."""


def changed_since(count: int, rounds: int) -> Iterator[Row]:
    """`plan --changed-since main` with `CHANGED` of `count` datasets changed, their requests answered at once."""
    with vendor(0) as port:
        root = fresh("branch")
        manifests = _branch(root, count, f"http://127.0.0.1:{port}")
        plan = [*RECONCILER, "plan", "-w", str(manifests), "--changed-since", "main"]
        cache = {"RECONCILER_CACHE": str(fresh("cache-branch"))}
        spend(plan, TOKEN | cache, root)
        turns = {
            "first run": lambda: spend(plan, TOKEN | {"RECONCILER_CACHE": ""}, root),
            "the rest known": lambda: spend(plan, TOKEN | cache, root),
        }
        found = in_turns(turns, rounds)
    for name, costs in found.items():
        note = f"{min(cost.cpu for cost in costs):.2f} s of processor time; peak {costs[0].peak:.0f} MiB"
        title = f"changed since: {CHANGED} of {count:,} datasets, {name}"
        yield row(title, [cost.wall for cost in costs], "s", "≤ 2 s", note=note)


def _branch(root: Path, count: int, url: str) -> Path:
    """A repository whose branch `main` is followed by changes that are not committed."""
    manifests = write_workspace(root / "manifests", count, url=url)
    numbers = [count // CHANGED * each for each in range(CHANGED)]
    for number in numbers:
        place(manifests, number).write_text(small(number, "weekly"), "utf-8")
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "base"]):
        subprocess.run(  # noqa: S603 - our own words
            ["git", "-c", "user.name=b", "-c", "user.email=b@b", *words],  # noqa: S607
            cwd=root,
            check=True,
            capture_output=True,
        )
    for number in numbers:
        place(manifests, number).write_text(small(number, "daily"), "utf-8")
    return manifests
