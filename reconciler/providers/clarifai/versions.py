"""Declared versions at Clarifai: added by POST, changed by PATCH, waited for, never deleted (document 004)."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from http import HTTPStatus

from reconciler.core.changes import Add, AnyChange, Modify
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState, ProviderError
from reconciler.core.words import canonical
from reconciler.facets import BY_NAME
from reconciler.facets.metadata import plain
from reconciler.facets.versions import Declared
from reconciler.providers.finishing import finish
from reconciler.providers.http import HttpError
from reconciler.providers.http.jsontext import write as spelled
from reconciler.providers.waiting import unfinished, wait_for

from .dataset import Dataset
from .retention import status_of
from .wire import DatasetVersion

VISIBILITIES = {10: "PRIVATE", 30: "ORG", 50: "PUBLIC"}
DOCUMENTED = ("name", "dataset_filter")
"""What document 004 sends and the vendor's protocol does not have (notes 0)."""


def to_elements(wires: Iterable[DatasetVersion]) -> tuple[Declared, ...]:
    """The versions, as far as they can be declared."""
    return tuple(
        Declared(
            id=wire.id,
            description=wire.description,
            metadata=canonical(plain(json.loads(spelled(wire.metadata)))),
            visibility=VISIBILITIES.get(wire.visibility.gettable) if wire.visibility else None,
            name=wire.name or None,
            dataset_filter=_filter(wire),
            state=status_of(wire),
        )
        for wire in sorted(wires, key=lambda wire: wire.id)
    )


def to_wire(version: Declared) -> dict[str, object]:
    """What can be said of a version in a PATCH. An empty string cannot: it is taken for none (notes 1)."""
    said: dict[str, object] = {"id": version.id}
    if version.name:
        said["name"] = version.name
    if version.description:
        said["description"] = version.description
    if version.metadata is not None:
        said["metadata"] = json.loads(version.metadata)
    if version.visibility:
        said["visibility"] = {"gettable": version.visibility}
    return said


def new(version: Declared) -> dict[str, object]:
    """What is said of a version when it is made: its filter, too, in both notations there are of it (notes 0)."""
    said = to_wire(version)
    if version.dataset_filter:
        said["dataset_filter"] = {"id": version.dataset_filter}
        said["annotation_filter_config"] = {"annotation_filter": {"id": version.dataset_filter}}
    return said


def read(dataset: Dataset) -> FacetState:
    """Every version, of a dataset that is this app's own."""
    return FacetState(to_elements(dataset.versions), dataset.versions)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Make what is not there and wait for it; change what is, given back whole.

    Each is a request of its own: what an attempt before this one has done is not sent again, unless it shows nowhere.
    """
    holds = BY_NAME["versions"].holding(found.elements, step.desired)
    there = {item.key: item for item in found.elements}
    made: list[Declared] = []

    def wait() -> None:
        for version in made:
            _wait(dataset, version)

    try:
        for change in step.changes:
            # A name that nobody sees counts as held, whether or not it was ever sent.
            unseen = isinstance(change, Modify) and there.get(change.key) == change.before
            version = _made(dataset, change, there) if unseen or not holds(change) else None
            if version is not None:
                made.append(version)
    except ProviderError as failure:
        # One that is still being made would not be seen to be done.
        finish(failure, wait)
        raise
    wait()


def _made(dataset: Dataset, change: AnyChange, there: Container[str]) -> Declared | None:
    """Make one change; the version that is being made by then, if one is."""
    match change:
        case Add(after=Declared() as version):
            begun = version.id in there or _sent(dataset.api.add_versions, dataset.id, new(version))
            return version if begun else None
        case Modify(before=Declared() as before, after=Declared() as after):
            if to_elements([dataset.api.version(dataset.id, before.id)]) != (before,):
                raise ProviderError(f"version {before.id} changed in this moment", hint="Plan again.")
            _sent(dataset.api.patch_versions, dataset.id, to_wire(after))
            return None
        case _:
            raise ProviderError(f"version {change.key} is not deleted by being declared no more")


def _sent(send: Callable[..., object], dataset: str, said: Mapping[str, object]) -> bool:
    """Whether it was really sent; a rehearsal does not."""
    try:
        answer = send(dataset, [said])
    except HttpError as failure:
        without = {name: value for name, value in said.items() if name not in DOCUMENTED}
        if failure.status != HTTPStatus.BAD_REQUEST or len(without) == len(said):
            raise
        # A server that knows the vendor's protocol and nothing beside it.
        answer = send(dataset, [without])
    return not getattr(answer, "handed", False)


def _wait(dataset: Dataset, version: Declared) -> None:
    http = dataset.api.http
    state = wait_for(
        http, lambda: status_of(dataset.api.version(dataset.id, version.id)), lambda each: each == "unsettled"
    )
    if state == "unsettled":
        raise unfinished(http, f"version {version.id} was accepted and is still being made")
    if state == "failed":
        raise ProviderError(f"Clarifai could not make version {version.id}", hint="Look at it there; its id is taken.")


def _filter(wire: DatasetVersion) -> str | None:
    config = wire.annotation_filter_config
    shown = wire.dataset_filter or (config.annotation_filter if config else None)
    return shown.id or None if shown else None
