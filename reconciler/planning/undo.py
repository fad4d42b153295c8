"""The plan that puts back what an apply did, worked out from what was found before and read back after. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from reconciler.core.changes import Add, AnyChange, Drop, Element, Elements, Modify, sign
from reconciler.core.diagnostics import Code, Diagnostic, ordered
from reconciler.core.plan import DatasetPlan, Plan, Read
from reconciler.core.ports import OWNER
from reconciler.core.words import Json, mapping
from reconciler.facets import BY_NAME, GUARDS, Outlook, Outlooks, Section, Situation
from reconciler.facets.effects import keys
from reconciler.facets.owner import Owner, OwnerSection
from reconciler.facets.who import in_manifest

from .access import access_changes
from .deeds import Deed, Deeds, Doubt, found_by, returns
from .desired import TargetView
from .order import steps
from .planner import GUARD_CODES

CODES: tuple[Code, ...] = (
    Code(
        "not-undone",
        "Something an apply did cannot be undone.",
        "Deleted versions and the data of dropped columns are gone, and no command deletes a dataset or a version that "
        "was made. What can be put back is in the undo plan. What may be somebody else's work is not: a write whose "
        "end nobody knows, what is neither as it was nor as planned, what an apply that was killed was just at. What "
        "else a killed apply did is undone with what goes on with its plan; where another plan is applied, it is only "
        "named.",
    ),
)

UNDOES = "(allowed: it undoes an apply)"
"""How the words end of a guard that does not hold an undo plan."""

State = Mapping[str, Elements]


def undo(done: Iterable[Deeds], targets: Mapping[str, TargetView], now: datetime) -> Plan:
    """The plan that leads from what was read back to what was found before, for what was done.

    What others changed meanwhile stays. Guards that somebody may lift are told and do not hold it: it leads to a state
    that was.
    """
    found: list[Diagnostic] = []
    datasets: list[DatasetPlan] = []
    for each in sorted(done, key=lambda item: item.dataset.address):
        if each.created:
            summary = "it was created by this apply; no command deletes a dataset"
            found.append(Diagnostic("not-undone", "info", summary, each.dataset.address))
            continue
        found += [finding for deed in each.deeds if deed.done for finding in _remaining(deed)]
        found += _left_behind(each)
        found += map(_doubted, each.doubts)
        dataset, dangers = _dataset(each, targets[each.dataset.address.target], now)
        if dataset.steps:
            datasets.append(dataset)
            found += [_told(danger) if danger.code in GUARD_CODES else danger for danger in dangers]
    return Plan(tuple(datasets), ordered(found))


def _dataset(each: Deeds, target: TargetView, now: datetime) -> tuple[DatasetPlan, list[Diagnostic]]:
    live = {deed.step.address.facet: deed.after for deed in each.deeds}
    if _handed(each) and "permissions" in {*live, *each.dataset.before}:
        live["permissions"] = _with_owner(each, live)
    outlooks = _outlooks(each, live)
    address = each.dataset.address
    sections = _sections(outlooks, target)
    situation = Situation(address, sections, live, target.directory, target.capabilities, now, target.actor)
    made = steps(outlooks, situation)
    plan = DatasetPlan(
        address=address,
        provider=target.provider,
        id=each.id,
        action="update" if made else "no-op",
        steps=made,
        source=each.dataset.source,
        before={name: BY_NAME[name].value(outlook.live) for name, outlook in outlooks.items()},
        after={name: BY_NAME[name].value(outlook.desired) for name, outlook in outlooks.items()},
        access=access_changes(outlooks, situation),
        read=Read(address, len(outlooks), complete=True),
    )
    return plan, [danger for guard in GUARDS for danger in guard(outlooks, situation)]


def _sections(outlooks: Outlooks, target: TargetView) -> Mapping[str, Section]:
    """What a manifest would say of the owner: whoever hands over what is its own is known by that."""
    outlook = outlooks.get("owner")
    owner = next((each for each in outlook.desired if isinstance(each, Owner)), None) if outlook else None
    return {"owner": OwnerSection(principal=in_manifest(owner.principal, target.directory))} if owner else {}


def _handed(each: Deeds) -> bool:
    return any(deed.done and deed.step.address.facet == "owner" for deed in each.deeds)


def _with_owner(each: Deeds, live: State) -> Elements:
    """The access list as it was read last, perhaps before the hand-over, with the entry that the new owner has now."""
    grants = BY_NAME["permissions"]
    now = [grants.element({**mapping(BY_NAME["owner"].words(new)), "access": OWNER}) for new in live["owner"]]
    keys = {item.key for item in now}
    found = [grants.element(words) for words in _list(each.dataset.before.get("permissions"))]
    return (*(item for item in live.get("permissions", found) if item.key not in keys), *now)


def _left_behind(each: Deeds) -> list[Diagnostic]:
    """Who keeps access by a hand-over that is taken back, where nobody read what he had before."""
    steps = {deed.step.address.facet for deed in each.deeds}
    if not _handed(each) or "permissions" in steps or "permissions" in each.dataset.before:
        return []
    deed = next(deed for deed in each.deeds if deed.done and deed.step.address.facet == "owner")
    who = ", ".join(sorted(str(who) for item in deed.after for who in BY_NAME["owner"].access((item,))))
    summary = f"once undone, {who} keeps what the vendor leaves to a former owner: no access was read before"
    return [Diagnostic("not-undone", "warning", summary, deed.step.address)]


def _outlooks(each: Deeds, live: State) -> Outlooks:
    handed = _handed(each)
    outlooks = {}
    for name, now in live.items():
        done = [deed for deed in each.deeds if deed.step.address.facet == name and deed.done]
        sent = any(returns(name, change) for deed in done for change in deed.step.changes)
        if sent or (handed and name == "permissions"):
            past = _past(each, name, done, now, handed=handed)
            outlooks[name] = Outlook(_changes(name, now, past, done), now, past)
    return outlooks


def _past(each: Deeds, name: str, done: Sequence[Deed], now: Elements, *, handed: bool) -> Elements:
    """The facet as it was, for what was touched; as it is now, for the rest."""
    facet = BY_NAME[name]
    base = found_by(done) if done else now
    changes = [change for deed in done for change in deed.step.changes if returns(name, change)]
    touched = {key for change in changes for key in keys(change)}
    if handed and name == "permissions":
        # The vendor moves the entries of both owners by itself: the former one's follows the hand-over back.
        base = tuple(facet.element(words) for words in _list(each.dataset.before.get(name)))
        touched = (touched | _owners(name, now)) - _owners(name, base)
    present = {item.key: item for item in now}
    kept = [_put_back(name, item, present) if item.key in touched else present.get(item.key) for item in base]
    known = {item.key for item in base} | touched
    return (*(item for item in kept if item is not None), *(item for item in now if item.key not in known))


def _changes(name: str, now: Elements, past: Elements, done: Sequence[Deed]) -> tuple[AnyChange, ...]:
    """What leads back; a renamed element gets its old name, as a drop and an addition would lose what is in it."""
    changes = list(BY_NAME[name].diff(now, past))
    for deed in reversed(done):
        for change in deed.step.changes:
            if isinstance(change, Modify) and change.before.key != change.after.key:
                _rename(changes, change)
    return tuple(changes)


def _rename(changes: list[AnyChange], change: Modify[Any]) -> None:
    dropped = next((item for item in changes if isinstance(item, Drop) and item.key == change.after.key), None)
    added = next((item for item in changes if isinstance(item, Add) and item.key == change.before.key), None)
    if dropped is not None and added is not None:
        place = changes.index(dropped)
        changes[place] = Modify(dropped.before, added.after, change.fields)
        changes.remove(added)


def _owners(name: str, elements: Elements) -> set[str]:
    access = BY_NAME[name].access
    return {item.key for item in elements if OWNER in access((item,)).values()}


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []


def _put_back(name: str, old: Element, present: Mapping[str, Element]) -> Element:
    now = present.get(old.key)
    return old if now is None else BY_NAME[name].put_back(old, now)


def _remaining(deed: Deed) -> Iterator[Diagnostic]:
    """What is not as it was once the deed is taken back."""
    facet = BY_NAME[deed.step.address.facet]
    told: dict[str, list[str]] = {}
    for change in deed.step.changes:
        if facet.reversible((change,)):
            continue
        rest = change
        if isinstance(change, Modify):
            rest = next(iter(facet.diff((change.before,), (facet.put_back(change.before, change.after),))), change)
        lost = isinstance(change, Drop) or facet.name == "schema"
        sentence = "what was lost does not come back" if lost else "what was made or said stays"
        told.setdefault(sentence, []).append(facet.describe(rest))
    for sentence, words in told.items():
        yield Diagnostic("not-undone", "warning", f"{sentence}: {'; '.join(words)}", deed.step.address)


def _doubted(doubt: Doubt) -> Diagnostic:
    describe = BY_NAME[doubt.step.address.facet].describe
    words = "; ".join(f"{sign(change)} {describe(change)}" for change in doubt.step.changes)
    summary = f"{doubt.why}, so nothing of it is undone: {words}"
    return Diagnostic("not-undone", "warning", summary, doubt.step.address)


def _told(danger: Diagnostic) -> Diagnostic:
    return replace(danger, severity="warning", summary=f"{danger.summary} {UNDOES}")
