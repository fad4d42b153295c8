"""The files of a workspace and the documents in them."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.facets import Model, did_you_mean

from .findings import findings, source
from .models import API_VERSION, KINDS
from .yaml import Document, read

SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """One valid document and where it stands."""

    model: Model
    document: Document
    file: str
    """Path as the user would write it."""
    index: int
    """Which of the file's documents, from 0."""

    def source(self, *path: str | int) -> Source:
        """The place of the value at `path`."""
        return source(self.document, path, self.file)


@dataclass(frozen=True, slots=True)
class Folder:
    """Everything below a folder, file by file."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Diagnostic, ...]
    broken: frozenset[str]
    """Kinds of which a manifest was refused; what they would have named is unknown, not missing."""


def read_folder(root: Path) -> Folder:
    """Read every manifest below `root`, and everything wrong with each file taken by itself."""
    found: list[Manifest] = []
    problems: list[Diagnostic] = []
    broken: set[str] = set()
    for path in files(root):
        shown = path.as_posix()
        try:
            reading = read(path.read_bytes())
        except OSError as error:
            summary = f"the file cannot be read: {error.strerror}"
            problems.append(Diagnostic("unreadable-file", "error", summary, source=Source(shown, 1)))
            broken.update(KINDS)
            continue
        for item in reading.problems:
            where = Source(shown, item.position.line, item.position.column)
            problems.append(Diagnostic(item.code, "error", item.message, hint=item.hint, source=where))
            broken.update(KINDS)
        for index, document in enumerate(reading.documents):
            result = parse(document, shown, index)
            if isinstance(result, Manifest):
                found.append(result)
            else:
                problems += result
                broken.add(kind_of(document))
    return Folder(tuple(found), tuple(problems), frozenset(broken))


def kind_of(document: Document) -> str:
    """The kind a document claims to be; empty when it claims none."""
    return str(document.data.get("kind", "")) if isinstance(document.data, dict) else ""


def files(root: Path) -> Iterator[Path]:
    """YAML files below `root`, sorted; folders and files whose name begins with a dot are not looked at.

    Only regular files are read, and links are not followed: a workspace may come from a stranger's pull request.
    """
    for path in sorted(root.iterdir()):
        if path.name.startswith("."):
            continue
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from files(path)
        elif stat.S_ISREG(mode) and path.suffix in SUFFIXES:
            yield path


def parse(document: Document, file: str, index: int) -> Manifest | list[Diagnostic]:
    """The manifest in `document`, or what is wrong with it."""
    data = document.data
    if not isinstance(data, dict):
        summary = "a manifest is a mapping with apiVersion, kind and what belongs to the kind"
        return [Diagnostic("invalid-type", "error", summary, source=source(document, (), file))]
    kind = data.get("kind")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        return list(_unknown_kind(document, data, file))
    try:
        return Manifest(model.model_validate(data), document, file, index)
    except ValidationError as error:
        return list(findings(error, model, document, file))


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
