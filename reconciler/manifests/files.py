"""The files of a workspace and the documents in them."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.facets import did_you_mean

from .findings import findings, source
from .manifest import Manifest
from .models import API_VERSION, KINDS
from .salvage import salvage
from .yaml import LARGEST, Document, read

__all__ = [
    "SUFFIXES",
    "File",
    "Folder",
    "Manifest",
    "Reader",
    "files",
    "kind_of",
    "on_disk",
    "parse",
    "read_file",
    "read_files",
]

MOST_PROBLEMS = 100
"""Documents of a file that come after so many problems are not looked at."""

SUFFIXES = {".yaml", ".yml"}
LINK = "it is a link, and links are not followed"
SPECIAL = "it is not a regular file"
ALL_KINDS = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a workspace, from disk or from a git tree."""

    path: str
    """As the user would write it."""
    content: bytes
    refusal: str | None = None
    """Why it could not be read."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Everything below a folder, or in one file of it."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Diagnostic, ...]
    broken: frozenset[str]
    """Kinds of which a manifest was refused; what they would have named is unknown, not missing."""


Reader: TypeAlias = Callable[[File], Folder]
"""What reads one file; one that remembers reads what two trees share once."""


def read_files(found: Iterable[File], reader: Reader) -> Folder:
    """Every manifest in `found`, and everything wrong with each file taken by itself."""
    parts = [reader(file) for file in found]
    return Folder(
        tuple(item for part in parts for item in part.manifests),
        tuple(problem for part in parts for problem in part.problems),
        frozenset(kind for part in parts for kind in part.broken),
    )


def read_file(file: File) -> Folder:
    """The manifests in one file, and everything wrong with it taken by itself."""
    if file.refusal is not None:
        summary = f"the file cannot be read: {file.refusal}"
        return Folder((), (Diagnostic("unreadable-file", "error", summary, source=Source(file.path, 1)),), ALL_KINDS)
    reading = read(file.content)
    found: list[Manifest] = []
    problems: list[Diagnostic] = []
    broken: set[str] = set(ALL_KINDS if reading.problems else ())
    for item in reading.problems:
        where = Source(file.path, item.position.line, item.position.column)
        problems.append(Diagnostic(item.code, "error", item.message, hint=item.hint, source=where))
    for index, document in enumerate(reading.documents):
        if len(problems) >= MOST_PROBLEMS:
            where = source(document, (), file.path)
            summary = f"reading stopped here, after {MOST_PROBLEMS} problems"
            problems.append(Diagnostic("too-many-problems", "error", summary, hint="Mend these first.", source=where))
            broken |= ALL_KINDS
            break
        result = parse(document, file.path, index)
        if isinstance(result, Manifest):
            found.append(result)
        else:
            problems += result.problems
            found += [result.rest] if result.rest else []
            broken.add(kind_of(document))
    return Folder(tuple(found), tuple(problems), frozenset(broken))


def on_disk(root: Path) -> Iterator[File]:
    """The YAML files below `root` with what they hold; of one that is too large just enough to be refused."""
    for path, refusal in _entries(root):
        if refusal is not None:
            yield File(path.as_posix(), b"", refusal)
            continue
        try:
            with path.open("rb") as stream:
                yield File(path.as_posix(), stream.read(LARGEST + 1))
        except OSError as error:
            yield File(path.as_posix(), b"", error.strerror or str(error))


def kind_of(document: Document) -> str:
    """The kind a document claims to be; empty when it claims none."""
    return str(document.data.get("kind", "")) if isinstance(document.data, dict) else ""


def files(root: Path) -> Iterator[Path]:
    """The YAML files below `root` that can be read, sorted."""
    return (path for path, refusal in _entries(root) if refusal is None)


def _entries(root: Path) -> Iterator[tuple[Path, str | None]]:
    """What is named as YAML below `root`, sorted, each with why it is not read, if it is not.

    Folders and files whose name begins with a dot are not looked at. Only regular files are read, and links are not
    followed: a workspace may come from a stranger's pull request. But what is not read may not be skipped in silence.
    """
    try:
        found = sorted(root.iterdir())
    except OSError as error:
        yield root, error.strerror or str(error)
        return
    for path in found:
        if path.name.startswith("."):
            continue
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _entries(path)
        elif path.suffix.lower() in SUFFIXES:
            yield path, None if stat.S_ISREG(mode) else LINK if stat.S_ISLNK(mode) else SPECIAL


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that is no valid manifest."""

    problems: tuple[Diagnostic, ...]
    rest: Manifest | None = None
    """What is left of it without the refused parts, so that one run finds what is wrong with the rest, too."""


def parse(document: Document, file: str, index: int) -> Manifest | Refused:
    """The manifest in `document`, or what is wrong with it."""
    data = document.data
    if not isinstance(data, dict):
        summary = "a manifest is a mapping with apiVersion, kind and what belongs to the kind"
        return Refused((Diagnostic("invalid-type", "error", summary, source=source(document, (), file)),))
    kind = data.get("kind")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        return Refused(tuple(_unknown_kind(document, data, file)))
    try:
        return Manifest(model.model_validate(data), document, file, index)
    except ValidationError as error:
        problems = tuple(findings(error, model, document, file))
        return Refused(problems, salvage(error, model, document, file, index))


def _unknown_kind(document: Document, data: dict[str, object], file: str) -> Iterable[Diagnostic]:
    if "kind" not in data:
        yield Diagnostic("missing-key", "error", '"kind" is missing', None, _kinds(), source(document, (), file))
        return
    kind = data["kind"]
    hint = did_you_mean(str(kind), KINDS) or _kinds()
    yield Diagnostic(
        "unknown-kind", "error", f"there is no kind {kind!r}", None, hint, source(document, ("kind",), file)
    )


def _kinds() -> str:
    return f"apiVersion is {API_VERSION}; kind is one of {', '.join(KINDS)}."
