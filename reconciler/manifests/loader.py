"""A folder of manifests to a workspace, or to everything that is wrong with it, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets import Model, Section
from reconciler.planning import Allow, DesiredDataset, Limit, Limits

from .checks import check_dataset, check_directory, check_ends, check_target, check_whole, unknown_name
from .drift import ignored
from .files import File, Manifest, Reader, on_disk, read_file, read_files
from .merge import merge
from .models import (
    LIMIT,
    DatasetManifest,
    PrincipalsManifest,
    ProfileManifest,
    TargetModel,
    WorkspaceManifest,
)
from .policies import check_policy, policy_of
from .policy_models import PolicyManifest
from .targets import directories, target_config
from .workspace import Loaded, Place, TargetConfig, Workspace

M = TypeVar("M", bound=Model)


def load(
    root: Path, providers: Mapping[str, Capabilities], guards: frozenset[str], today: date | None = None
) -> Loaded:
    """Read every manifest below `root`.

    Args:
        root: the workspace's folder.
        providers: what each known provider can do, by name.
        guards: the codes an `allow` entry may name.
        today: the day, UTC, from which to tell what ends soon; None: nothing is told.
    """
    if not root.is_dir():
        summary = "there is no such folder"
        hint = "Name a workspace with -w, or write one with `reconciler init`."
        return Loaded(None, (Diagnostic("no-workspace", "error", summary, hint=hint, source=Source(str(root), 1)),), 0)
    return load_files(root, on_disk(root), providers, guards, today=today)


def load_files(
    root: Path,
    found: Iterable[File],
    providers: Mapping[str, Capabilities],
    guards: frozenset[str],
    reader: Reader = read_file,
    *,
    today: date | None = None,
) -> Loaded:
    """The workspace that the files `found` make, wherever they come from; `root` is what its folder is called."""
    read = read_files(found, reader)
    workspace = _Together(root, read.manifests, providers, guards)
    unsure = {code for kind in read.broken - workspace.settled for code in NAMED_BY.get(kind, ())}
    problems = [problem for problem in workspace.problems() if problem.code not in unsure]
    ending = workspace.ending(today) if today is not None else ()
    diagnostics = ordered([*read.problems, *problems, *ending])
    broken = any(item.severity == "error" for item in diagnostics)
    return Loaded(None if broken else workspace.resolved(), diagnostics, len(read.manifests))


NAMED_BY = {
    "Workspace": ("no-workspace", "unknown-target"),
    "Principals": ("unknown-principal",),
    "Profile": ("unknown-profile",),
}
"""What cannot be told while a manifest of a kind is refused: the name may well be in it."""


class _Together:
    """The manifests of one folder, seen together."""

    def __init__(
        self, root: Path, found: Sequence[Manifest], providers: Mapping[str, Capabilities], guards: frozenset[str]
    ) -> None:
        self.root, self.providers, self.guards = root, providers, guards
        self.roots = [(item, item.model) for item in found if isinstance(item.model, WorkspaceManifest)]
        self.principals = [(item, item.model) for item in found if isinstance(item.model, PrincipalsManifest)]
        self.profiles = [(item, item.model) for item in found if isinstance(item.model, ProfileManifest)]
        self.policies = [(item, item.model) for item in found if isinstance(item.model, PolicyManifest)]
        self.datasets = [(item, item.model) for item in found if isinstance(item.model, DatasetManifest)]
        self.directories = directories([model for _, model in self.principals])
        self.sections: dict[str, Mapping[str, Section]] = {
            model.metadata.name: model.spec.sections for _, model in self.profiles
        }

    @property
    def settled(self) -> frozenset[str]:
        """Kinds of which all there can be was read: what another file may hold changes nothing."""
        known = {"Workspace"} if self.roots else set()
        return frozenset(
            known | ({"Principals"} if self.targets and set(self.targets) <= set(self.directories) else set())
        )

    @property
    def targets(self) -> Mapping[str, TargetModel]:
        return self.roots[0][1].targets if self.roots else {}

    def problems(self) -> Iterable[Diagnostic]:
        """Everything that only shows when the manifests are seen together."""
        yield from self._one_workspace()
        for item, root in self.roots:
            for name, target in root.targets.items():
                yield from check_target(item, name, target, self.providers, self._directory(name))
        for item, model in self.principals:
            if self.roots:
                yield from unknown_name("unknown-target", "target", model.target, self.targets, item.source("target"))
            yield from check_directory(item, model)
        yield from self._repeated()
        for item, policy in self.policies:
            yield from check_policy(item, policy)
        for item, dataset in self.datasets:
            yield from self._dataset_problems(item, dataset)

    def ending(self, today: date) -> Iterable[Diagnostic]:
        """What ends soon, where it is written."""
        for item, shared in self.profiles:
            yield from check_ends(item, shared.spec.sections, today)
        for item, dataset in self.datasets:
            yield from check_ends(item, dataset.spec.sections, today)

    def _one_workspace(self) -> Iterable[Diagnostic]:
        if not self.roots:
            summary = "no manifest of kind Workspace was found here"
            hint = "Name the workspace's folder with -w, or write one with `reconciler init`."
            yield Diagnostic("no-workspace", "error", summary, hint=hint, source=Source(self.root.as_posix(), 1))
        for item, _ in self.roots[1:]:
            first = self.roots[0][0].source("kind")
            summary = f"a second Workspace; the first is at {first}"
            yield Diagnostic("duplicate-manifest", "error", summary, source=item.source("kind"))

    def _repeated(self) -> Iterable[Diagnostic]:
        named = [(f"Principals of target {model.target}", item.source("target")) for item, model in self.principals]
        for item, shared in self.profiles:
            named.append((f"profile {shared.metadata.name}", item.source("metadata", "name")))
        for item, policy in self.policies:
            named.append((f"policy {policy.metadata.name}", item.source("metadata", "name")))
        for item, dataset in self.datasets:
            metadata = dataset.metadata
            named.append((f"dataset {metadata.target}/{metadata.name}", item.source("metadata", "name")))
            if metadata.id is not None:
                named.append((f"{metadata.target} dataset with id {metadata.id}", item.source("metadata", "id")))
        seen: dict[str, Source] = {}
        for what, where in named:
            first = seen.setdefault(what, where)
            if first is not where:
                yield Diagnostic("duplicate-manifest", "error", f"{what} is already at {first}", source=where)

    def _dataset_problems(self, item: Manifest, model: DatasetManifest) -> Iterable[Diagnostic]:
        metadata = model.metadata
        if self.roots:
            where = item.source("metadata", "target")
            yield from unknown_name("unknown-target", "target", metadata.target, self.targets, where)
        for index, name in enumerate(metadata.profiles):
            where = item.source("metadata", "profiles", index)
            yield from unknown_name("unknown-profile", "profile", name, self.sections, where)
        for index, allow in enumerate(metadata.allow):
            where = item.source("metadata", "allow", index, "guard")
            yield from unknown_name("unknown-guard", "guard", allow.guard, sorted(self.guards), where)
        target = self.targets.get(metadata.target)
        if target and target.provider in self.providers:
            capabilities = self.providers[target.provider].given(target.settings)
            directory = self._directory(metadata.target)
            yield from check_dataset(item, model.spec.sections, capabilities, directory)
            for profile, shared in self.profiles:
                if shared.metadata.name in metadata.profiles:
                    yield from check_dataset(profile, shared.spec.sections, capabilities, directory)
        sections, conflicts = merge(self._profiles_of(model), model.spec.sections)
        yield from check_whole(item, sections)
        for conflict in conflicts:
            summary = f"its profiles disagree on {conflict.facet}: {conflict.what}"
            hint = "Say it in the dataset itself; what the dataset says wins."
            where = item.source("metadata", "profiles")
            yield Diagnostic("profile-conflict", "error", summary, hint=hint, source=where)

    def _profiles_of(self, model: DatasetManifest) -> list[Mapping[str, Section]]:
        return [self.sections[name] for name in model.metadata.profiles if name in self.sections]

    def _directory(self, target: str) -> Directory:
        return self.directories.get(target, Directory())

    def resolved(self) -> Workspace:
        """The workspace; only when nothing is wrong."""
        item, root = self.roots[0]
        configs: dict[str, TargetConfig] = {
            name: target_config(name, target, self._directory(name), item, self.root)
            for name, target in root.targets.items()
        }
        guards = root.guards
        limits = Limits(
            _limit(guards.max_changed_datasets), _limit(guards.max_revocations), _limit(guards.max_version_deletions)
        )
        places = {_address(model): Place(Path(item.file), item.index) for item, model in self.datasets}
        datasets = tuple(self._desired(item, model) for item, model in self.datasets)
        policies = tuple(sorted((policy_of(item, model) for item, model in self.policies), key=lambda each: each.name))
        people = {model.target: Place(Path(item.file), item.index) for item, model in self.principals}
        rules = ignored(root.drift_ignore)
        return Workspace(self.root, configs, datasets, limits, places, policies, people, rules)

    def _desired(self, item: Manifest, model: DatasetManifest) -> DesiredDataset:
        address = _address(model)
        sections, _ = merge(self._profiles_of(model), model.spec.sections)
        allows = tuple(Allow(allow.guard, address, allow.reason, allow.until) for allow in model.metadata.allow)
        return DesiredDataset(address, model.metadata.id, sections, item.source("metadata"), allows)


def _address(model: DatasetManifest) -> Address:
    return Address(model.metadata.target, model.metadata.name)


def _limit(value: int | str) -> Limit:
    match = LIMIT.match(str(value))
    if match is None:
        raise ValueError(value)
    return Limit(int(match[1]), percent=bool(match[2]))
