"""Two trees, dataset by dataset: what each says of it, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

from msgspec import Struct

from reconciler.core.diagnostics import Source, ordered
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory, Principal
from reconciler.facets import FACETS, Outlook, Situation
from reconciler.facets.owner import Owner
from reconciler.planning.desired import DesiredDataset, TargetView

from .findings import findings
from .known import Known
from .people import Doubt, View, endings, moves
from .said import about, facets, still_open, workspace
from .values import BINDING, Action, Move, Review, Reviewed, Said, Tree, Way, rebound, written_back

NOWHERE = TargetView("", Capabilities(frozenset()))


def compare(base: Tree, head: Tree, as_of: datetime, domains: frozenset[str] = frozenset()) -> Review:
    """Everything that `head` says otherwise than `base`.

    Args:
        base: what is governed now.
        head: what would be.
        as_of: the moment to judge expiring grants at.
        domains: the organisation's e-mail domains; when empty, they are told from the base's Principals.
    """
    targets = cache(
        lambda old, new: _both(base.targets.get(old, NOWHERE), head.targets.get(new, NOWHERE), domains),
    )
    comparison = _Comparison(base, head, targets, as_of)
    found = (comparison.of(old, new) for old, new in _pairs(base, head))
    reviewed = sorted((item for item in found if item is not None), key=lambda item: item.address)
    beside = tuple(workspace(base.settings, head.settings))
    ways = _redirected(base, head)
    places = {place: _written(place, base, head) for place, _ in beside}
    told = findings(reviewed, beside, ways, places)
    return Review(tuple(reviewed), beside, tuple(ways), ordered(list(told)))


def _redirected(base: Tree, head: Tree) -> Mapping[str, Way]:
    """The targets whose token goes where it does not in `base`; one by another name is the same there."""
    known = {way.ends for way in base.ways.values()}
    return {place: head.ways[place] for place in sorted(head.ways) if head.ways[place].ends not in known}


def _written(place: str, base: Tree, head: Tree) -> Source | None:
    """Where a setting is written; of one that is gone, where the head would have it."""
    tell = head.places.get(place) or head.places.get("") or base.places.get(place)
    return tell() if tell else None


def _pairs(base: Tree, head: Tree) -> Iterator[tuple[DesiredDataset | None, DesiredDataset | None]]:
    """Manifests about the same dataset: of one id in one account, whatever they call it, else of one address."""
    left = {dataset.address: dataset for dataset in base.datasets}
    known = {base.identity(dataset): dataset.address for dataset in base.datasets if dataset.id}
    rest = []
    for dataset in head.datasets:
        former = known.get(head.identity(dataset)) if dataset.id else None
        if former is None:
            rest.append(dataset)
        else:
            yield left.pop(former), dataset
    for dataset in rest:
        yield left.pop(dataset.address, None), dataset
    yield from ((old, None) for old in left.values())


class _Both(Struct, frozen=True):
    """One target in both trees."""

    before: TargetView
    after: TargetView
    alike: bool
    """Whether a name means the same user or group in both."""
    known: Known


def _both(before: TargetView, after: TargetView, domains: frozenset[str]) -> _Both:
    alike = _named(before.directory).items() <= _named(after.directory).items()
    return _Both(before, after, alike, Known.of(before.directory, after.directory, domains))


class _Comparison(Struct, frozen=True):
    base: Tree
    head: Tree
    targets: Callable[[str, str], _Both]
    as_of: datetime

    def of(self, old: DesiredDataset | None, new: DesiredDataset | None) -> Reviewed | None:
        """What differs of one dataset; None when nothing does."""
        here = new or old
        if here is None:
            return None
        both = self.targets((old or here).address.target, here.address.target)
        elsewhere = tuple(self._elsewhere(old, new)) if old and new else ()
        if old and new and both.alike and not elsewhere and _same(old, new):
            return None
        left = self._view(old, both.before, exists=True) if old else None
        right = self._view(new, both.after, exists=new.id is not None or old is not None) if new else None
        said = (*about(old, new), *elsewhere, *facets(left, right))
        if right and rebound(said):
            said = (*said, *still_open(left, right))
        told = tuple(self._moves(left, right, both.known, said)) if right else ()
        if not said and not told and old and new:
            return None
        action: Action = "new" if old is None else "gone" if new is None else "changed"
        ending = tuple(endings(right)) if right else ()
        return Reviewed(here.address, action, said, told, _owners(left, right), ending, here.source)

    def _elsewhere(self, old: DesiredDataset, new: DesiredDataset) -> Iterator[Said]:
        before, after = self.base.account(old), self.head.account(new)
        if before != after:
            yield Said("account", "~", f"{before} -> {after}")

    def _moves(self, left: View | None, right: View, known: Known, said: Sequence[Said]) -> Iterable[Move]:
        """Whose access changes; of another dataset than before, nobody knows who has which."""
        bound = {item.what: item.sign for item in said if item.what in BINDING}
        if bound.get("id") == "~":
            return moves(None, right, known)
        doubt: Doubt | None = "created" if written_back(said) else "elsewhere" if bound else None
        return moves(left, right, known, doubt)

    def _view(self, dataset: DesiredDataset, target: TargetView, *, exists: bool) -> View:
        known = target.directory, target.capabilities, self.as_of, target.actor
        situation = Situation(dataset.address, dataset.sections, {}, *known, exists)
        outlooks = {}
        for facet in FACETS:
            if facet.name in dataset.sections:
                elements = facet.settle(dataset.sections[facet.name], (), situation)
                outlooks[facet.name] = Outlook((), elements, elements)
        return View(situation, outlooks)


def _named(directory: Directory) -> Mapping[str, str]:
    users = {f"user:{key}": person.id for key, person in directory.users.items()}
    return users | {f"group:{key}": group.id for key, group in directory.groups.items()}


def _same(old: DesiredDataset, new: DesiredDataset) -> bool:
    return (old.address, old.id, old.allows) == (new.address, new.id, new.allows) and old.sections == new.sections


def _owners(old: View | None, new: View | None) -> tuple[Principal, ...]:
    for view in (old, new):
        outlook = view.outlooks.get("owner") if view else None
        found = tuple(item.principal for item in (outlook.live if outlook else ()) if isinstance(item, Owner))
        if found:
            return found
    return ()
