"""From bytes that claim to be a saved plan to a plan, or to one sentence that says why not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn, TypeAlias

from pydantic import ValidationError

from reconciler.core.address import Address
from reconciler.core.changes import Add, AnyChange, Drop, Modify
from reconciler.core.plan import AccessChange, DatasetPlan, Plan, Read, Step
from reconciler.facets import BY_NAME, AnyFacet

from . import parts
from .models import FORMAT_VERSION, ChangeEntry, PlanDocument, StepEntry
from .write import plan_id

LARGEST: Final = 256 * 2**20
"""Bytes; ten thousand datasets that all change need less than a third."""

Flaw: TypeAlias = Literal["large", "broken", "foreign", "newer", "altered"]
"""foreign: JSON, but no plan. newer: a major version this code does not know. altered: changed after it was made."""

# What facets raise for words they did not make, and what Python raises for absurd numbers and depths.
UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)


class DocumentError(Exception):
    """These bytes are no plan that can be used; its text is one sentence for the user.

    Attributes:
        flaw: what is wrong, for the choice of an exit code.
    """

    def __init__(self, flaw: Flaw, sentence: str) -> None:
        super().__init__(sentence)
        self.flaw: Flaw = flaw


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved plan, proven to be as it was made."""

    document: PlanDocument
    plan: Plan


def decode(data: str | bytes) -> Saved:
    """Read a saved plan.

    Raises:
        DocumentError: `data` is no plan, was altered, or comes from a version that is too new.
    """
    if len(data) > LARGEST:
        raise DocumentError("large", f"The plan file is larger than {LARGEST // 2**20} MiB and was not read.")
    content = _parsed(data)
    _check_version(content)
    try:
        genuine = content.get("plan_id") == plan_id(content)
    except UNREADABLE:
        genuine = False
    if not genuine:
        raise DocumentError("altered", "The plan was altered after it was made: its plan_id does not fit its content.")
    try:
        document = PlanDocument.model_validate(content)
        return Saved(document, _plan(document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DocumentError("foreign", f"The file is not a plan: {where}: {first['msg']}.") from error
    except UNREADABLE as error:
        raise DocumentError("foreign", "The file is not a plan: a value in it is none that a plan holds.") from error


def _parsed(data: str | bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(data, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        sentence = f"The file is not a plan: its JSON breaks at line {error.lineno}, column {error.colno}."
        raise DocumentError("broken", sentence) from error
    except (ValueError, RecursionError) as error:
        raise DocumentError("broken", "The file is not a plan: it is not JSON in UTF-8.") from error
    if not isinstance(content, dict) or "format_version" not in content:
        raise DocumentError("foreign", "The file is not a plan: it has no format_version.")
    return content


def _refuse(word: str) -> NoReturn:
    msg = f"{word} is not JSON"
    raise ValueError(msg)


def _check_version(content: Mapping[str, Any]) -> None:
    major, _, minor = str(content["format_version"])[:20].partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise DocumentError("foreign", "The file is not a plan: its format_version is not a version.")
    ours = FORMAT_VERSION.partition(".")[0]
    if int(major) > int(ours):
        sentence = f"The plan has format {int(major)}.{int(minor)}; this version reads {ours}.x: use the newer one."
        raise DocumentError("newer", sentence)
    if int(major) < int(ours):
        raise DocumentError("foreign", f"The plan has format {int(major)}.{int(minor)}, which no version wrote.")


def _plan(document: PlanDocument) -> Plan:
    steps: dict[Address, list[Step]] = {}
    for entry in document.steps:
        step = _step(entry)
        steps.setdefault(step.address.whole, []).append(step)
    access: dict[str, list[AccessChange]] = {}
    for change in document.access_changes:
        access.setdefault(change.dataset, []).append(parts.read_access(change))
    changes = {change.address: change.change for change in document.resource_changes}
    reads = {read.address: read for read in document.reads}
    datasets = []
    for item in document.datasets:
        body, read = changes.get(item.address), reads.get(item.address)
        plan = DatasetPlan(
            address=(address := parts.read_address(item.address)),
            provider=item.provider_name,
            id=item.id,
            action=body.actions[0] if body else "no-op",
            steps=tuple(steps.pop(address, ())),
            source=parts.read_place(item.source),
            before=(body.before or {}) if body else {},
            after=body.after if body else {},
            access=tuple(access.get(item.address, ())),
            read=Read(address, read.requests, read.complete) if read else None,
        )
        datasets.append(plan)
    if steps:
        msg = "a step belongs to no dataset"
        raise ValueError(msg)
    return Plan(tuple(datasets), tuple(parts.read_diagnostic(item) for item in document.diagnostics))


def _step(entry: StepEntry) -> Step:
    facet = BY_NAME[entry.facet]
    step = Step(
        address=parts.read_address(entry.address, entry.facet),
        verb=entry.verb,
        changes=tuple(_change(facet, change) for change in entry.changes),
        desired=tuple(facet.element(words) for words in entry.desired),
        needs=tuple(entry.needs),
        risk=entry.risk,
        reversible=entry.reversible,
    )
    if step.id != entry.id:
        msg = f"step {entry.id!r} is {step.id!r}"
        raise ValueError(msg)
    return step


def _change(facet: AnyFacet, entry: ChangeEntry) -> AnyChange:
    match entry.op:
        case "add":
            return Add(facet.element(entry.after))
        case "drop":
            return Drop(facet.element(entry.before))
        case "modify":
            return Modify(facet.element(entry.before), facet.element(entry.after), tuple(entry.fields))
