"""The use case doctor: whether each target of a workspace can be worked with. It asks little, and writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.insight import Insight
from reconciler.core.ports import Catalog, DatasetRef, ProviderError, Reader, Snapshot
from reconciler.core.principals import Principal
from reconciler.facets import BY_NAME
from reconciler.manifests import Workspace
from reconciler.planning import DesiredDataset, TargetView
from reconciler.report.checkup import Check

from .connections import sessions, targets
from .exits import Stop
from .following import command_line
from .foreign import check_state
from .git import GitError, checkout
from .surroundings import Surroundings, state_folder
from .workspaces import Selection, desired, refused_births

T = TypeVar("T")

ACCESS = frozenset({"owner", "permissions"})
"""The facets that tell who may do what."""
LOOK_BACK = timedelta(minutes=1)
"""Whether a server remembers is asked, not what: a log of everybody's day may have a hundred pages."""


def examine(workspace: Workspace, selection: Selection, world: Surroundings) -> Iterator[Check]:
    """Look at what work with `workspace` needs: here first, then at each selected target.

    Of each target one dataset is read. Where the token is missing or refused, nothing more is asked.

    Raises:
        Stop: the selection names something that is not there.
    """
    wanted = desired(workspace, selection)
    yield from _here(workspace, refused_births(wanted.datasets, wanted.targets))
    # Of a target with no such dataset nothing is asked: what its manifests say was not looked at.
    chosen = {dataset.address.target for dataset in wanted.datasets} if selection.datasets else set(selection.targets)
    for name in sorted(chosen or workspace.targets):
        mine = [dataset for dataset in wanted.datasets if dataset.address.target == name]
        yield from _target(workspace, wanted.targets[name], name, mine, world)


def _here(workspace: Workspace, unborn: Sequence[Diagnostic]) -> Iterator[Check]:
    counts = f"{_count(len(workspace.datasets), 'dataset')} and {_count(len(workspace.targets), 'target')}"
    if unborn:
        told = f"{unborn[0].address}: {unborn[0].summary}"
        hint = f"{command_line(workspace.root, 'validate')} tells everything that is wrong with them."
        yield Check("", "manifests", "failed", told, hint)
    else:
        yield Check("", "manifests", "ok", f"{counts} in {workspace.root}, no errors")
    yield _state(workspace)
    try:
        checkout(workspace.root)
        yield Check("", "git", "ok", "review, --guards-from and --changed-since can read its commits")
    except GitError as error:
        hint = "review, --guards-from and --changed-since need a repository."
        yield Check("", "git", "note", error.summary, hint)


def _state(workspace: Workspace) -> Check:
    state = state_folder(workspace.root)
    try:
        check_state(workspace.root)
    except Stop as stop:
        (why,) = stop.diagnostics
        return _failed("", "state", why)
    nearest = next(place for place in (state, *state.parents) if os.path.lexists(place))
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Check("", "state", "ok", f"journals, locks and the audit log can be written in {_short(state)}")
    hint = "Let it be a folder that you may write in, or nothing can be applied from here."
    return Check("", "state", "failed", f"nothing can be written in {_short(nearest)}", hint)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _short(path: Path) -> str:
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _target(
    workspace: Workspace, view: TargetView, name: str, datasets: Sequence[DesiredDataset], world: Surroundings
) -> Iterator[Check]:
    config = workspace.targets[name]
    try:
        target = targets(workspace, [name], world)[name]
    except Stop as stop:
        yield from (_failed(name, "token", item) for item in stop.diagnostics)
        return
    yield Check(name, "token", "ok", f"from {config.token.place}")
    try:
        with sessions({name: target}, "read") as opened:
            yield from _asked(opened[name], workspace.root, name, view, datasets, world)
    except Stop as stop:
        yield from (_failed(name, "connection", item) for item in stop.diagnostics)


def _failed(target: str, what: str, item: Diagnostic) -> Check:
    return Check(target, what, "failed", item.summary, item.hint)


def _asked(
    reader: Reader, root: Path, name: str, view: TargetView, datasets: Sequence[DesiredDataset], world: Surroundings
) -> Iterator[Check]:
    sample = _sample(datasets)
    if sample is None:
        yield _listed(reader, root, name, view, datasets)
        yield from _unknown_actor(name, view)
        return
    ref = DatasetRef(sample.address, sample.id or "")
    try:
        # No more than a plan would read: what is refused beyond that is in nobody's way.
        snapshot = reader.read(ref, frozenset(sample.sections) or ACCESS & view.capabilities.facets)
    except ProviderError as error:
        yield Check(name, "reading", "failed", f"{sample.address}: {error.summary}", error.hint)
        return
    told = f"{sample.address}: {', '.join(sorted(snapshot.facets))}, by {_count(snapshot.requests, 'request')}"
    yield Check(name, "reading", "ok" if snapshot.complete else "failed", told)
    yield from (Check(name, "reading", "note", item.summary, item.hint) for item in snapshot.diagnostics)
    yield from _unknown_actor(name, view)
    yield from _rights(reader, name, view, ref)
    if view.capabilities.creates:
        yield _names(reader, name, sample)
    if isinstance(reader, Insight):
        yield _history(reader, name, ref, world)


