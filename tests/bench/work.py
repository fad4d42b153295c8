"""What the benchmark times in a process of its own: `validate FOLDER [CACHES]` or `plan FOLDER SNAPSHOT`.

Prints the seconds of processor time that the work took, imports not counted, other processes' share included.
`validate` keeps to one core.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from reconciler.app.workspaces import Selection, check, desired, open_workspace
from reconciler.core.ports import DatasetRef, FacetState, Snapshot
from reconciler.planning import Desired, DesiredDataset, plan
from reconciler.report import plan_text

from .workspaces import Live

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def validate(folder: Path, caches: Path | None = None) -> str:
    """What `reconciler validate` does with a folder, by what was found before where `caches` has it."""
    loaded = check(folder, caches=caches)
    return f"{loaded.manifests} manifests, {len(loaded.diagnostics)} findings"


def planned(folder: Path, live: Path) -> str:
    """Manifests against a saved snapshot, to the text of the plan; a dataset at a time, as a plan of live state is."""
    workspace = open_workspace(folder)
    wanted = desired(workspace, Selection())
    return plan_text(plan(wanted, _observed(wanted, live), NOW))[-200:]


def _observed(wanted: Desired, live: Path) -> Iterator[tuple[DesiredDataset, Snapshot]]:
    by_id, read = {dataset.id: dataset for dataset in wanted.datasets}, msgspec.json.Decoder(Live).decode
    with live.open("rb") as lines:
        for said in map(read, lines):
            dataset = by_id[said.id]
            facets = {name: FacetState(elements) for name, elements in msgspec.structs.asdict(said.facets).items()}
            yield dataset, Snapshot(DatasetRef(dataset.address, said.id), facets, len(facets))


def main() -> None:
    """Run what the arguments ask for, and collect as the command line does."""
    gc.set_threshold(200_000, 20, 100)
    what, *paths = sys.argv[1:]
    if what == "validate":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    begun = spent()
    told = (validate if what == "validate" else planned)(*map(Path, paths))
    sys.stdout.write(f"{spent() - begun:.4f}\n{told}\n")
    gc.freeze()


def spent() -> float:
    """Seconds of processor time so far, of this process and of those that it waited for."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime


if __name__ == "__main__":
    main()
