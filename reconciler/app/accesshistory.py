"""What the audit log tells of access: who had which on a day, by which action, and what changed it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from reconciler.core.patterns import matches
from reconciler.core.ports import OWNER
from reconciler.core.principals import Directory

from .auditlog import Line

LEFT = "as the vendor left it at a hand-over"
"""Level of a former owner whose entry was not read since."""


class Query(Struct, frozen=True):
    """What is asked."""

    datasets: tuple[str, ...] = ()
    """Globs over addresses or names; none means all."""
    principals: Mapping[str, str | None] = field(default_factory=dict)
    """By `user:#ID` or `group:#ID`: through which group; empty means everybody."""
    since: datetime | None = None

    def takes(self, line: Line) -> bool:
        """Whether `line` is asked for."""
        if self.since is not None and datetime.fromisoformat(str(line.get("at"))) < self.since:
            return False
        if not self.takes_dataset(str(line.get("dataset", ""))):
            return False
        return not self.principals or any(key in self.principals for key in _moved(line))

    def takes_dataset(self, address: str) -> bool:
        """Whether a dataset is asked for."""
        name = address.partition("/")[2]
        return not self.datasets or any(matches(glob, address, name) for glob in self.datasets)


class Held(Struct, frozen=True):
    """Somebody's access to a dataset on a day."""

    dataset: str
    principal: str
    """As the log names it: `user:ada`."""
    level: str
    via: str | None
    """The group that the person asked for has it through, as the manifests have its members now."""
    by: Line | None
    """The action that gave it; None: it was there when the log begins."""
    seen: str
    """When that was read for certain: the moment of the line that shows it."""


def reaching(reference: str, directories: Iterable[Directory]) -> dict[str, str | None]:
    """The keys under which somebody has access: his own, and those of the groups he is in."""
    keys: dict[str, str | None] = {}
    for directory in directories:
        principal = directory.resolve(reference)
        if principal is None:
            continue
        keys[f"{principal.kind}:#{principal.id}"] = None
        for name in directory.groups:
            group = directory.resolve(f"group:{name}")
            if group is not None and principal in directory.members(group) and group != principal:
                keys[f"group:#{group.id}"] = str(group)
    if not keys and ":#" in reference:
        keys[reference] = None
    return keys


def held_on(lines: Sequence[Line], query: Query, moment: datetime) -> list[Held]:
    """Who had access at `moment`, as far as the log shows."""
    by_dataset: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if _told(line):
            by_dataset[str(line["dataset"])].append(line)
    found = []
    for dataset in sorted(filter(query.takes_dataset, by_dataset)):
        there = _held(by_dataset[dataset], moment)
        found += [held for key, held in there if not query.principals or key in query.principals]
    return [_via(held, query) for held in found]


def _via(held: Held, query: Query) -> Held:
    via = next((group for group in query.principals.values() if group == held.principal), None)
    return Held(held.dataset, held.principal, held.level, via, held.by, held.seen)


def _held(lines: Sequence[Line], moment: datetime) -> Iterator[tuple[str, Held]]:
    past = [line for line in lines if datetime.fromisoformat(str(line["at"])) <= moment]
    state = _after(past) if past else _entries(lines[0]["before"] or [], lines[0])
    seen = str((past[-1] if past else lines[0])["at"])
    dataset = str(lines[0]["dataset"])
    by = {key: line for line in past for key in _moved(line)}
    for key, (principal, level) in sorted(state.items()):
        yield key, Held(dataset, principal, level, None, by.get(key), seen)


def _after(lines: Sequence[Line]) -> dict[str, tuple[str, str]]:
    """The access list as the last lines leave it; an owner who came after the list was read is put in."""
    state: dict[str, tuple[str, str]] = {}
    for line in lines:
        entries = _entries(line["after"], line)
        if line["facet"] == "permissions":
            state = entries
        else:
            left = {key: (name, LEFT) if level == OWNER else (name, level) for key, (name, level) in state.items()}
            state = {**left, **entries}
    return state


def _entries(words: Any, line: Line) -> dict[str, tuple[str, str]]:
    owns = line["facet"] == "owner"
    return {
        f"{str(entry['principal']).partition(':')[0]}:#{entry['id']}": (
            str(entry["principal"]),
            OWNER if owns else str(entry.get("access")),
        )
        for entry in words or ()
        if isinstance(entry, Mapping)
    }


def _told(line: Line) -> bool:
    return line.get("facet") in {"permissions", "owner"} and line.get("after") is not None


def _moved(line: Line) -> set[str]:
    """Whose access differs after `line`; of an action whose end is not known, whose was to differ."""
    if line.get("facet") not in {"permissions", "owner"}:
        return set()
    before = _entries(line.get("before"), line)
    if line.get("after") is None:
        sides = [side for change in line.get("changes") or () for side in (change.get("before"), change.get("after"))]
        return set(_entries([side for side in sides if side is not None], line))
    after = _entries(line["after"], line)
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}
