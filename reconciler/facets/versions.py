"""Versions: frozen states of a dataset that must exist, by name; made and described here, never deleted."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal, TypeAlias, cast, get_args

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.diagnostics import Code, Diagnostic, Severity
from reconciler.core.plan import Risk
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.core.words import Json, canonical, mapping

from .facet import Complaint, Facet, ItemKey, Situation
from .metadata import Metadata, plain, united
from .section import Items, Model, Section, Text
from .texts import quoted, replaced

Visibility: TypeAlias = Literal["PRIVATE", "ORG", "PUBLIC"]
State: TypeAlias = Literal["ready", "unsettled", "failed"]


class VersionModel(Model):
    """One version that must exist; what is not said of it is unmanaged."""

    id: Text
    description: Text | None = None
    metadata: Metadata | None = None
    """The keys that are named; other keys stay as they are, and `null` takes one away. No number is beyond 2^53."""
    visibility: Visibility | None = None
    """Who may read it."""
    name: Text | None = None
    """Sent to servers that keep names; where no version shows one, it is not compared."""
    dataset_filter: Text | None = None
    """Id of the filter it is made with. What a version was made with cannot be changed."""


class VersionsSection(Section):
    """The versions a dataset should have, whatever others it has. Retention treats them as pinned."""

    short_form: ClassVar[str] = "declared"

    declared: Items[VersionModel] = ()


class Declared(Struct, frozen=True):
    """One version, as far as it is declared or known. Two are equal that differ in their state alone."""

    id: str
    description: str | None = None
    metadata: str | None = None
    """A JSON object in canonical form."""
    visibility: str | None = None
    name: str | None = None
    """None where the server does not show it."""
    dataset_filter: str | None = None
    """None where the server does not show it."""
    state: State = "ready"
    """How far it is; for the reader and for waiting, never a difference."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    def __eq__(self, other: object) -> bool:
        return self._compared() == other._compared() if isinstance(other, Declared) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._compared())

    def _compared(self) -> tuple[str | None, ...]:
        return self.id, *(getattr(self, name) for name in COMPARED)


COMPARED = tuple(name for name in Declared.__struct_fields__ if name not in {"id", "state"})
UNSURE = frozenset({"name", "dataset_filter"})
"""Fields that some servers take and do not show."""
SENTENCES = frozenset({"description", "name"})
"""Fields that people read."""
LABELS = {"dataset_filter": "datasetFilter"}


