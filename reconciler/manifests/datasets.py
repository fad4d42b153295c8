"""The datasets of a workspace, looked at one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.facets import Section
from reconciler.planning import LIMIT_CODES, Allow, DesiredDataset

from .cache import Fact
from .checks import check_dataset, check_ends, check_whole, ends, unknown_name
from .effective import Effective
from .files import File
from .manifest import Written
from .merge import Conflict, merge
from .models import DatasetManifest
from .reading import dataset_in, dataset_of
from .repeated import Repeated
from .shared import Shared
from .workspace import Place


class Datasets:
    """What became of the datasets that were taken in.

    Attributes:
        problems: everything that shows only beside other manifests.
        ending: what ends soon.
        desired: the datasets in the order in which they came.
        places: where each is written.
    """

    def __init__(self, shared: Shared, today: date | None) -> None:
        """Get ready; `today` is the day from which to tell what ends soon, if that is asked for."""
        self._shared, self._today = shared, today
        self._repeated = Repeated()
        self._profiles_found: dict[tuple[str, str], list[Diagnostic]] = {}
        self.problems: list[Diagnostic] = []
        self.ending: list[Diagnostic] = []
        self.desired: list[DesiredDataset] = []
        self.places: dict[Address, Place] = {}

    def take(self, item: Written, model: DatasetManifest, packed: bytes | None = None) -> Fact | None:
        """Look at one dataset, and keep what a plan needs of it; with what may be remembered of it, if anything may."""
        own, metadata = model.spec.sections, model.metadata
        profiles, directory = self._shared.profiles_of(metadata.profiles), self._shared.directory(metadata.target)
        sections, conflicts = merge(profiles, own, directory)
        place = item.source("metadata")
        problems = list(self._found(item, place, model, own))
        told = {(problem.code, problem.summary) for problem in problems}
        unsure = item.unsure | self._shared.unsure_in(metadata.profiles)
        problems += (each for each in check_whole(item, sections, unsure) if (each.code, each.summary) not in told)
        problems += (_disagreement(item, conflict) for conflict in conflicts)
        self.problems += problems
        if self._today is not None:
            self.ending += check_ends(item, own, self._today)
        address = Address(metadata.target, metadata.name)
        allows = tuple(Allow(allow.guard, address, allow.reason, allow.until) for allow in metadata.allow)
        if packed is not None:
            effective = Effective(dataset_in, packed, profiles, directory, tuple(sections))
            self._keep(address, metadata.id, effective, place, allows)
        else:
            self._keep(address, metadata.id, sections, place, allows, item.index)
        if problems or allows or packed is None or ends(own):
            return None
        names = (metadata.target, metadata.name, metadata.id, metadata.profiles, tuple(sections))
        return Fact(*names, place.line, place.column)

    def recall(self, file: File, fact: Fact, packed: bytes | None = None) -> bool:
        """Take in a dataset in which nothing was found before, as `take` would; whether still nothing is."""
        place = Source(file.path, fact.line, fact.column)
        repeated = list(self._named(Written(file.content, file.path), place, fact.target, fact.name, fact.id))
        self.problems += repeated
        made_of, held = (dataset_of, file.content) if packed is None else (dataset_in, packed)
        profiles, directory = self._shared.profiles_of(fact.profiles), self._shared.directory(fact.target)
        effective = Effective(made_of, held, profiles, directory, fact.facets)
        self._keep(Address(fact.target, fact.name), fact.id, effective, place)
        return not repeated

    def _keep(
        self,
        address: Address,
        identifier: str | None,
        sections: Mapping[str, Section],
        place: Source,
        allows: tuple[Allow, ...] = (),
        index: int = 0,
    ) -> None:
        self.desired.append(DesiredDataset(address, identifier, sections, place, allows))
        self.places[address] = Place(place.file, index)

    def _named(
        self, item: Written, place: Source, target: str, name: str, identifier: str | None
    ) -> Iterable[Diagnostic]:
        yield from self._repeated.named(f"dataset {target}/{name}", place, item, "metadata", "name")
        if identifier is not None:
            what = f"{self._shared.account(target)} dataset with id {identifier}"
            yield from self._repeated.named(what, place, item, "metadata", "id")

    def _found(
        self, item: Written, place: Source, model: DatasetManifest, own: Mapping[str, Section]
    ) -> Iterable[Diagnostic]:
        metadata, shared = model.metadata, self._shared
        if shared.roots:
            known = shared.target_names
            yield from unknown_name("unknown-target", "target", metadata.target, known, item, "metadata", "target")
        for index, name in enumerate(metadata.profiles):
            where = ("metadata", "profiles", index)
            yield from unknown_name("unknown-profile", "profile", name, shared.sections, item, *where)
        for index, allow in enumerate(metadata.allow):
            yield from _unknown_guard(allow.guard, shared.guards, item, index)
        yield from self._named(item, place, metadata.target, metadata.name, metadata.id)
        capabilities = shared.capabilities(metadata.target)
        if capabilities is not None:
            yield from check_dataset(item, own, capabilities, shared.directory(metadata.target))
        for name in metadata.profiles:
            yield from self._profile_found(name, metadata.target)

    def _profile_found(self, name: str, target: str) -> Iterable[Diagnostic]:
        """What is wrong with a profile where it is used; looked for once in each target."""
        capabilities = self._shared.capabilities(target)
        if (name, target) not in self._profiles_found:
            self._profiles_found[name, target] = [
                problem
                for item, profile in self._shared.profiles
                if capabilities is not None and profile.metadata.name == name
                for problem in check_dataset(item, profile.spec.sections, capabilities, self._shared.directory(target))
            ]
        return self._profiles_found[name, target]


def _unknown_guard(guard: str, known: Collection[str], item: Written, index: int) -> Iterable[Diagnostic]:
    where = ("metadata", "allow", index, "guard")
    if any(code.name == guard and code.of_plan for code in LIMIT_CODES):
        summary, hint = f'"{guard}" is about the whole plan, and is lifted for a run', f"Pass --allow {guard} to it."
        yield Diagnostic("unknown-guard", "error", summary, None, hint, item.source(*where))
    else:
        yield from unknown_name("unknown-guard", "guard", guard, known, item, *where)


def _disagreement(item: Written, conflict: Conflict) -> Diagnostic:
    summary = f"its profiles disagree on {conflict.facet}: {conflict.what}"
    hint = "Say it in the dataset itself; what the dataset says wins."
    return Diagnostic("profile-conflict", "error", summary, None, hint, item.source("metadata", "profiles"))
