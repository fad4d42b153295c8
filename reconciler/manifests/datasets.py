"""The datasets of a workspace, looked at one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Capabilities
from reconciler.facets import Section
from reconciler.planning import Allow, DesiredDataset

from .checks import check_dataset, check_ends, check_whole, unknown_name
from .effective import Effective
from .manifest import Written
from .merge import Conflict, merge
from .models import DatasetManifest
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
        self._profiles_checked: set[tuple[str, str]] = set()
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.problems: list[Diagnostic] = []
        self.ending: list[Diagnostic] = []
        self.desired: list[DesiredDataset] = []
        self.places: dict[Address, Place] = {}

    def take(self, item: Written, model: DatasetManifest) -> None:
        """Look at one dataset, and keep what a plan needs of it."""
        own = model.spec.sections
        profiles = self._shared.profiles_of(model.metadata)
        sections, conflicts = merge(profiles, own)
        self.problems += self._found(item, model, own)
        self.problems += check_whole(item, sections)
        self.problems += (_disagreement(item, conflict) for conflict in conflicts)
        if self._today is not None:
            self.ending += check_ends(item, own, self._today)
        metadata = model.metadata
        address = Address(metadata.target, metadata.name)
        allows = tuple(Allow(allow.guard, address, allow.reason, allow.until) for allow in metadata.allow)
        effective: Mapping[str, Section] = sections
        if isinstance(item.held, bytes):
            names = tuple(sections)
            effective = Effective(item.held, profiles, self._names.setdefault(names, names))
        self.desired.append(DesiredDataset(address, metadata.id, effective, item.source("metadata"), allows))
        self.places[address] = Place(item.file, item.index)

    def _found(self, item: Written, model: DatasetManifest, own: Mapping[str, Section]) -> Iterable[Diagnostic]:
        metadata, shared = model.metadata, self._shared
        if shared.roots:
            known = shared.targets
            yield from unknown_name("unknown-target", "target", metadata.target, known, item, "metadata", "target")
        for index, name in enumerate(metadata.profiles):
            place = ("metadata", "profiles", index)
            yield from unknown_name("unknown-profile", "profile", name, shared.sections, item, *place)
        for index, allow in enumerate(metadata.allow):
            where = ("metadata", "allow", index, "guard")
            yield from unknown_name("unknown-guard", "guard", allow.guard, shared.guards, item, *where)
        what = f"dataset {metadata.target}/{metadata.name}"
        yield from self._repeated.named(what, item, "metadata", "name")
        if metadata.id is not None:
            what = f"{metadata.target} dataset with id {metadata.id}"
            yield from self._repeated.named(what, item, "metadata", "id")
        capabilities = shared.capabilities(metadata.target)
        if capabilities is not None:
            yield from check_dataset(item, own, capabilities, shared.directory(metadata.target))
            for name in metadata.profiles:
                yield from self._profile_found(name, metadata.target, capabilities)

    def _profile_found(self, name: str, target: str, capabilities: Capabilities) -> Iterable[Diagnostic]:
        """What is wrong with a profile where it is used, told once for each target."""
        if (name, target) in self._profiles_checked:
            return
        self._profiles_checked.add((name, target))
        for item, profile in self._shared.profiles:
            if profile.metadata.name == name:
                yield from check_dataset(item, profile.spec.sections, capabilities, self._shared.directory(target))


def _disagreement(item: Written, conflict: Conflict) -> Diagnostic:
    summary = f"its profiles disagree on {conflict.facet}: {conflict.what}"
    hint = "Say it in the dataset itself; what the dataset says wins."
    return Diagnostic("profile-conflict", "error", summary, None, hint, item.source("metadata", "profiles"))
