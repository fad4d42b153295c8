"""From a plan to its document and its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from reconciler.core.changes import Add, AnyChange, Drop, Modify, after, before
from reconciler.core.diagnostics import ordered
from reconciler.core.plan import DatasetPlan, Plan, Step
from reconciler.core.words import Json
from reconciler.facets import FACETS
from reconciler.report.figures import access_changes, figures
from reconciler.report.safe import json_text

from . import parts
from .opening import FORMAT_VERSION
from .parts import Object
from .rows import Rows, indented, plan_id

if TYPE_CHECKING:
    from .models import PlanDocument


class Meta(Struct, frozen=True):
    """What a plan's document says beside the plan."""

    reconciler_version: str
    source_digest: str
    """sha-256 over the manifests."""
    workspace: str
    """Which workspace it is; a plan is refused by any other."""
    as_of: str | None = None
    commit: str | None = None
    dirty: bool | None = None
    created_at: str | None = None
    facets: tuple[str, ...] = ()
    """What the plan is about of each dataset; empty: everything."""

    @property
    def of_its_day(self) -> bool:
        """Whether it was made for the day on which it was made; another one is only shown then."""
        return self.as_of is None or self.created_at is None or self.as_of[:10] == self.created_at[:10]


def encode(plan: Plan, meta: Meta) -> PlanDocument:
    """The document of `plan`. Equal plans with equal meta, whenever made, have equal ids."""
    from .models import PlanDocument  # noqa: PLC0415 - text is made without models

    head, rows = _head(plan, meta), _rows(plan)
    return PlanDocument.model_validate({**head, **{key: list(make()) for key, make in rows.items()}})


def document_text(document: PlanDocument) -> str:
    """`document` as the JSON that is saved and printed; the same as `plan_json` gives."""
    return json_text(document.model_dump_json(indent=2)) + "\n"


def plan_json(plan: Plan, meta: Meta) -> str:
    """The text of `plan`'s document; it holds no character that steers a terminal.

    Made row by row: as models or dicts, ten thousand datasets would take more memory than everything else.
    """
    return json_text("".join(indented(_head(plan, meta), _rows(plan))))


class Signed(Struct, frozen=True):
    """A plan with its meta: what is saved, shown and referred to by its id."""

    plan: Plan
    meta: Meta

    @property
    def plan_id(self) -> str:
        """The id that `text` carries."""
        return str(_head(self.plan, self.meta)["plan_id"])

    @property
    def text(self) -> str:
        """The plan's document as JSON."""
        return plan_json(self.plan, self.meta)


def differs(dataset: DatasetPlan) -> bool:
    """Whether there is anything to say about what happens to `dataset`."""
    return bool(dataset.steps or dataset.access) or dataset.action != "no-op" or dataset.before != dataset.after


def _head(plan: Plan, meta: Meta) -> Object:
    source: Object = {"commit": meta.commit, "dirty": meta.dirty, "digest": meta.source_digest}
    source["facets"] = list(meta.facets)
    head: Object = {
        "format_version": FORMAT_VERSION,
        "reconciler_version": meta.reconciler_version,
        "plan_id": "",
        "created_at": meta.created_at,
        "as_of": meta.as_of,
        "workspace": meta.workspace,
        "errored": plan.errored,
        "complete": plan.complete,
        "applyable": plan.applyable,
        "source": source,
        "summary": _summary(plan),
    }
    return {**head, "plan_id": plan_id(head, _rows(plan))}


def _rows(plan: Plan) -> Rows:
    return {
        "resource_changes": lambda: (_resource(dataset) for dataset in plan.datasets if differs(dataset)),
        "steps": lambda: (_step(step) for step in plan.steps),
        "access_changes": lambda: (parts.access(change) for change in access_changes(plan)),
        "impact": lambda: (
            parts.dependent(dataset.address, each) for dataset in plan.datasets for each in dataset.impact
        ),
        "diagnostics": lambda: (parts.diagnostic(item) for item in ordered(plan.diagnostics)),
        "reads": lambda: (
            {"address": str(read.address), "requests": read.requests, "complete": read.complete}
            for read in (dataset.read for dataset in plan.datasets)
            if read is not None
        ),
        "datasets": lambda: (_entry(dataset) for dataset in plan.datasets),
    }


def _summary(plan: Plan) -> Object:
    counted = figures(plan)
    return {
        "create": counted.create,
        "update": counted.update,
        "unchanged": counted.unchanged,
        "unread": counted.unread,
        "access": {"gain": counted.gain, "lose": counted.lose, "change": counted.change},
        "destructive": counted.destructive,
        "reads": {"done": counted.reads_done, "total": counted.reads_total},
    }


def _entry(dataset: DatasetPlan) -> Object:
    return {
        "address": str(dataset.address),
        "provider_name": dataset.provider,
        "id": dataset.id,
        "source": parts.place(dataset.source),
    }


def _resource(dataset: DatasetPlan) -> Object:
    exists = dataset.action != "create"
    return {
        **_entry(dataset),
        "type": "dataset",
        "name": dataset.address.dataset,
        "change": {
            "actions": [dataset.action],
            "before": _by_facet(dataset.before) if exists else None,
            "after": _by_facet(dataset.after),
        },
    }


def _by_facet(values: Mapping[str, Json]) -> Object:
    return {facet.name: values[facet.name] for facet in FACETS if facet.name in values}


def _step(step: Step) -> Object:
    return {
        "id": step.id,
        "address": str(step.address),
        "facet": step.address.facet,
        "verb": step.verb,
        "changes": [_change(step, change) for change in step.changes],
        "desired": [parts.words(step, element) for element in step.desired],
        "needs": list(step.needs),
        "precondition": parts.precondition(step),
        "risk": step.risk,
        "reversible": step.reversible,
    }


def _change(step: Step, change: AnyChange) -> Object:
    match change:
        case Add():
            verb, fields = "add", ()
        case Drop():
            verb, fields = "drop", ()
        case Modify(fields=fields):
            verb = "modify"
    return {
        "op": verb,
        "key": change.key,
        "before": parts.words(step, before(change)),
        "after": parts.words(step, after(change)),
        "fields": list(fields),
    }
