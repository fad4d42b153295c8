"""What the datasets of a workspace are seen with: its targets, the people in them, profiles and policies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets import Model, Section
from reconciler.planning import DesiredDataset, Limit, Limits

from .accounts import account_of
from .checks import check_directory, check_ends, check_target, unknown_name
from .drift import ignored
from .files import readable
from .manifest import Manifest, Written
from .models import LIMIT, PrincipalsManifest, ProfileManifest, TargetModel, WorkspaceManifest
from .policies import check_policy, policy_of
from .policy_models import PolicyManifest
from .reading import Folder
from .repeated import Repeated
from .targets import directories, target_config
from .workspace import Place, TargetConfig, Workspace
from .yaml import Document

M = TypeVar("M", bound=Model)
NAME = ("metadata", "name")


class Shared:
    """The manifests of one folder that are about more than one dataset."""

    def __init__(
        self, root: Path, found: Sequence[Manifest], providers: Mapping[str, Capabilities], guards: frozenset[str]
    ) -> None:
        """Sort the manifests that are no datasets by their kind."""
        self.root, self.providers, self.guards = root, providers, sorted(guards)
        self.roots = _of_kind(found, WorkspaceManifest)
        self.principals = _of_kind(found, PrincipalsManifest)
        self.profiles = _of_kind(found, ProfileManifest)
        self.policies = _of_kind(found, PolicyManifest)
        self.directories = directories([model for _, model in self.principals])
        self.sections: dict[str, Mapping[str, Section]] = {
            model.metadata.name: model.spec.sections for _, model in self.profiles
        }
        self.target_names = self._target_names()
        """The names of all targets, of those too in which something was refused."""
        self.capabilities = cache(self._capabilities)
        self.account = cache(self._account)
        self.directory = cache(self._directory)

    @property
    def settled(self) -> frozenset[str]:
        """Kinds of which all there can be was read: what another file may hold changes nothing."""
        known = {"Workspace"} if self.roots else set()
        return frozenset(
            known | ({"Principals"} if self.targets and set(self.targets) <= set(self.directories) else set())
        )

    @property
    def targets(self) -> Mapping[str, TargetModel]:
        """The targets by name; none while there is no Workspace."""
        return self.roots[0][1].targets if self.roots else {}

    def _target_names(self) -> Collection[str]:
        names = set(self.targets)
        for item, _ in self.roots:
            data = item.held.data if isinstance(item.held, Document) else None
            written = data.get("targets") if isinstance(data, dict) else None
            names |= set(written) if isinstance(written, dict) else set()
        return names

    def _capabilities(self, target: str) -> Capabilities | None:
        """What the provider of a target can do there; None where nobody knows it."""
        model = self.targets.get(target)
        known = self.providers.get(model.provider) if model else None
        return known.given(model.settings) if model and known else None

    def _account(self, target: str) -> str:
        """The first target that is the same account as this one: two must not govern one dataset."""
        model = self.targets.get(target)
        if model is None:
            return target
        return next(name for name, other in self.targets.items() if self._place(other) == self._place(model))

    def _place(self, model: TargetModel) -> str:
        return account_of(model, self.providers.get(model.provider, Capabilities(frozenset())))

    def _directory(self, target: str) -> Directory:
        """The people of a target; one value for all its datasets, which remembers whom it was asked for."""
        return self.directories.get(target, Directory())

    def profiles_of(self, names: Iterable[str]) -> tuple[Mapping[str, Section], ...]:
        """The profiles with these names that there are, in the order of the names."""
        return tuple(self.sections[name] for name in names if name in self.sections)

    def unsure_in(self, names: Collection[str]) -> frozenset[str]:
        """The facets of which the profiles with these names may be without something."""
        found = (item.unsure for item, model in self.profiles if item.unsure and model.metadata.name in names)
        return frozenset().union(*found)

    def problems(self) -> Iterable[Diagnostic]:
        """Everything that only shows when these manifests are seen together."""
        yield from self._one_workspace()
        for item, root in self.roots:
            for name, target in root.targets.items():
                yield from check_target(item, name, target, self.providers, self.directory(name))
        for item, model in self.principals:
            if self.roots:
                yield from unknown_name("unknown-target", "target", model.target, self.target_names, item, "target")
            yield from check_directory(item, model)
        for item, policy in self.policies:
            yield from check_policy(item, policy)
        yield from self._repeated()

    def ending(self, today: date) -> Iterable[Diagnostic]:
        """What ends soon, where it is written."""
        for item, shared in self.profiles:
            yield from check_ends(item, shared.spec.sections, today)

    def quiet(self, read: Collection[Folder]) -> int | None:
        """How many manifests are in `read`; None where more is to be told of them than that they are valid."""
        told = any(folder.problems for folder in read) or any(self.problems()) or any(self.ending(date.max))
        manifests = sum(len(folder.manifests) for folder in read)
        plain = manifests == len(self.roots) + len(self.principals) + len(self.profiles)
        return manifests if plain and not told else None

    def _one_workspace(self) -> Iterable[Diagnostic]:
        if not self.roots:
            summary = "no manifest of kind Workspace was found here"
            hint = "Name the workspace's folder with -w, or write one with `reconciler init`."
            where = Source(readable(self.root.as_posix()), 1)
            yield Diagnostic("no-workspace", "error", summary, hint=hint, source=where)
        for item, _ in self.roots[1:]:
            first = self.roots[0][0].source("kind")
            summary = f"a second Workspace; the first is at {first}"
            yield Diagnostic("duplicate-manifest", "error", summary, source=item.source("kind"))

    def _repeated(self) -> Iterable[Diagnostic]:
        repeated = Repeated()
        for item, model in self.principals:
            yield from repeated.named(f"Principals of target {model.target}", item.source("target"), item, "target")
        for item, shared in self.profiles:
            yield from repeated.named(f"profile {shared.metadata.name}", item.source(*NAME), item, *NAME)
        for item, policy in self.policies:
            yield from repeated.named(f"policy {policy.metadata.name}", item.source(*NAME), item, *NAME)

    def workspace(self, datasets: Sequence[DesiredDataset], places: Mapping[Address, Place]) -> Workspace:
        """The workspace; only when nothing is wrong."""
        item, root = self.roots[0]
        configs: dict[str, TargetConfig] = {
            name: target_config(name, target, self.directory(name), item, self.root, self._place(target))
            for name, target in root.targets.items()
        }
        guards = root.guards
        limits = Limits(
            _limit(guards.max_changed_datasets), _limit(guards.max_revocations), _limit(guards.max_version_deletions)
        )
        policies = tuple(sorted((policy_of(item, model) for item, model in self.policies), key=lambda each: each.name))
        people = {model.target: Place(item.file, item.index) for item, model in self.principals}
        rules = ignored(root.drift_ignore)
        return Workspace(self.root, configs, tuple(datasets), limits, places, policies, people, rules)


def _of_kind(found: Iterable[Manifest], kind: type[M]) -> list[tuple[Written, M]]:
    return [(item.written, item.model) for item in found if isinstance(item.model, kind)]


def _limit(value: int | str) -> Limit:
    match = LIMIT.match(str(value))
    if match is None:
        raise ValueError(value)
    return Limit(int(match[1]), percent=bool(match[2]))
