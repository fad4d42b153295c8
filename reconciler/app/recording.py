"""Where adopted things are written: people into the target's Principals, datasets into files of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import DatasetRef
from reconciler.core.principals import Group, Person, Principal
from reconciler.core.words import Json
from reconciler.manifests import Place, Workspace
from reconciler.manifests.files import is_folder
from reconciler.manifests.models import API_VERSION
from reconciler.manifests.writer import ChangedMeanwhileError, create_text, insert, read_text
from reconciler.manifests.yaml import read
from reconciler.manifests.yaml.writing import document_text

from .exits import Exit, Stop
from .naming import LONGEST_NAME, dataset_name, file_stem, person_key, sayable

FOLDER = "datasets"
SCHEMA_LINE = "# yaml-language-server: $schema={}\n"


class Recorder:
    """Writes for one target of a workspace, and knows what is there already.

    Attributes:
        target: its name.
        directory: the people it knows; grows.
    """

    def __init__(self, workspace: Workspace, target: str) -> None:
        """Look at what is there.

        Raises:
            Stop: no dataset could be written.
        """
        self.target = target
        self.directory = workspace.targets[target].directory
        self._root, self._place = workspace.root, workspace.principals.get(target)
        self._names = {item.address.dataset for item in workspace.datasets if item.address.target == target}
        folder = workspace.root / FOLDER
        if why := _not_writable(folder):
            raise Stop(
                Exit.ERROR, _not_written(folder, why, "Imported datasets belong in it, and nothing was written.")
            )
        # Some file systems take ORDERS.yaml and orders.yaml for the same file.
        self._stems = {path.stem.casefold() for path in folder.iterdir()} if folder.is_dir() else set[str]()

    def address(self, title: str, identifier: str) -> Address:
        """The address that a dataset gets."""
        name = dataset_name(title, identifier, self._names)
        self._names.add(name)
        return Address(self.target, name)

    def record(self, ref: DatasetRef, text: str) -> Path:
        """Write the manifest of a dataset into a new file.

        Raises:
            Stop: it cannot be written.
        """
        while True:
            stem = file_stem(ref.address.dataset, ref.id, self._stems)
            self._stems.add(stem)
            path = self._root / FOLDER / f"{stem}.yaml"
            try:
                create_text(path, self._schema_line(path, "dataset") + text)
            except FileExistsError:
                continue
            except OSError as error:
                what = "Nothing of this dataset was written; what was imported before stays."
                raise Stop(Exit.ERROR, _not_written(path, error.strerror or str(error), what)) from error
            return path

    def meet(self, people: Mapping[Principal, str | None]) -> int:
        """Add people, by the names that the vendor gives them; return how many.

        Raises:
            Stop: the Principals manifest changed meanwhile, or cannot be written.
        """
        users, groups = dict(self.directory.users), dict(self.directory.groups)
        added: dict[str, dict[str, Json]] = {"users": {}, "groups": {}}
        for who, title in people.items():
            display = sayable(title)[:LONGEST_NAME].strip() or None if title else None
            taken = users if who.kind == "user" else groups
            key = person_key(who.kind, who.id, display, taken)
            if who.kind == "user":
                users[key] = Person(who.id, display)
            else:
                groups[key] = Group(who.id, display)
            added[f"{who.kind}s"][key] = {"id": who.id, **({"name": display} if display else {})}
        for field, entries in added.items():
            if entries:
                self._add(field, entries)
        self.directory = replace(self.directory, users=users, groups=groups)
        return sum(map(len, added.values()))

    def _add(self, field: str, entries: Mapping[str, Json]) -> None:
        try:
            if self._place is None:
                self._place = self._new_principals()
            insert(self._place, (field,), entries, self._principals_text(self._place))
        except (OSError, ChangedMeanwhileError, UnicodeDecodeError) as error:
            summary = f"the people of target {self.target} could not be added to its Principals: {error}"
            hint = "Nothing that names them was written. Run the import again."
            raise Stop(Exit.ERROR, Diagnostic("not-imported", "error", summary, hint=hint)) from error

    def _principals_text(self, place: Place) -> str:
        text = read_text(place.file)
        documents = read(text).documents
        data = documents[place.index].data if place.index < len(documents) else None
        if not isinstance(data, dict) or (data.get("kind"), data.get("target")) != ("Principals", self.target):
            raise ChangedMeanwhileError(str(place.file))
        return text

    def _new_principals(self) -> Place:
        folder = self._root / "principals"
        taken = {path.stem.casefold() for path in folder.iterdir()} if folder.is_dir() else set[str]()
        path = folder / f"{file_stem(self.target, self.target, taken)}.yaml"
        text = document_text({"apiVersion": API_VERSION, "kind": "Principals", "target": self.target})
        create_text(path, self._schema_line(path, "principals") + text)
        return Place(path, 0)

    def _schema_line(self, path: Path, kind: str) -> str:
        """The line by which editors find the schema, where it lies beside the workspace."""
        schema = self._root.resolve().parent / "schemas" / f"{kind}.schema.json"
        if not schema.is_file():
            return ""
        return SCHEMA_LINE.format(Path(os.path.relpath(schema, path.resolve().parent)).as_posix())


def _not_writable(folder: Path) -> str | None:
    """Why no file can be written below `folder`, which need not be there yet; None when nothing speaks against it."""
    there = is_folder(folder)
    if not there and os.path.lexists(folder):
        return "it is not a folder"
    above = folder if there else folder.parent
    return None if os.access(above, os.W_OK | os.X_OK) else f"you may not write in {above}"


def _not_written(path: Path, why: str, then: str) -> Diagnostic:
    summary = f"{path} cannot be written: {why}"
    hint = f"{then} Correct that, then run the import again."
    return Diagnostic("not-imported", "error", summary, hint=hint)
