"""A folder of manifests to a workspace, or to everything that is wrong with it, in one run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from shlex import quote

from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.ports import Capabilities
from reconciler.facets import sparing

from .cache import Cache, Fact, Memory
from .datasets import Datasets
from .files import Digest, File, link_to, on_disk, only_datasets, readable
from .hands import Seen, hands, seen_ahead
from .models import DatasetManifest
from .reading import Folder, Reader, quickly, read_file
from .shared import Shared
from .workspace import Loaded


def load(
    root: Path,
    providers: Mapping[str, Capabilities],
    guards: frozenset[str],
    today: date | None = None,
    cache: Cache | None = None,
    *,
    keep: bool = False,
) -> Loaded:
    """Read every manifest below `root`.

    Args:
        root: the workspace's folder.
        providers: what each known provider can do, by name.
        guards: the codes an `allow` entry may name.
        today: the day, UTC, from which to tell what ends soon; None: nothing is told.
        cache: what was found before, if that may be used.
        keep: whether the workspace is to hold its files.
    """
    try:
        link, there, file = link_to(root), root.is_dir(), root.is_file()
    except OSError as error:
        return _nowhere(root, f"it cannot be looked at: {error.strerror or error}", "Name a workspace with -w.")
    if link:
        return _nowhere(root, f"{link} is a link, and links are not followed", "Name the folder itself with -w.")
    if file:
        hint = f"Name the folder it is in: -w {quote(root.parent.as_posix())}"
        return _nowhere(root, "it is a file, and a workspace is a folder", hint)
    if not there:
        hint = "Name a workspace with -w, or write one with `reconciler init`."
        return _nowhere(root, "there is no such folder", hint)
    digest = Digest(root)
    found = digest.over(on_disk(root))
    kept = tuple(found) if keep else None
    loaded = load_files(root, found if kept is None else kept, providers, guards, today=today, cache=cache, worth=hands)
    if loaded.workspace is None:
        return loaded
    return replace(loaded, workspace=replace(loaded.workspace, digest=str(digest), files=kept))


def _nowhere(root: Path, summary: str, hint: str) -> Loaded:
    where = Source(readable(str(root)), 1)
    return Loaded(None, (Diagnostic("no-workspace", "error", summary, hint=hint, source=where),), 0)


@sparing()
def load_files(
    root: Path,
    found: Iterable[File],
    providers: Mapping[str, Capabilities],
    guards: frozenset[str],
    reader: Reader = read_file,
    *,
    today: date | None = None,
    cache: Cache | None = None,
    worth: Callable[[int], int] = lambda _files: 1,
) -> Loaded:
    """The workspace that the files `found` make, wherever they come from; `root` is what its folder is called.

    What datasets share is read first. Then one dataset is looked at after the other, and of none is more kept than
    its data. `worth` says how many processes so many files are worth.
    """
    files = deque(found)
    ahead = {file.path: reader(file) for file in files if not only_datasets(file)}
    shared = Shared(root, [item for folder in ahead.values() for item in folder.manifests], providers, guards)
    memory = Memory(cache, (file for file in files if file.path in ahead))
    loading = _Loading(Datasets(shared, today), memory)
    known = {file.path: fact for file in files if file.path not in ahead and (fact := memory.recall(file)) is not None}
    unknown = (file for file in files if file.path not in ahead and file.path not in known)
    with closing(seen_ahead([*unknown], _looking(shared), worth)) as others:
        while files:
            # Taken out: what a file holds is not kept beside what was made of it.
            file = files.popleft()
            if file.path in ahead:
                loading.take(ahead[file.path])
            elif file.path in known:
                loading.recall(file, known[file.path])
            elif (seen := next(others)) is not None:
                loading.recall(file, seen.fact, seen.packed)
            else:
                loading.take(reader(file), file)
    memory.keep(shared.quiet(ahead.values()))
    return loading.loaded(shared, today)


def _looking(shared: Shared) -> Callable[[File], Seen | None]:
    """What tells of a plain file in which nothing is wrong what it says, and nothing of any other."""
    datasets = Datasets(shared, None)

    def look(file: File) -> Seen | None:
        item = quickly(file)
        if item is None or item.packed is None or not isinstance(item.model, DatasetManifest):
            return None
        fact = datasets.take(item.written, item.model, item.packed)
        return Seen(fact, item.packed) if fact else None

    return look


class _Loading:
    """What was found so far."""

    def __init__(self, datasets: Datasets, memory: Memory) -> None:
        self._datasets, self._memory = datasets, memory
        self._problems: list[Diagnostic] = []
        self._broken: set[str] = set()
        self._count = 0

    def take(self, folder: Folder, alone: File | None = None) -> None:
        """Take in what a file gave; `alone` is the file, where nothing but datasets can be in it."""
        self._problems += folder.problems
        self._broken |= folder.broken
        self._count += len(folder.manifests)
        for item in folder.manifests:
            if isinstance(item.model, DatasetManifest):
                fact = self._datasets.take(item.written, item.model, item.packed)
                if fact is not None and alone is not None:
                    self._memory.note(alone, fact)

    def recall(self, file: File, fact: Fact, packed: bytes | None = None) -> None:
        """Take in a file in which nothing was found, before or by another process."""
        self._count += 1
        if self._datasets.recall(file, fact, packed):
            self._memory.note(file, fact)

    def loaded(self, shared: Shared, today: date | None) -> Loaded:
        """The end of it."""
        unsure = {code for kind in self._broken - shared.settled for code in NAMED_BY.get(kind, ())}
        together = (item for item in (*shared.problems(), *self._datasets.problems) if item.code not in unsure)
        ending = shared.ending(today) if today is not None else ()
        diagnostics = ordered([*self._problems, *together, *ending, *self._datasets.ending])
        wrong = any(item.severity == "error" for item in diagnostics)
        workspace = None if wrong else shared.workspace(self._datasets.desired, self._datasets.places)
        return Loaded(workspace, diagnostics, self._count)


NAMED_BY = {
    "Workspace": ("no-workspace", "unknown-target"),
    "Principals": ("unknown-principal",),
    "Profile": ("unknown-profile",),
}
"""What cannot be told while a manifest of a kind is refused: the name may well be in it."""
UNFOUND = frozenset(code for codes in NAMED_BY.values() for code in codes)
"""What is said of something that no manifest has."""
