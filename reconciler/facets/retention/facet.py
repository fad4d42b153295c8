"""Retention: which versions of a dataset stay, and which go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.plan import Risk
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.core.words import Json
from reconciler.diffing import keyed
from reconciler.facets.facet import Complaint, Facet, ItemKey, Situation
from reconciler.facets.repeats import repeated
from reconciler.facets.versions import declared_ids

from . import version as versions
from .guards import CODES
from .policy import judge
from .remarks import remarks
from .section import EMPTY, RetentionSection
from .version import Version


class Retention(Facet[RetentionSection, Version]):
    """The facet `retention`."""

    name = "retention"
    section = RetentionSection
    codes: ClassVar[tuple[Code, ...]] = CODES
    most_at_once: ClassVar[int | None] = 10
    comes_due: ClassVar[bool] = True
    union_keys: ClassVar[Mapping[str, ItemKey]] = {"pins": lambda pin, _: str(pin.id)}

    def arranged(self, elements: Iterable[Version]) -> tuple[Version, ...]:
        return tuple(sorted(elements, key=lambda version: version.age))

    def settle(self, section: RetentionSection, live: tuple[Version, ...], situation: Situation) -> tuple[Version, ...]:
        verdicts = judge(live, section, situation.as_of, declared_ids(situation))
        return tuple(verdict.version for verdict in verdicts if verdict.keep or not section.prune)

    def diff(
        self, live: tuple[Version, ...], desired: tuple[Version, ...], section: RetentionSection | None = None
    ) -> tuple[Change[Version], ...]:
        # The oldest goes first: a prune that stops halfway has taken what matters least.
        del section
        return keyed(sorted(live, key=lambda version: version.age), desired)

    def starts_from(self, change: Change[Version], found: Version | None) -> bool:
        # A plan that is resumed after its apply died finds the data of a partition gone, and the tag left.
        begun = found is not None and found.partition and found.status == "emptied"
        return begun or super().starts_from(change, found)

    def outdated(
        self,
        changes: Sequence[Change[Version]],
        section: RetentionSection | None,
        found: tuple[Version, ...],
        situation: Situation,
    ) -> Mapping[str, str]:
        if section is None:
            return dict.fromkeys((change.key for change in changes), "no manifest asks for it any more")
        if not section.prune:
            return dict.fromkeys((change.key for change in changes), "prune is false now")
        verdicts = judge(found, section, situation.as_of, declared_ids(situation))
        kept = {verdict.version.key: verdict for verdict in verdicts if verdict.keep}
        return {key: kept[key].reasons[0].text for change in changes if (key := change.key) in kept}

    def verb(self, change: Change[Version], situation: Situation) -> str:
        del change, situation
        return "prune"

    def words(self, element: Version) -> Json:
        return versions.words(element)

    def element(self, words: Json) -> Version:
        return versions.read(words)

    def describe(self, change: Change[Version]) -> str:
        match change:
            case Drop(before=version) | Add(after=version) | Modify(after=version):
                return str(version)

    def check(self, section: RetentionSection, capabilities: Capabilities, directory: Directory) -> Iterable[Complaint]:
        del capabilities, directory
        for index, times in repeated([pin.id for pin in section.pins]):
            summary = f"version {section.pins[index].id} is pinned {times} times"
            yield Complaint(("pins", index, "id"), "duplicate-item", summary)

    def check_whole(self, section: RetentionSection) -> Iterable[Complaint]:
        if section.keeps_nothing:
            yield Complaint((), "retention-empty", EMPTY)

    def remarks(
        self, section: RetentionSection, live: tuple[Version, ...], situation: Situation
    ) -> Iterable[Diagnostic]:
        return remarks(section, live, situation)

    def risk(self, changes: Sequence[Change[Version]]) -> Risk:
        del changes
        return "destructive"

    def reversible(self, changes: Sequence[Change[Version]]) -> bool:
        del changes
        return False
