"""What was found about manifests before, so that a file that did not change is not read again.

An accelerator and nothing else: whatever is wrong with a cache, it is as if there were none. What it holds counts
only for a file of the very same bytes, beside the very same Workspace, Principals, Profile and Policy files, read by
the very same program. It lies outside the workspace, in a folder that only its user can write: a repository cannot
bring one along, and nothing that judges a stranger's files (`review`, `--guards-from`) is given one.
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
PACKAGES = ("site-packages", "dist-packages")
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
        with suppress(OSError, ValueError, TypeError, AttributeError):
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

    def _content(self) -> bytes:
        with self._path.open("rb") as file:
            facts = os.fstat(file.fileno())
            if facts.st_uid != os.geteuid() or facts.st_mode & FOREIGN:
                raise PermissionError(self._path)
            return file.read()


class Memory:
    """A cache in use: what was known before, and what is to be known from now on."""

    def __init__(self, cache: Cache | None, shared: Iterable[File]) -> None:
        """Look up what is known beside the files `shared`; without a cache that is nothing, and stays so."""
        self._cache = cache
        self._before = cache.load(context_of(shared)) if cache else Known()
        self._facts: dict[str, Fact] = {}

    @property
    def quiet(self) -> int | None:
        """How many manifests are no datasets, where nothing was to be told of them."""
        return self._before.quiet

    def recall(self, file: File) -> Fact | None:
        """What is known of `file`."""
        return self._before.facts.get(digest(file.content)) if self._cache else None

    def note(self, file: File, fact: Fact) -> None:
        """Remember what was found in `file`."""
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
    """What stands for everything beside a dataset's own file that decides what is found about it."""
    total = blake2b(repr(_program()).encode(), digest_size=16)
    for file in shared:
        total.update(repr((file.path, file.refusal, digest(file.content))).encode())
    return total.hexdigest()


def _program() -> list[object]:
    """What stands for the program: its own files, and the folders whose content changes with every installation."""
    home = os.path.dirname(reconciler.__file__)  # noqa: PTH120 - a Path for each of hundreds costs more than all else
    installed = [(entry, os.stat(entry).st_mtime_ns) for entry in sys.path if entry.endswith(PACKAGES)]  # noqa: PTH116
    return [sys.version, *installed, *sorted(_sources(home))]


def _sources(folder: str) -> Iterable[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                facts = entry.stat()
                yield entry.path, facts.st_size, facts.st_mtime_ns
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _sources(entry.path)
