"""Render a plan of many datasets in every format: `python -m tests.planning.scale [DATASETS]`.

Each format in a process of its own: seconds, and the largest resident memory; the bar is 5 s of CPU and 300 MB.
The plan file is made once, outside of what is measured, and read as `reconciler show` reads it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from random import Random

from reconciler.core.address import Address
from reconciler.core.diagnostics import Source
from reconciler.core.ports import DatasetRef, FacetState, Snapshot
from reconciler.facets import BY_NAME
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.planning import Desired, DesiredDataset, Limit, Limits, TargetView, plan
from reconciler.report.document import Meta, plan_json

from .situations import AS_OF, DIRECTORY, DOMO, NAMES, principal

SHAPES = ("text", "markdown", "json", "html")
SECONDS, MEGABYTES = 5.0, 300.0
ALL = Limit(100, percent=True)


def document(count: int) -> str:
    """The document of a plan in which each of `count` datasets gets a column, a tag, a grant, and loses a grant."""
    dice = Random(count)  # noqa: S311
    wanted, observed = [], []
    for number in range(count):
        address = Address("acme", f"table-{number:05}")
        who = dice.sample(NAMES, 4)
        columns = [f"column_{place}" for place in range(10)]
        spec = {
            "schema": {"columns": [{"name": name, "type": "LONG"} for name in columns]},
            "tags": {"values": ["finance", "gold"]},
            "permissions": {"grants": [{"principal": name, "access": "CAN_EDIT"} for name in who[:3]]},
            "owner": {"principal": "user:ada"},
        }
        sections = {name: BY_NAME[name].section.model_validate(value) for name, value in spec.items()}
        live = {
            "schema": FacetState(tuple(Column(name, "LONG") for name in columns[:9])),
            "tags": FacetState((Tag("finance"),)),
            "permissions": FacetState(tuple(Grant(principal(name), "CAN_EDIT") for name in who[1:])),
            "owner": FacetState((Owner(principal("user:ada")),)),
        }
        wanted.append(DesiredDataset(address, str(number), sections, Source(f"manifests/{number:05}.yaml", 4)))
        observed.append((wanted[-1], Snapshot(DatasetRef(address, str(number)), live, 4)))
    targets = {"acme": TargetView("domo", DOMO, DIRECTORY, principal("user:bot"))}
    made = plan(Desired(tuple(wanted), targets, Limits(ALL, ALL, ALL)), observed, AS_OF)
    return plan_json(made, Meta("1", "digest", "workspace"))


def make(path: Path, count: int) -> None:
    """Write the document of a plan of `count` datasets."""
    path.write_text(document(count), "utf-8")


def measured(path: Path, shape: str) -> tuple[float, float, float, int]:
    """Seconds, seconds of CPU, MB and bytes of `reconciler show`."""
    with tempfile.TemporaryFile() as out:
        begun = time.monotonic()
        command = [
            sys.executable,
            "-c",
            "from reconciler.cli import main; main()",
            "show",
            str(path),
            "--format",
            shape,
        ]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)  # noqa: S603
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        took = time.monotonic() - begun
        assert process.returncode == 0, shape
        return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.tell()


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        begun = time.monotonic()
        # Elsewhere: a process that is forked off a large one counts as large from the start.
        maker = get_context("spawn").Process(target=make, args=(path, count))
        maker.start()
        maker.join()
        took, size = time.monotonic() - begun, path.stat().st_size
        sys.stdout.write(f"{count:,} datasets; planned and written in {took:.1f} s, {size:,} bytes\n")
        sys.stdout.write(f"{'format':10}{'s':>8}{'cpu s':>8}{'MB':>8}{'bytes':>14}\n")
        figures = []
        for shape in SHAPES:
            seconds, cpu, megabytes, size = measured(path, shape)
            figures.append((cpu, megabytes))
            sys.stdout.write(f"{shape:10}{seconds:8.2f}{cpu:8.2f}{megabytes:8.0f}{size:14,}\n")
    return 0 if all(seconds <= SECONDS and megabytes <= MEGABYTES for seconds, megabytes in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
