"""The plan of one dataset, worked out without looking at any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.changes import Elements
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Read
from reconciler.core.ports import Snapshot
from reconciler.core.words import Json
from reconciler.facets import BY_NAME, FACETS, GUARDS, Outlook, Outlooks, Situation

from .access import access_changes
from .asserted import differing
from .desired import DesiredDataset, TargetView
from .order import steps

NAME_TAKEN = "name-taken"
NOT_CREATED = "not-created"

NOTHING: Mapping[str, Json] = {}
"""One for all datasets that are as they should be, which are most."""


class Planned(Struct, frozen=True):
    """The plan of one dataset, and what policies may ask about it."""

    plan: DatasetPlan
    outlooks: Outlooks | None = None
    """None when nothing could be planned; there is nothing to judge then."""


def left_alone(wanted: DesiredDataset, target: TargetView) -> bool:
    """Whether a run narrowed to some facets has nothing to plan for a dataset that is not there.

    Creating it needs what it is created with; what it is not created with can wait until it is there.
    """
    if wanted.id is not None or not wanted.unselected:
        return False
    return not wanted.sections or bool(_unasked(wanted, target))


def waiting(wanted: DesiredDataset, target: TargetView) -> Iterable[Diagnostic]:
    """What to know of a dataset that is left alone; nothing when the run is about nothing of it."""
    if wanted.sections:
        without = " and ".join(_unasked(wanted, target))
        summary = f"it has no id, and {target.provider} creates it with its {without}, which this run is not about"
        hint = "It is left alone; a run without --facet creates it."
        yield Diagnostic(NOT_CREATED, "info", summary, wanted.address, hint, wanted.source)


def _unasked(wanted: DesiredDataset, target: TargetView) -> tuple[str, ...]:
    """What the dataset would be created with and the run is not about."""
    return tuple(name for name in target.capabilities.created_with if name in wanted.unselected)


def plan_dataset(wanted: DesiredDataset, target: TargetView, snapshot: Snapshot | None, as_of: datetime) -> Planned:
    """Plan `wanted` against what was read of it; without a snapshot the dataset is to be created."""
    if snapshot is None and (why := tuple(refusals(wanted, target))):
        return Planned(_unplanned(wanted, target, why))
    # Facets of many datasets are made each time they are asked for: once is enough here.
    wanted = replace(wanted, sections=dict(wanted.sections))
    live = _live(target, snapshot)
    situation = Situation(
        address=wanted.address,
        sections=wanted.sections,
        live=live,
        directory=target.directory,
        capabilities=target.capabilities,
        as_of=as_of,
        actor=target.actor,
        exists=snapshot is not None,
        unselected=wanted.unselected,
        held=wanted.held,
        witnesses=target.witnesses,
        taken={name: state.taken for name, state in snapshot.facets.items() if state.taken} if snapshot else {},
    )
    outlooks = _outlooks(wanted, situation)
    return Planned(_plan(wanted, target, snapshot, situation, outlooks), outlooks)


def _plan(
    wanted: DesiredDataset, target: TargetView, snapshot: Snapshot | None, situation: Situation, outlooks: Outlooks
) -> DatasetPlan:
    ordered = steps(outlooks, situation)
    found = [*(snapshot.diagnostics if snapshot else ()), *_findings(wanted, outlooks, situation)]
    read = (
        Read(wanted.address, snapshot.requests, snapshot.complete)
        if snapshot
        else Read(wanted.address, 0, complete=True)
    )
    differs = bool(ordered)
    return DatasetPlan(
        address=wanted.address,
        provider=target.provider,
        id=wanted.id,
        action="no-op" if not differs else "update" if snapshot else "create",
        steps=ordered,
        source=wanted.source,
        before={n: BY_NAME[n].value(o.live) for n, o in outlooks.items()} if differs and snapshot else NOTHING,
        after={n: BY_NAME[n].value(o.desired) for n, o in outlooks.items()} if differs else NOTHING,
        access=access_changes(outlooks, situation),
        diagnostics=tuple(found),
        read=read,
        sizes={name: BY_NAME[name].counted(outlook.live) for name, outlook in outlooks.items()},
    )


def unread(wanted: DesiredDataset, target: TargetView, why: Diagnostic) -> DatasetPlan:
    """The plan of a dataset that could not be read: nothing, and the reason."""
    return _unplanned(wanted, target, (why,))


def _unplanned(wanted: DesiredDataset, target: TargetView, why: tuple[Diagnostic, ...]) -> DatasetPlan:
    return DatasetPlan(wanted.address, target.provider, wanted.id, "no-op", source=wanted.source, diagnostics=why)


def _live(target: TargetView, snapshot: Snapshot | None) -> Mapping[str, Elements]:
    if snapshot is None:
        return target.newborn
    return {name: state.elements for name, state in snapshot.facets.items()}


def _outlooks(wanted: DesiredDataset, situation: Situation) -> Outlooks:
    """Facets in their one order. A managed facet that was not read is left out: its reader has said why."""
    outlooks = {}
    for facet in FACETS:
        section = wanted.sections.get(facet.name)
        if section is None or facet.name not in situation.live:
            continue
        live = facet.arranged(situation.live[facet.name])
        # What nobody can change is not planned; that it differs is an error, see `asserted`.
        asserted = facet.name in situation.capabilities.asserted
        desired = live if asserted else facet.settle(section, live, situation)
        # Most of a workspace is as it should be, and what is equal differs in nothing.
        changes = () if live == desired else facet.diff(live, desired, section)
        outlooks[facet.name] = Outlook(changes, live, desired)
    return outlooks


def _findings(wanted: DesiredDataset, outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    yield from _taken(wanted)
    for guard in GUARDS:
        yield from guard(outlooks, situation)
    yield from differing(wanted, situation)
    for name, outlook in outlooks.items():
        yield from BY_NAME[name].remarks(wanted.sections[name], outlook.live, situation)


def _taken(wanted: DesiredDataset) -> Iterable[Diagnostic]:
    """What holds a creation while the vendor has a dataset of that name."""
    if wanted.namesakes:
        first, ids = wanted.namesakes[0], ", ".join(wanted.namesakes)
        summary = f"a dataset of this name is there already, with id {ids}, and another one would be created"
        hint = f'If it is the one to govern, write under metadata: id: "{first}"; if not, allow {NAME_TAKEN} for it.'
        yield Diagnostic(NAME_TAKEN, "blocked", summary, wanted.address, hint, wanted.source)


def refusals(wanted: DesiredDataset, target: TargetView) -> Iterable[Diagnostic]:
    """Why a dataset that has no id cannot be created."""
    capabilities = target.capabilities
    # What this run is not about is still to come: the dataset must be able to become all that its manifest says.
    sections = {**wanted.unselected, **wanted.sections}
    if not capabilities.creates:
        summary = f"it has no id, and {target.provider} datasets are not created by the reconciler"
        hint = "Create it with the vendor, then write its id under metadata.id."
        yield Diagnostic("cannot-create", "error", summary, wanted.address, hint, wanted.source)
    for name in capabilities.created_with:
        if name not in sections:
            summary = f"it has no id, and {target.provider} cannot create a dataset without its {name}"
            hint = f"Add spec.{name}, or write the id of an existing dataset under metadata.id."
            yield Diagnostic("cannot-create", "error", summary, wanted.address, hint, wanted.source)
    for name in sections:
        if capabilities.creates and name not in target.newborn:
            summary = f"it has no id, and what {target.provider} creates has no {name}"
            hint = f"Take {name} out of the manifest, or write the id of an existing dataset under metadata.id."
            yield Diagnostic("cannot-create", "error", summary, wanted.address, hint, wanted.source)
    if target.actor is None and {"owner", "permissions"} & set(wanted.sections):
        summary = "it would be created by an account the reconciler does not know, so its access cannot be planned"
        hint = "Say who the token acts as: targets.NAME.actor in the Workspace manifest."
        yield Diagnostic("actor-unknown", "error", summary, wanted.address, hint, wanted.source)
