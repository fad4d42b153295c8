"""The use case fmt: manifest files in the canonical layout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.manifests.files import SUFFIXES, is_folder, link_to, on_disk
from reconciler.manifests.problems import told
from reconciler.manifests.rewriting import NotFormattedError, formatted
from reconciler.manifests.writer import ChangedMeanwhileError, read_text, replace_text
from reconciler.manifests.yaml import read

from .exits import Exit, Stop


class Chosen(Struct, frozen=True):
    """A file to lay out."""

    path: Path
    refusal: str | None = None
    """Why it is not read."""


class Formatted(Struct, frozen=True):
    """What became of some files."""

    changed: tuple[Path, ...]
    """Those that are not, or were not, in the canonical layout."""
    same: int
    problems: tuple[Diagnostic, ...]


def format_files(
    chosen: Iterable[Chosen], *, write: bool, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Formatted:
    """Lay the `chosen` files out, or with `write` off only tell which would change."""
    changed: list[Path] = []
    problems: list[Diagnostic] = []
    every = list(chosen)
    for done, file in enumerate(every, start=1):
        found = _tried(file, write=write)
        if isinstance(found, list):
            problems += found
        elif found:
            changed.append(file.path)
        progress(done, len(every))
    same = len(every) - len(changed) - len({item.source.file for item in problems if item.source})
    return Formatted(tuple(changed), same, ordered(problems))


def _tried(file: Chosen, *, write: bool) -> bool | list[Diagnostic]:
    """The same as `_one`, of a file that may not be read, or not be written."""
    if file.refusal is not None:
        return [_unreadable(file.path, f"the file cannot be read: {file.refusal}")]
    try:
        return _one(file.path, write=write)
    except (OSError, ChangedMeanwhileError) as error:
        why = "it changed meanwhile" if isinstance(error, ChangedMeanwhileError) else error.strerror or str(error)
        return [_unreadable(file.path, f"the file cannot be read or written: {why}")]


def _unreadable(path: Path, summary: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic("unreadable-file", "error", summary, None, hint, Source(path.as_posix(), 1))


def _one(path: Path, *, write: bool) -> bool | list[Diagnostic]:
    """Whether the layout of a file differs from the canonical one, or why nobody can tell."""
    shown = path.as_posix()
    reading = read(path.read_bytes())
    if reading.problems:
        return list(told(reading.problems, shown))
    text = read_text(path)
    try:
        new = formatted(text)
    except NotFormattedError as error:
        summary = f"it cannot be laid out: {error}; it stays as it is"
        return [Diagnostic("not-formatted", "error", summary, source=Source(shown, 1))]
    if write and new != text:
        replace_text(path, new, expected=text)
    return new != text


NAME_FILES = "Name files that end in .yaml or .yml, folders, or a workspace with -w."


def chosen_files(root: Path, names: Sequence[Path]) -> Iterator[Chosen]:
    """The files below `names`, or below the workspace when none is given; what is not read of it, too.

    Raises:
        Stop: one is not there, is no YAML file, or has none in it.
    """
    for name in names or [root]:
        if link := link_to(name):
            summary, hint = f"{link} is a link, and links are not followed", "Name what it leads to."
            raise Stop(Exit.ERROR, _unreadable(name, summary, hint))
        if is_folder(name):
            found = [Chosen(Path(file.path), file.refusal) for file in on_disk(name)]
            if not found:
                raise Stop(Exit.ERROR, _unreadable(name, "there is no YAML file in it", NAME_FILES))
            yield from found
        elif os.path.isfile(name) and name.suffix.lower() in SUFFIXES:  # noqa: PTH113 - as `is_folder`
            yield Chosen(name)
        else:
            there = os.path.exists(name)  # noqa: PTH110 - as `is_folder`
            summary = "it is no YAML file" if there else "there is no such file or folder"
            raise Stop(Exit.ERROR, _unreadable(name, summary, NAME_FILES))
