"""From a file to the manifests in it, or to what is wrong with it taken by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec import Struct, msgpack
from pydantic import ValidationError

from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.facets import did_you_mean

from . import yaml
from .files import File
from .findings import findings, known_keys, mistyped, source, unknown_key
from .manifest import Manifest, Written
from .models import API_VERSION, KINDS, DatasetManifest
from .problems import told
from .salvage import salvage
from .yaml import Document, again, quick

MOST_PROBLEMS = 100
"""Documents of a file that come after so many problems are not looked at."""

ALL_KINDS = frozenset(KINDS)


class Folder(Struct, frozen=True):
    """Everything below a folder, or in one file of it."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Diagnostic, ...]
    broken: frozenset[str]
    """Kinds of which a manifest was refused; what they would have named is unknown, not missing."""


Reader: TypeAlias = Callable[[File], Folder]
"""What reads one file; one that remembers reads what two trees share once."""


def read_file(file: File) -> Folder:
    """The manifests in one file, and everything wrong with it taken by itself."""
    if file.refusal is not None:
        summary = f"the file cannot be read: {file.refusal}"
        return Folder((), (Diagnostic("unreadable-file", "error", summary, source=Source(file.path, 1)),), ALL_KINDS)
    found = quickly(file)
    return Folder((found,), (), frozenset()) if found else with_places(file)


def quickly(file: File) -> Manifest | None:
    """What is in a plain file in which nothing is wrong; None: read it with places, to take it or to tell why not."""
    data = quick(file.content)
    kind = data.get("kind") if isinstance(data, dict) else None
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        return None
    try:
        return Manifest(model.model_validate(data), Written(file.content, file.path), msgpack.encode(data))
    except ValidationError:
        return None


def with_places(file: File) -> Folder:
    """The same by the careful reader alone, which knows where everything stands."""
    reading = yaml.read(file.content)
    found: list[Manifest] = []
    problems = [*told(reading.problems, file.path)]
    broken: set[str] = set(ALL_KINDS if reading.problems else ())
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
            # A manifest of a kind that nobody knows was meant to be of one.
            broken |= {kind} if (kind := kind_of(document)) in KINDS else ALL_KINDS
    return Folder(tuple(found), tuple(problems), frozenset(broken))


def dataset_of(text: bytes) -> DatasetManifest:
    """The one dataset in a file that was read quickly before, if only in an earlier run."""
    return DatasetManifest.model_validate(again(text))


def dataset_in(packed: bytes) -> DatasetManifest:
    """The one dataset in `packed`."""
    return DatasetManifest.model_validate(msgpack.decode(packed))


def kind_of(document: Document) -> str:
    """The kind a document claims to be; empty when it claims none."""
    return str(document.data.get("kind", "")) if isinstance(document.data, dict) else ""


class Refused(Struct, frozen=True):
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
        return Manifest(model.model_validate(data), Written(document, file, index))
    except ValidationError as error:
        problems = tuple(findings(error, model, document, file))
        return Refused(problems, salvage(error, model, document, file, index))


def _unknown_kind(document: Document, data: dict[str, object], file: str) -> Iterable[Diagnostic]:
    if "kind" not in data:
        known = {key for each in KINDS.values() for key in known_keys(each, ())}
        if (typo := mistyped("kind", data, known)) is not None:
            yield unknown_key((typo,), document, file, "Did you mean kind?")
            return
        yield Diagnostic("missing-key", "error", '"kind" is missing', None, _kinds(), source(document, (), file))
        return
    kind = data["kind"]
    hint = did_you_mean(str(kind), KINDS) or _kinds()
    yield Diagnostic(
        "unknown-kind", "error", f"there is no kind {kind!r}", None, hint, source(document, ("kind",), file)
    )


def _kinds() -> str:
    return f"apiVersion is {API_VERSION}; kind is one of {', '.join(KINDS)}."
