"""What was found about manifests before, so that a file that did not change is not read again.

An accelerator and nothing else: whatever is wrong with a cache, it is as if there were none. What it holds counts
only for a file of the very same bytes, beside the very same Workspace, Principals, Profile and Policy files, read by
the very same program. A file of it that others own or can write is not read, `app.caching` gives none that a checkout
could bring along, and what judges a stranger's files (`review`, `--guards-from`) is given none.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import reconciler

from .files import File

OWN = 0o600
RECORD = f"reconciler-{reconciler.__version__}.dist-info/RECORD"
"""What an installation of this package wrote, with a digest of each file; it lies beside the package."""
FOREIGN = stat.S_IWGRP | stat.S_IWOTH


class Fact(NamedTuple):
    """What a file says that holds one dataset and in which nothing is wrong, now or on any later day."""

    target: str
    name: str
    id: str | None
    profiles: tuple[str, ...]
    facets: tuple[str, ...]
    """The facets it manages once its profiles are merged in."""
    line: int
    """Of its metadata, from 1."""
    column: int


class Known(NamedTuple):
    """Everything that is known of one workspace."""

    context: str = ""
    """What stands for all that the datasets were seen with."""
    quiet: int | None = None
    """How many manifests are no datasets; None while there is more to say of them than that they are valid."""
    facts: Mapping[str, Fact] = {}
    """By digest of a file's content."""


class Cache:
    """The cache of one workspace."""

    def __init__(self, folder: Path, root: Path) -> None:
        """Remember where it is, or will be: a file in `folder` for the workspace at `root`."""
        place = blake2b(os.fsencode(root.absolute()), digest_size=16).hexdigest()
        self._path = folder / f"manifests-{place}"

    def load(self, context: str) -> Known:
        """What is known for `context`; nothing when there is no sound cache."""
        with suppress(OSError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
            sum_, body = self._content().split(b"\n", 1)
            if sum_.decode() == digest(body):
                held = json.loads(body)
                facts = {key: _fact(*words) for key, words in held["facts"].items()}
                if held["context"] == context:
                    return Known(context, held["quiet"], facts)
        return Known(context)

    def save(self, known: Known) -> None:
        """Replace what is there, whole; where that is not possible, nothing is kept."""
        body = json.dumps(known._asdict(), separators=(",", ":")).encode()
        part = self._path.with_name(f"{self._path.name}.{os.urandom(4).hex()}")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(part, "xb", opener=lambda path, flags: os.open(path, flags, OWN)) as file:
                file.write(digest(body).encode() + b"\n" + body)
            part.replace(self._path)
            return
        with suppress(OSError):
            part.unlink()

    def _content(self) -> bytes:
        with self._path.open("rb") as file:
            facts = os.fstat(file.fileno())
            if facts.st_uid != os.geteuid() or facts.st_mode & FOREIGN:
                raise PermissionError(self._path)
            return file.read()


class Memory:
    """A cache in use: what was known before, and what is to be known from now on."""

    def __init__(self, cache: Cache | None, shared: Iterable[File]) -> None:
        """Look up what is known beside the files `shared`.

        Without a cache that is nothing, and stays so; likewise where nobody can tell which program this is.
        """
        self._cache, self._before = cache, Known()
        self._facts: dict[str, Fact] = {}
        if cache is not None:
            try:
                self._before = cache.load(context_of(shared))
            except OSError:
                self._cache = None

    @property
    def quiet(self) -> int | None:
        """How many manifests are no datasets, where nothing was to be told of them."""
        return self._before.quiet

    def recall(self, file: File) -> Fact | None:
        """What is known of `file`."""
        return self._before.facts.get(digest(file.content)) if self._cache else None

    def note(self, file: File, fact: Fact) -> None:
        """Remember what was found in `file`."""
        if self._cache:
            self._facts[digest(file.content)] = fact

    def keep(self, quiet: int | None) -> None:
        """Write down what this run found, unless that was known."""
        known = Known(self._before.context, quiet, self._facts)
        if self._cache and known != self._before:
            self._cache.save(known)


def _fact(
    target: str, name: str, id_: str | None, profiles: list[str], facets: list[str], line: int, column: int
) -> Fact:
    return Fact(target, name, id_, tuple(profiles), tuple(facets), line, column)


def digest(content: bytes) -> str:
    """What stands for `content`."""
    return blake2b(content, digest_size=16).hexdigest()


def context_of(shared: Iterable[File]) -> str:
    """What stands for everything beside a dataset's own file that decides what is found about it.

    Raises:
        OSError: the program cannot be told from another one, as inside an archive.
    """
    total = blake2b(repr(_program()).encode(), digest_size=16)
    for file in shared:
        total.update(repr((file.path, file.refusal, digest(file.content))).encode())
    return total.hexdigest()


def _program() -> list[object]:
    """What stands for the program: the packages it can import, by version, and what is in this one.

    Times say nothing of an installed package: images and archives set them all to the same.
    """
    home = os.path.dirname(reconciler.__file__)  # noqa: PTH120 - a Path for each of hundreds costs more than all else
    try:
        with open(os.path.join(os.path.dirname(home), RECORD), "rb") as file:  # noqa: PTH118, PTH120, PTH123 - as above
            own: list[object] = [digest(file.read())]
    except FileNotFoundError:
        own = [*sorted(_sources(home))]
    return [sys.version, [_distributions(entry) for entry in sys.path], *own]


def _distributions(folder: str) -> list[str]:
    """The packages installed in a folder, by name and version; none where `sys.path` names what is not there."""
    try:
        return sorted(name for name in os.listdir(folder or ".") if name.endswith(".dist-info"))  # noqa: PTH208
    except FileNotFoundError:
        return []


def _sources(folder: str) -> Iterable[tuple[str, int, int]]:
    """The files of a package that is edited where it lies."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py") and entry.is_file():
                facts = entry.stat()
                yield entry.path, facts.st_size, facts.st_mtime_ns
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _sources(entry.path)
