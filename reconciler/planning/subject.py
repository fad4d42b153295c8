"""What policies are shown of a dataset: what it will be, and what changes."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.core.changes import Add, AnyChange, Drop, after, before
from reconciler.core.words import Json
from reconciler.facets import BY_NAME, FACETS, Outlooks

from .desired import DesiredDataset, TargetView
from .policies import Subject


def subject(wanted: DesiredDataset, target: TargetView, outlooks: Outlooks | None = None) -> Subject:
    """Everything the rules may ask about `wanted`; without `outlooks` as far as the manifests say."""
    words: dict[str, Json] = {
        "address": str(wanted.address),
        "name": wanted.address.dataset,
        "target": wanted.address.target,
        "provider": target.provider,
        "id": wanted.id or "",
    }
    sections = {**wanted.unselected, **wanted.sections}
    for facet in FACETS:
        if facet.name in sections:
            settled = outlooks[facet.name].desired if outlooks and facet.name in outlooks else None
            words[facet.name] = facet.stated(sections[facet.name], settled, target.directory)
    told = _changes(outlooks) if outlooks is not None else None
    return Subject(wanted.address, words, told, wanted.source)


def _changes(outlooks: Outlooks) -> Json:
    return [_change(name, change) for name, outlook in outlooks.items() for change in outlook.changes]


def _change(facet: str, change: AnyChange) -> Mapping[str, Json]:
    old, new = before(change), after(change)
    verb = "add" if isinstance(change, Add) else "drop" if isinstance(change, Drop) else "modify"
    return {
        "facet": facet,
        "op": verb,
        "key": change.key,
        "before": None if old is None else BY_NAME[facet].words(old),
        "after": None if new is None else BY_NAME[facet].words(new),
    }