def _sample(datasets: Sequence[DesiredDataset]) -> DesiredDataset | None:
    """The dataset to read: one that a plan would read, if there is any."""
    known = [dataset for dataset in datasets if dataset.id is not None]
    return next((dataset for dataset in known if dataset.sections), next(iter(known), None))


def _listed(reader: Reader, root: Path, name: str, view: TargetView, datasets: Sequence[DesiredDataset]) -> Check:
    """What can be known of a target none of whose datasets is governed yet."""
    # One name, where one can be asked for: to count all of a large account takes minutes.
    called = next((dataset.address.dataset for dataset in datasets), name)
    try:
        if view.capabilities.creates:
            lists = reader.named(called) is not None
        else:
            lists = isinstance(reader, Catalog) and reader.datasets() is not None
    except ProviderError as error:
        return Check(name, "reading", "failed", error.summary, error.hint)
    if lists:
        hint = f"Adopt what it has: {command_line(root, 'import', '--target', name, '--all')}"
        return Check(name, "reading", "ok", "the server lists its datasets, and no manifest has an id", hint)
    hint = f"Adopt one of it: {command_line(root, 'import', '--target', name, '--id', 'ID')}"
    return Check(name, "reading", "note", "no manifest has an id, and the server lists none: nothing was read", hint)


def _unknown_actor(name: str, view: TargetView) -> Iterator[Check]:
    if view.actor is None and _has_access(view):
        hint = (
            f"Write it as targets.{name}.actor: without it no dataset with an owner or permissions is created, and "
            "nothing keeps the token's own right."
        )
        yield Check(name, "actor", "note", "nobody knows who the token acts as", hint)


def _has_access(view: TargetView) -> bool:
    """Whether its datasets have an access list of their own; elsewhere nothing tells who may administer one."""
    return "permissions" in view.capabilities.facets


def _rights(reader: Reader, name: str, view: TargetView, ref: DatasetRef) -> Iterator[Check]:
    actor = view.actor
    if actor is None or not _has_access(view):
        return
    try:
        snapshot = reader.read(ref, ACCESS & view.capabilities.facets)
    except ProviderError as error:
        yield Check(name, "actor", "note", f"whether {actor} may administer is not known: {error.summary}", error.hint)
        return
    managing = sorted(_levels(actor, view, snapshot) & view.capabilities.managing_levels)
    if managing:
        yield Check(name, "actor", "ok", f"{actor} may administer {ref.address} ({', '.join(managing)})")
    else:
        hint = "An apply is refused there, unless its role lets it administer every dataset."
        yield Check(name, "actor", "note", f"{actor} is not among those who may administer {ref.address}", hint)


def _levels(actor: Principal, view: TargetView, snapshot: Snapshot) -> frozenset[str]:
    """At which levels the actor has access, by itself or through a group."""
    found = [BY_NAME[facet].access(snapshot.facets[facet].elements) for facet in ACCESS & snapshot.facets.keys()]
    return frozenset(
        level
        for holders in found
        for holder, level in holders.items()
        if actor == holder or actor in view.directory.members(holder)
    )


def _names(reader: Reader, name: str, sample: DesiredDataset) -> Check:
    try:
        found = reader.named(sample.address.dataset)
    except ProviderError as error:
        return Check(name, "listing", "note", error.summary, error.hint)
    if found is None:
        hint = "`import` needs --id, and only journals know of a creation whose answer was lost: keep .reconciler/."
        return Check(name, "listing", "note", "this server does not list its datasets", hint)
    return Check(name, "listing", "ok", "datasets can be found by name, and imported with --all")


def _history(reader: Insight, name: str, ref: DatasetRef, world: Surroundings) -> Check:
    now = world.now()
    try:
        found = reader.events(ref, now - LOOK_BACK, now)
    except ProviderError as error:
        return Check(name, "history", "note", error.summary, error.hint)
    if found is None:
        return Check(name, "history", "note", "this server does not tell who changed what: drift names nobody")
    return Check(name, "history", "ok", "it tells who changed what, for drift")
