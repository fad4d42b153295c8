"""The use case drift: how live state differs from the manifests, why, and what of it may be put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import before
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets import BY_NAME, Situation
from reconciler.manifests import Workspace
from reconciler.planning import DesiredDataset, TargetView
from reconciler.planning.drift import Applied, Difference, differences, ended, idle

from .auditlog import Line, lines
from .exits import Exit, Stop
from .planning import PlanOptions, make_plan
from .surroundings import Surroundings, state_folder
from .trees import at_commit, loaded
from .workspaces import Selection, desired
from .writing import PUBLIC, place_text


class Drift(Struct, frozen=True):
    """How live state stands to the manifests."""

    plan: Plan
    differences: tuple[Difference, ...]
    at: datetime
    history: tuple[Line, ...] = ()
    """The audit log's lines about the selected datasets, oldest first."""
    remarks: tuple[Diagnostic, ...] = ()

    @property
    def counting(self) -> tuple[Difference, ...]:
        """The differences that no rule has ignored."""
        return tuple(item for item in self.differences if item.ignored is None)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What else there is to know. Drift applies nothing, so no guard has anything to hold."""
        return (*(item for item in self.plan.diagnostics if item.severity != "blocked"), *self.remarks)


class DriftOptions(Struct, frozen=True):
    """What is asked."""

    plan: PlanOptions = field(default_factory=PlanOptions)
    applied: str | None = None
    """The git ref whose manifests were last applied; None: what the audit log says."""


def find_drift(workspace: Workspace, options: DriftOptions, surroundings: Surroundings) -> Drift:
    """Compare live state with the manifests and with what was last applied.

    Raises:
        Stop: the selection names nothing, a token is missing, or `options.applied` cannot be read.
    """
    now = surroundings.now()
    today = now.astimezone(UTC).date()
    plan = make_plan(workspace, replace(options.plan, news=True), surroundings).plan
    history = tuple(_history(workspace, plan))
    last = _from_log(history) if options.applied is None else _from_commit(workspace, options.applied, plan, now)
    rules = workspace.drift_ignore
    remarks = (*ended(rules, today), *idle(rules, [dataset.address for dataset in workspace.datasets], today))
    return Drift(plan, differences(plan, last, rules, today), now, history, remarks)


def _history(workspace: Workspace, plan: Plan) -> Iterable[Line]:
    """The actions that were done, as far as the log can be read; it only explains, so a torn one is no error."""
    ids = {str(dataset.address): dataset.id for dataset in plan.datasets}
    try:
        found = lines(state_folder(workspace.root))
    except OSError:
        return
    for line in found:
        dataset = line.get("dataset")
        if line.get("state") == "done" and isinstance(dataset, str) and ids.get(dataset, "") == line.get("id"):
            yield line


def _from_log(history: Iterable[Line]) -> Mapping[Address, Applied]:
    found: dict[Address, Applied] = {}
    for line in history:
        facet, after = BY_NAME.get(str(line.get("facet"))), line.get("after")
        if facet is None or not isinstance(after, list):
            continue
        try:
            elements = {facet.element(words).key: words for words in after}
            address = Address.parse(str(line["dataset"]), ()).of(facet.name)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        found[address] = Applied(elements, str(line.get("at")) if line.get("at") else None)
    return found


def _from_commit(workspace: Workspace, ref: str, plan: Plan, now: datetime) -> Mapping[Address, Applied]:
    past = loaded(workspace.root, at_commit(workspace.root, ref), ref)
    if past.workspace is None:
        raise Stop(Exit.ERROR, *past.diagnostics)
    wanted = desired(past.workspace, Selection())
    datasets = {dataset.address: dataset for dataset in wanted.datasets}
    found: dict[Address, Applied] = {}
    for step in plan.steps:
        address = step.address
        dataset = datasets.get(address.whole)
        if dataset is not None and address.facet in dataset.sections:
            live = tuple(element for change in step.changes if (element := before(change)) is not None)
            known = found.get(address, Applied({}))
            more = _settled(dataset, wanted.targets[address.target], address.facet, live, now)
            found[address] = replace(known, elements={**known.elements, **more.elements})
    return found


def _settled(
    dataset: DesiredDataset, target: TargetView, name: str, live: tuple[object, ...], now: datetime
) -> Applied:
    """What a manifest wanted of a facet, given what is live of it now: what it left alone is as it is."""
    facet = BY_NAME[name]
    known = target.directory, target.capabilities, now, target.actor
    situation = Situation(dataset.address, dataset.sections, {}, *known)
    elements = facet.settle(dataset.sections[name], live, situation)
    return Applied({element.key: facet.words(element) for element in elements})


def healable(found: Drift, facets: Iterable[str]) -> tuple[Selection, tuple[Diagnostic, ...]]:
    """What may be put back: facets of datasets that only others have changed; and what is left alone, with why."""
    only: dict[Address, frozenset[str]] = {}
    left: list[Diagnostic] = []
    for address in dict.fromkeys(item.address for item in found.differences):
        if address.facet not in facets:
            continue
        here = [item for item in found.differences if item.address == address]
        if all(item.cause == "moved" and item.ignored is None for item in here):
            only[address.whole] = only.get(address.whole, frozenset()) | {address.facet}
        else:
            left.append(Diagnostic("heal-unsure", "warning", f"it is not healed: {_why(here)}", address))
    return Selection(only=only), tuple(left)


def _why(found: Sequence[Difference]) -> str:
    if any(item.ignored is not None for item in found):
        return "a rule has some of it ignored"
    if all(item.cause == "pending" for item in found):
        return "nobody changed it, it was not applied yet"
    if any(item.cause is None for item in found):
        return "nobody knows what was last applied"
    return "the manifest changed, too, and that was not applied yet"


def write_metrics(text: str, path: Path) -> None:
    """Put metrics where a collector finds them, whole or not at all.

    Raises:
        Stop: the file cannot be written.
    """
    try:
        place_text(text, path, PUBLIC)
    except OSError as error:
        summary = f"{path} cannot be written: {error.strerror or error}"
        raise Stop(Exit.ERROR, Diagnostic("metrics-unwritten", "error", summary, hint="Name another file.")) from error