class Versions(Facet[VersionsSection, Declared]):
    """The facet `versions`."""

    name = "versions"
    section = VersionsSection
    codes: ClassVar[tuple[Code, ...]] = (
        Code(
            "version-not-as-declared",
            "A declared version is there and is not what was declared, which nothing can mend.",
            "A version is frozen when it is made: one that failed, or that was made with another filter, stays so. "
            "Declare another id, or delete the version with the vendor and apply again.",
        ),
        Code(
            "version-name-unseen",
            "A name is declared, and the server shows none.",
            "The vendor's documents have names of versions, and many servers drop them. The name is sent and not "
            "compared; use the description for what people should read.",
        ),
    )
    union_keys: ClassVar[Mapping[str, ItemKey]] = {"declared": lambda version, _: str(version.id)}

    def settle(
        self, section: VersionsSection, live: tuple[Declared, ...], situation: Situation
    ) -> tuple[Declared, ...]:
        del situation
        there = {version.id: version for version in live}
        wanted = {model.id: _wanted(model, there.get(model.id)) for model in section.declared}
        nameless = {key: replace(each, name=there[key].name) if key in there else each for key, each in wanted.items()}
        # A name that no version shows may be one that the server drops: it rides along with other changes only.
        if any(version.name for version in live) or {**there, **nameless} != there:
            return tuple({**there, **wanted}.values())
        return tuple({**there, **nameless}.values())

    def made(self, change: Change[Declared], present: Declared | None) -> bool:
        if isinstance(change, Drop) or present is None:
            return super().made(change, present)
        ready = present.state == "ready" or isinstance(change, Modify)
        return ready and _as_wanted(change.after, present)

    def starts_from(self, change: Change[Declared], found: Declared | None) -> bool:
        # What an attempt before this one began to make is there, as declared, and only to be waited for.
        begun = isinstance(change, Add) and found and found.state == "unsettled" and _as_wanted(change.after, found)
        return bool(begun) or super().starts_from(change, found)

    def verb(self, change: Change[Declared], situation: Situation) -> str:
        del change, situation
        return "freeze"

    def words(self, element: Declared) -> Json:
        said: dict[str, Json] = {"id": element.id, "state": element.state}
        for name in COMPARED:
            value = getattr(element, name)
            if value is not None:
                said[LABELS.get(name, name)] = json.loads(value) if name == "metadata" else value
        return said

    def element(self, words: Json) -> Declared:
        said = mapping(words)
        if said["state"] not in get_args(State):
            msg = f"{said['state']!r} is not the state of a version"
            raise ValueError(msg)
        given = {name: said.get(LABELS.get(name, name)) for name in COMPARED}
        metadata = given.pop("metadata")
        texts = {name: None if value is None else str(value) for name, value in given.items()}
        kept = None if metadata is None else canonical(plain(mapping(metadata)))
        return Declared(str(said["id"]), metadata=kept, state=cast("State", said["state"]), **texts)

    def describe(self, change: Change[Declared]) -> str:
        match change:
            case Modify(before=old, after=new):
                moved = [f"{LABELS.get(n, n)} {_moved(old, new, n)}" for n in change.fields if n in COMPARED]
                return f"version {new.id}: {', '.join(moved)}"
            case Add(after=version) | Drop(before=version):
                said = [f"{LABELS.get(n, n)} {_shown(version, n)}" for n in COMPARED if getattr(version, n) is not None]
                return ", ".join([f"version {version.id}", *said])

    def check(self, section: VersionsSection, capabilities: Capabilities, directory: Directory) -> Iterable[Complaint]:
        del capabilities, directory
        first: dict[str, int] = {}
        for index, version in enumerate(section.declared):
            if first.setdefault(version.id, index) != index:
                summary = f"version {version.id} is declared twice"
                yield Complaint(("declared", index, "id"), "duplicate-item", summary)

    def remarks(
        self, section: VersionsSection, live: tuple[Declared, ...], situation: Situation
    ) -> Iterator[Diagnostic]:
        there = {version.id: version for version in live}
        address = situation.address.of(self.name)
        for model in section.declared:
            for code, severity, summary in _findings(model, there.get(model.id)):
                yield Diagnostic(code, severity, summary, address)

    def risk(self, changes: Sequence[Change[Declared]]) -> Risk:
        opened = (change.after.visibility in {"ORG", "PUBLIC"} for change in changes if not isinstance(change, Drop))
        return "sensitive" if any(opened) else "safe"

    def reversible(self, changes: Sequence[Change[Declared]]) -> bool:
        return all(
            isinstance(change, Modify) and self.put_back(change.before, change.after) == change.before
            for change in changes
        )

    def put_back(self, old: Declared, now: Declared) -> Declared:
        # No vendor takes "nothing" for a value: what was said where nothing was stays.
        stays = {name: getattr(now, name) for name in COMPARED if not getattr(old, name)}
        return replace(old, **stays)


def declared_ids(situation: Situation) -> frozenset[str]:
    """The versions that a dataset's manifest declares, whether or not this run is about them."""
    return declared_in(situation.sections) | declared_in(situation.unselected)


def declared_in(sections: Mapping[str, Section]) -> frozenset[str]:
    """The versions that some facets of a manifest declare."""
    section = sections.get("versions")
    return frozenset(model.id for model in section.declared) if isinstance(section, VersionsSection) else frozenset()


def _wanted(model: VersionModel, live: Declared | None) -> Declared:
    before = live or Declared(model.id)
    return Declared(
        model.id,
        description=model.description or before.description,
        metadata=united(before.metadata, model.metadata),
        visibility=model.visibility or before.visibility,
        name=model.name or before.name,
        # It was frozen with the version; a difference is told, not planned.
        dataset_filter=live.dataset_filter if live else model.dataset_filter,
        state=before.state,
    )


def _as_wanted(wanted: Declared, found: Declared) -> bool:
    pairs = [(name, getattr(wanted, name), getattr(found, name)) for name in COMPARED]
    return all(value in {None, present} or (name in UNSURE and present is None) for name, value, present in pairs)


def _findings(model: VersionModel, live: Declared | None) -> Iterator[tuple[str, Severity, str]]:
    if live is None:
        return
    if live.state == "failed":
        yield "version-not-as-declared", "warning", f"version {model.id} is there, and its making failed"
    if model.dataset_filter and live.dataset_filter and model.dataset_filter != live.dataset_filter:
        made = f"version {model.id} was made with the filter {live.dataset_filter}, not {model.dataset_filter}"
        yield "version-not-as-declared", "warning", made
    if model.name and live.name is None:
        yield "version-name-unseen", "info", f"the server shows no name of version {model.id}; it is not compared"


def _shown(version: Declared, name: str) -> str:
    value = getattr(version, name)
    if value is None:
        return "none"
    return quoted(value) if name in SENTENCES else str(value)


def _moved(old: Declared, new: Declared, name: str) -> str:
    before, after = getattr(old, name), getattr(new, name)
    if name in SENTENCES and before is not None and after is not None:
        return replaced(before, after)
    return f"{_shown(old, name)} -> {_shown(new, name)}"
