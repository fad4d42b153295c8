"""What the manifests of one tree say otherwise than those of another, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.core.changes import AnyChange, sign
from reconciler.core.words import Json, canonical
from reconciler.facets import BY_NAME, FACETS, Section
from reconciler.facets.grants import PermissionsSection
from reconciler.facets.settings import settings
from reconciler.facets.tags import TagsSection
from reconciler.facets.visibility import opened_to
from reconciler.planning.desired import DesiredDataset

from .people import View
from .values import ADOPTED, LIFTED, RELEASED, Said

VERSIONS = "versions"


def about(old: DesiredDataset | None, new: DesiredDataset | None) -> Iterator[Said]:
    """What changes of a dataset beside its facets."""
    if old and new and old.address != new.address:
        yield Said("name", "~", f"{old.address} -> {new.address}")
    if old and new and old.id is None and new.id is not None:
        yield Said("id", "+", f"{new.id} (what an apply created for it, or another dataset)")
    elif old and new and old.id != new.id:
        yield Said("id", "~", f"{old.id} -> {new.id or 'none'}")
    before, after = (dict.fromkeys(_lifted(dataset)) if dataset else {} for dataset in (old, new))
    yield from (Said(LIFTED, "-", words) for words in before if words not in after)
    yield from (Said(LIFTED, "+", words) for words in after if words not in before)


def _lifted(dataset: DesiredDataset) -> list[str]:
    return [f"{allow.code} until {allow.until}: {allow.reason}" for allow in dataset.allows]


def facets(old: View | None, new: View | None) -> Iterator[Said]:
    """What changes of the facets that the manifests govern."""
    for facet in FACETS:
        name = facet.name
        before, after = (view.outlooks.get(name) if view else None for view in (old, new))
        if before is not None and after is None:
            if new is not None:
                yield Said(name, "-", RELEASED)
            continue
        if after is None or new is None:
            continue
        if before is None and old is not None:
            yield Said(name, "+", ADOPTED)
        section = new.situation.sections[name]
        live = before.live if before else ()
        if live != after.live:
            yield from (_said(name, change) for change in facet.diff(live, after.live, section))
        former = old.situation.sections[name] if old and before else None
        yield from _settings(name, former, section)


def still_open(old: View | None, new: View) -> Iterator[Said]:
    """The versions that both have open to more than their app: news, where `new` is of another dataset."""
    outlook, former = (view.outlooks.get(VERSIONS) if view else None for view in (new, old))
    if outlook is None:
        return
    facet = BY_NAME[VERSIONS]
    told = {change.key for change in facet.diff(former.live if former else (), outlook.live) if opened_to(change)}
    for change in facet.diff((), outlook.live):
        if opened_to(change) and change.key not in told:
            yield _said(VERSIONS, change)


def _settings(name: str, old: Section | None, new: Section) -> Iterator[Said]:
    """How the facet is governed; the mode of a list is told by name, though one of the two is never written."""
    if old == new:
        return
    lists = TagsSection | PermissionsSection
    before, after = settings(old) if old else {}, settings(new)
    if isinstance(old, lists) and isinstance(new, lists) and old.mode != new.mode:
        before, after = before | {"mode": old.mode}, after | {"mode": new.mode}
    yield from compared(name, before, after)


def _said(name: str, change: AnyChange) -> Said:
    return Said(name, sign(change), BY_NAME[name].describe(change), opened_to(change))


def compared(what: str, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Said]:
    """Named values that came, went or changed; of lists, what is in only one of the two."""
    for name in sorted({*before, *after}):
        if name not in before:
            yield Said(what, "+", f"{name}: {_shown(after[name])}")
        elif name not in after:
            yield Said(what, "-", f"{name}: {_shown(before[name])}")
        elif before[name] != after[name]:
            yield Said(what, "~", f"{name}: {_difference(before[name], after[name])}")


def _difference(before: Json, after: Json) -> str:
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        # A stranger's pull request may exchange a list of thousands: each is looked up, not looked for.
        had, has = set(map(canonical, before)), set(map(canonical, after))
        gone = [f"- {_shown(item)}" for item in before if canonical(item) not in has]
        come = [f"+ {_shown(item)}" for item in after if canonical(item) not in had]
        if gone or come:
            return ", ".join([*gone, *come])
    return f"{_shown(before)} -> {_shown(after)}"


def _shown(value: Json) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def workspace(
    before: Mapping[str, Mapping[str, Json]], after: Mapping[str, Mapping[str, Json]]
) -> Iterator[tuple[str, tuple[Said, ...]]]:
    """What changed beside datasets, by place."""
    for place in sorted({*before, *after}):
        said = tuple(compared(place, before.get(place, {}), after.get(place, {})))
        if said:
            yield place, said
