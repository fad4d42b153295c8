"""From bytes that claim to be a saved plan to a plan, or to one sentence that says why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from pydantic import ValidationError

from reconciler.core.address import Address
from reconciler.core.changes import Add, AnyChange, Drop, Element, Modify
from reconciler.core.plan import AccessChange, DatasetPlan, Dependent, Plan, Read, Step
from reconciler.facets import BY_NAME
from reconciler.report.safe import safe_text

from . import parts
from .models import (
    AccessEntry,
    ChangeEntry,
    DatasetEntry,
    DiagnosticEntry,
    ImpactEntry,
    Part,
    PlanHead,
    ReadEntry,
    ResourceChange,
    ResourceChangeBody,
    StepEntry,
)
from .opening import UNREADABLE, DocumentError, check_genuine, check_version, decoded, parsed
from .scan import loose

Row = TypeVar("Row", bound=Part)
Pool: TypeAlias = dict[tuple[Any, ...] | None, Element]
"""Elements by their words: a column is in a change, in what is desired and in other datasets, and in memory once."""


class Saved(Struct, frozen=True):
    """A saved plan, proven to be as it was made."""

    document: PlanHead
    plan: Plan


def decode(data: str | bytes) -> Saved:
    """Read a saved plan.

    Raises:
        DocumentError: `data` is no plan, was altered, or comes from a version that is too new.
    """
    text = decoded(data)
    del data
    content = parsed(text)
    # The text of a large plan must not stay in memory beside what is made of it.
    del text
    check_version(content)
    check_genuine(content)
    try:
        return Saved(PlanHead.model_validate(content.head), _plan(content.rows))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DocumentError("foreign", f"The file is not a plan: {safe_text(where)}: {first['msg']}.") from error
    except UNREADABLE as error:
        raise DocumentError("foreign", "The file is not a plan: a value in it is none that a plan holds.") from error


def _rows(content: dict[str, list[bytes]], key: str, model: type[Row]) -> Iterator[Row]:
    """The rows of one list, checked; taken out of `content` one by one, so that a large plan is in memory only once."""
    found = content.pop(key)
    found.reverse()
    while found:
        row = found.pop()
        try:
            row.decode()
        except UnicodeDecodeError:
            # Half of a surrogate pair is no UTF-8, which is all that pydantic reads.
            yield model.model_validate(loose(row))
        else:
            yield model.model_validate_json(row)


def _plan(content: dict[str, list[bytes]]) -> Plan:
    steps: dict[Address, list[Step]] = defaultdict(list)
    pool: Pool = {}
    for entry in _rows(content, "steps", StepEntry):
        step = _step(entry, pool)
        steps[step.address.whole].append(step)
    access: dict[Address, list[AccessChange]] = defaultdict(list)
    for row in _rows(content, "access_changes", AccessEntry):
        change = parts.read_access(row)
        access[change.dataset].append(change)
    impact: dict[Address, list[Dependent]] = defaultdict(list)
    content.setdefault("impact", [])
    for told in _rows(content, "impact", ImpactEntry):
        impact[parts.read_address(told.dataset)].append(Dependent(told.kind, told.id, told.title, tuple(told.owners)))
    bodies = {row.address: row.change for row in _rows(content, "resource_changes", ResourceChange)}
    reads = {row.address: row for row in _rows(content, "reads", ReadEntry)}
    findings = tuple(parts.read_diagnostic(row) for row in _rows(content, "diagnostics", DiagnosticEntry))
    datasets = []
    for item in _rows(content, "datasets", DatasetEntry):
        address = parts.read_address(item.address)
        read = reads.get(item.address)
        dataset = _dataset(item, bodies.get(item.address))
        evidence = Read(address, read.requests, read.complete) if read else None
        mine = tuple(steps.pop(address, ())), tuple(access.pop(address, ())), tuple(impact.pop(address, ()))
        datasets.append(replace(dataset, steps=mine[0], access=mine[1], impact=mine[2], read=evidence))
    if steps or access or impact:
        msg = "a row belongs to no dataset"
        raise ValueError(msg)
    return Plan(tuple(datasets), findings)


def _dataset(item: DatasetEntry, body: ResourceChangeBody | None) -> DatasetPlan:
    return DatasetPlan(
        address=parts.read_address(item.address),
        provider=item.provider_name,
        id=item.id,
        action=body.actions[0] if body else "no-op",
        source=parts.read_place(item.source),
        before=(body.before or {}) if body else {},
        after=body.after if body else {},
    )


def _step(entry: StepEntry, pool: Pool) -> Step:
    facet = BY_NAME[entry.facet]

    def element(words: Any) -> Element:
        flat = isinstance(words, dict) and not any(isinstance(value, (dict, list)) for value in words.values())
        key = (entry.facet, *words.items()) if flat else None
        if key in pool:
            return pool[key]
        made: Element = facet.element(words)
        if key is not None:
            pool[key] = made
        return made

    step = Step(
        address=parts.read_address(entry.address, entry.facet),
        verb=entry.verb,
        changes=tuple(_change(element, change) for change in entry.changes),
        desired=tuple(element(words) for words in entry.desired),
        needs=tuple(entry.needs),
        risk=entry.risk,
        reversible=entry.reversible,
    )
    if step.id != entry.id:
        msg = f"step {entry.id!r} is {step.id!r}"
        raise ValueError(msg)
    if entry.precondition != parts.precondition(step):
        msg = f"the precondition of step {entry.id!r} is not what its changes start from"
        raise ValueError(msg)
    return step


def _change(element: Callable[[Any], Element], entry: ChangeEntry) -> AnyChange:
    match entry.op:
        case "add":
            return Add(element(entry.after))
        case "drop":
            return Drop(element(entry.before))
        case "modify":
            return Modify(element(entry.before), element(entry.after), tuple(entry.fields))
