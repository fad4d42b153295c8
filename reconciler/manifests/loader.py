"""A folder of manifests to a workspace, or to everything that is wrong with it, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.ports import Capabilities

from .datasets import Datasets
from .files import File, link_to, on_disk
from .models import DatasetManifest
from .reading import Folder, Reader, only_datasets, read_file
from .shared import Shared
from .workspace import Loaded


def load(
    root: Path, providers: Mapping[str, Capabilities], guards: frozenset[str], today: date | None = None
) -> Loaded:
    """Read every manifest below `root`.

    Args:
        root: the workspace's folder.
        providers: what each known provider can do, by name.
        guards: the codes an `allow` entry may name.
        today: the day, UTC, from which to tell what ends soon; None: nothing is told.
    """
    if link := link_to(root):
        summary, hint = f"{link} is a link, and links are not followed", "Name the folder itself with -w."
        return Loaded(None, (Diagnostic("no-workspace", "error", summary, hint=hint, source=Source(str(root), 1)),), 0)
    if not root.is_dir():
        summary = "there is no such folder"
        hint = "Name a workspace with -w, or write one with `reconciler init`."
        return Loaded(None, (Diagnostic("no-workspace", "error", summary, hint=hint, source=Source(str(root), 1)),), 0)
    return load_files(root, on_disk(root), providers, guards, today=today)


def load_files(
    root: Path,
    found: Iterable[File],
    providers: Mapping[str, Capabilities],
    guards: frozenset[str],
    reader: Reader = read_file,
    *,
    today: date | None = None,
) -> Loaded:
    """The workspace that the files `found` make, wherever they come from; `root` is what its folder is called.

    What datasets share is read first. Then one dataset is looked at after the other, and of none is more kept than
    its manifest's text.
    """
    files = list(found)
    ahead = {file.path: reader(file) for file in files if not only_datasets(file)}
    shared = Shared(root, [item for folder in ahead.values() for item in folder.manifests], providers, guards)
    datasets = Datasets(shared, today)
    problems: list[Diagnostic] = []
    broken: set[str] = set()
    count = 0
    for file in files:
        folder = ahead.pop(file.path, None) or reader(file)
        problems += folder.problems
        broken |= folder.broken
        count += len(folder.manifests)
        _take(folder, datasets)
    unsure = {code for kind in broken - shared.settled for code in NAMED_BY.get(kind, ())}
    together = [*shared.problems(), *datasets.problems]
    ending = shared.ending(today) if today is not None else ()
    kept = (problem for problem in together if problem.code not in unsure)
    diagnostics = ordered([*problems, *kept, *ending, *datasets.ending])
    wrong = any(item.severity == "error" for item in diagnostics)
    return Loaded(None if wrong else shared.workspace(datasets.desired, datasets.places), diagnostics, count)


NAMED_BY = {
    "Workspace": ("no-workspace", "unknown-target"),
    "Principals": ("unknown-principal",),
    "Profile": ("unknown-profile",),
}
"""What cannot be told while a manifest of a kind is refused: the name may well be in it."""


def _take(folder: Folder, datasets: Datasets) -> None:
    for item in folder.manifests:
        if isinstance(item.model, DatasetManifest):
            datasets.take(item.written, item.model)
