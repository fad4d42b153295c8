"""The use case import --from: manifests from contracts, dbt models and table schemas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.ports import Capabilities, DatasetRef
from reconciler.core.principals import Directory
from reconciler.core.words import Json
from reconciler.facets import BY_NAME, FACETS, Section
from reconciler.manifests import problems
from reconciler.manifests.bridges import BRIDGES, Told
from reconciler.manifests.files import File
from reconciler.manifests.models import API_VERSION, DatasetManifest
from reconciler.manifests.ordering import FIRST
from reconciler.manifests.reading import read_file
from reconciler.manifests.yaml import read
from reconciler.manifests.yaml.writing import document_text
from reconciler.planning import DesiredDataset, TargetView, refusals

from .adoption import section_of
from .exits import Exit, Stop
from .importing import Imported, check_target
from .naming import dataset_name
from .recording import Recorder
from .workspaces import check, open_workspace, views

HINTS = {"cannot-create": "Correct that in the document; or import a dataset that is there, with --id ID."}
"""What to do about what a manifest alone would be told otherwise."""

ORDER = (*FIRST, *(facet.name for facet in FACETS if facet.name not in FIRST))


def adopt_document(root: Path, form: str, file: Path, target: str) -> Imported:
    """Write a manifest for each dataset that a document of another form is about and that has none.

    Raises:
        Stop: the workspace or the document is broken, or a file cannot be written.
    """
    workspace = open_workspace(root)
    check_target(workspace, target)
    done = Imported()
    recorder = Recorder(workspace, target)
    names = {dataset.address.dataset for dataset in workspace.datasets if dataset.address.target == target}
    governed, view = workspace.governed(target), views(workspace)[target]
    met = _Met()
    for told in _understood(form, file):
        name = dataset_name(told.name, told.id or told.name, ())
        if told.id in governed or name in names:
            done.governed += 1
            continue
        where = Source(file.as_posix(), 1)
        if (twice := met.before(name, told.id)) is not None:
            done.problems.append(_unwritten(name, *twice, where))
            continue
        address = recorder.address(told.name, told.id or told.name)
        spec, problems = _sound(told, view, address)
        text = _manifest(address, told.id, spec)
        refused = _refused(text, address, view, where)
        lost = [
            Diagnostic("not-carried", "warning", f"{place} has no place in a manifest", address, source=where)
            for place in told.lost
        ]
        done.problems += [*lost, *problems, *refused]
        if not refused:
            done.written.append(recorder.record(DatasetRef(address, told.id or told.name), text))
    loaded = check(root)
    done.problems = [*ordered(done.problems), *(() if loaded.workspace else loaded.diagnostics)]
    return done


class _Met:
    """What a document was about so far: nothing is imported twice, or under a name that nobody gave it."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._ids: dict[str, str | None] = {}

    def before(self, name: str, identifier: str | None) -> tuple[str, str] | None:
        """Why a dataset may be one that was met before, and what to do; else it is met now."""
        if identifier in self._names:
            return f"{identifier} is the id of {self._names[identifier]}, too", "Correct the ids."
        if name in self._ids and None in {identifier, self._ids[name]}:
            why = "the document has another dataset of that name, and not both have an id"
            return why, "Give each its id, or a name of its own."
        self._ids[name] = identifier
        if identifier is not None:
            self._names[identifier] = name
        return None


def _understood(form: str, file: Path) -> tuple[Told, ...]:
    try:
        reading = read(file.read_bytes())
    except OSError as error:
        raise Stop(Exit.ERROR, _unread(file, error.strerror or str(error))) from error
    if reading.problems:
        raise Stop(Exit.ERROR, *problems.told(reading.problems, file.as_posix()))
    if not reading.documents:
        raise Stop(Exit.ERROR, _unread(file, "there is nothing in it"))
    try:
        return tuple(told for document in reading.documents for told in BRIDGES[form].understood(document.data))
    except ValueError as error:
        raise Stop(Exit.ERROR, _unread(file, str(error))) from error


def _unread(file: Path, why: str) -> Diagnostic:
    hint = "Name another file, or another form with --from."
    where = Source(file.as_posix(), 1)
    return Diagnostic("not-imported", "error", f"it cannot be imported: {why}", hint=hint, source=where)


def _refused(text: str, address: Address, view: TargetView, where: Source) -> list[Diagnostic]:
    """Why the manifest `text` would be refused: no other command would do anything beside it."""
    folder = read_file(File(where.file, text.encode()))
    found = [*folder.problems]
    for item in folder.manifests:
        if isinstance(item.model, DatasetManifest) and item.model.metadata.id is None:
            found += refusals(DesiredDataset(address, None, item.model.spec.sections), view)
    return [_unwritten(str(address), item.summary, HINTS.get(item.code, item.hint), where) for item in found]


def _unwritten(name: str, why: str, hint: str | None, where: Source) -> Diagnostic:
    return Diagnostic("not-imported", "error", f"{name} is not imported: {why}", hint=hint, source=where)


def _sound(told: Told, view: TargetView, address: Address) -> tuple[dict[str, Json], list[Diagnostic]]:
    """The facets that a manifest of this target may have, and why the others are left out."""
    spec: dict[str, Json] = {}
    problems: list[Diagnostic] = []
    for name in sorted(told.spec, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)):
        section = _section(name, told.spec[name], view.directory, view.capabilities)
        if isinstance(section, str):
            summary = f"{name} is left out of the manifest, so it is unmanaged: {section}"
            problems.append(Diagnostic("facet-left-out", "warning", summary, address.of(name)))
        else:
            spec[name] = _short(name, words_of(section))
    return spec, problems


def _section(name: str, words: Any, directory: Directory, capabilities: Capabilities) -> Section | str:
    """The facet as a manifest of this target may have it, or why it may not."""
    if name not in BY_NAME:
        return "there is no such facet"
    if name not in capabilities.facets:
        return capabilities.refusals.get(name, "this provider has nothing like it")
    return section_of(name, words, capabilities, directory)


def words_of(section: Section) -> dict[str, Any]:
    """A section in its long form and its model's order: what is said, and no default."""
    return section.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


def _short(name: str, section: Any) -> Json:
    """A section in its short form, where that says all."""
    main = BY_NAME[name].section.short_form
    found: Json = section[main] if main and set(section) == {main} else section
    return found


def _manifest(address: Address, identifier: str | None, spec: Mapping[str, Json]) -> str:
    known: dict[str, Json] = {"id": identifier} if identifier else {}
    metadata: Json = {"name": address.dataset, "target": address.target, **known}
    return document_text({"apiVersion": API_VERSION, "kind": "Dataset", "metadata": metadata, "spec": dict(spec)})
