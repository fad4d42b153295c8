"""Addresses, people, findings and places, each as a document has it and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from reconciler.core.address import Address
from reconciler.core.changes import Element, before
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.plan import AccessChange, Dependent, Step
from reconciler.core.principals import Kind, Principal
from reconciler.facets import BY_NAME

if TYPE_CHECKING:
    from .models import AccessEntry, DiagnosticEntry, Place

Object: TypeAlias = dict[str, Any]


def read_address(text: str, facet: str | None = None) -> Address:
    """The address that `text` is. A dataset's name may end like a facet, so the facet is told apart."""
    whole = Address.parse(text.removesuffix(f".{facet}") if facet else text, ())
    return whole.of(facet) if facet else whole


def access(change: AccessChange) -> Object:
    """Somebody's access as a document has it; ids keep a plan true when somebody is renamed."""
    return {
        "dataset": str(change.dataset),
        "principal": str(change.principal),
        "principal_id": change.principal.id,
        "before": change.before,
        "after": change.after,
        "via": str(change.via) if change.via else None,
        "via_id": change.via.id if change.via else None,
    }


def read_access(entry: AccessEntry) -> AccessChange:
    """The access change that `access` wrote."""
    principal = _principal(entry.principal, entry.principal_id)
    via = _principal(entry.via, entry.via_id) if entry.via is not None and entry.via_id is not None else None
    return AccessChange(read_address(entry.dataset), principal, entry.before, entry.after, via)


def _principal(text: str, identifier: str) -> Principal:
    kind, _, name = text.partition(":")
    if kind not in {"user", "group"}:
        msg = f"{text!r} is neither a user nor a group"
        raise ValueError(msg)
    return Principal(cast("Kind", kind), identifier, None if name.startswith("#") else name)


def dependent(dataset: Address, item: Dependent) -> Object:
    """Something that reads `dataset` as a document has it."""
    told = {"kind": item.kind, "id": item.id, "title": item.title, "owners": list(item.owners)}
    return {"dataset": str(dataset), **told}


def diagnostic(item: Diagnostic) -> Object:
    """A finding as a document has it."""
    return {
        "code": item.code,
        "severity": item.severity,
        "summary": item.summary,
        "address": str(item.address) if item.address else None,
        "facet": (item.address.facet or None) if item.address else None,
        "hint": item.hint,
        "source": place(item.source),
    }


def read_diagnostic(entry: DiagnosticEntry) -> Diagnostic:
    """The finding that `diagnostic` wrote."""
    address = read_address(entry.address, entry.facet) if entry.address is not None else None
    return Diagnostic(entry.code, entry.severity, entry.summary, address, entry.hint, read_place(entry.source))


def place(source: Source | None) -> Object | None:
    """A place in a manifest as a document has it."""
    return {"file": source.file, "line": source.line, "column": source.column} if source else None


def read_place(entry: Place | None) -> Source | None:
    """The place that `place` wrote."""
    return Source(entry.file, entry.line, entry.column) if entry else None


def precondition(step: Step) -> Object:
    """Each element that `step` touches, by key, as it must be found; None where there must be none."""
    # A renamed element has two keys: the new one must be free. What is there counts over what must be free, because
    # two elements may swap their names.
    free = {change.key: None for change in step.changes}
    taken = {old.key: words(step, old) for change in step.changes if (old := before(change)) is not None}
    return {**free, **taken}


def words(step: Step, element: Element | None) -> Any:
    """An element of the step's facet as a document has it."""
    return None if element is None else BY_NAME[step.address.facet].words(element)
