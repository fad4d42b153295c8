"""What the audit log tells of access: who had which on a day, by which action, and what changed it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct, field

from reconciler.core.patterns import matches
from reconciler.core.ports import OWNER
from reconciler.core.principals import Directory

from .auditlog import Line

Entries: TypeAlias = dict[str, tuple[str, str]]
"""Names and levels, by `user:#ID` or `group:#ID`."""

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

    principal: str
    """As the log names it: `user:ada`."""
    level: str
    via: str | None
    """The group that the person asked for has it through, as the manifests have its members now."""
    by: Line | None
    """The action that gave it; None: none that the log has."""
    others: bool
    """Whether somebody else gave it, while the log was kept; it was there when the log begins where neither did."""


class Known(Struct, frozen=True):
    """What the log tells of access to one dataset on a day."""

    dataset: str
    """Its address: the last that the log knows."""
    id: str | None
    """The vendor's id; None where the log does not have it."""
    former: tuple[str, ...]
    """Its other addresses, in the order of the log."""
    held: tuple[Held, ...]
    seen: str
    """When the last of it was read: the moment of the line that shows it."""
    listed: str | None
    """When the whole access list was read; None: never, so that only owners are known."""
    late: bool
    """Whether that was after the day, for the first time: what it shows may have come meanwhile."""

    @property
    def complete(self) -> bool:
        """Whether these are all who had access, as far as nobody changed it by another way."""
        return self.listed is not None and not self.late


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


def known_on(lines: Sequence[Line], query: Query, moment: datetime) -> list[Known]:
    """What the log tells of access at `moment`, for every dataset that is asked for and that it tells anything of."""
    told: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if _told(line):
            told.setdefault(_identity(line), []).append(line)
    called = [(several, dict.fromkeys(str(line["dataset"]) for line in several)) for several in told.values()]
    found = (
        _known(several, addresses, query, moment)
        for several, addresses in called
        if any(map(query.takes_dataset, addresses))
    )
    return sorted(found, key=lambda known: (known.dataset, known.id or ""))


def _identity(line: Line) -> tuple[str, str]:
    """What tells datasets apart: a manifest may give its dataset another name, or its name to another dataset."""
    address, identifier = str(line["dataset"]), line.get("id")
    return (address.partition("/")[0], str(identifier)) if identifier else (address, "")


def _known(lines: Sequence[Line], addresses: Iterable[str], query: Query, moment: datetime) -> Known:
    past = [line for line in lines if datetime.fromisoformat(str(line["at"])) <= moment]
    first, lists = lines[0], [line for line in lines if line["facet"] == "permissions"]
    listed = [line for line in past if line["facet"] == "permissions"]
    late = lists[0] if lists and not listed else None
    state = _after(past) if past else _entries(first["before"], first)
    if late is not None:
        state |= _shown(late, state, set() if past else set(_entries(first["after"], first)))
    by = _givers(past)
    held = tuple(
        Held(name, level, _via(name, query), by.get(key), others=key in by and by[key] is None)
        for key, (name, level) in sorted(state.items())
        if not query.principals or key in query.principals
    )
    seen, read = past[-1] if past else first, listed[-1] if listed else late
    last, identifier = str(lines[-1]["dataset"]), first.get("id")
    return Known(
        dataset=last,
        id=str(identifier) if identifier else None,
        former=tuple(address for address in addresses if address != last),
        held=held,
        seen=str(seen["at"]),
        listed=str(read["at"]) if read else None,
        late=late is not None,
    )


def _givers(lines: Sequence[Line]) -> dict[str, Line | None]:
    """Which action gave the access that each key has behind `lines`; None: somebody else did meanwhile."""
    by: dict[str, Line | None] = {}
    levels: dict[str, str] = {}
    listed = False
    for line in lines:
        before, after, wanted = _levels(line["before"], line), _levels(line["after"], line), _wanted(line)
        if line["facet"] == "permissions":
            known = {*levels, *(before if listed else ())}
            by |= dict.fromkeys(key for key in known if levels.get(key) not in {before.get(key), LEFT})
            levels, listed = after, True
        else:
            levels = {**levels, **dict.fromkeys(before, LEFT), **after}
        moved = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        by |= {key: line if key in wanted and wanted[key] == after.get(key) else None for key in moved}
    return by


def _levels(words: Any, line: Line) -> dict[str, str]:
    return {key: level for key, (_, level) in _entries(words, line).items()}


def _wanted(line: Line) -> dict[str, str | None]:
    """The level that each key was to have by the changes of `line`; None: none."""
    changes = line.get("changes") or ()
    old, new = ([change[side] for change in changes if change.get(side) is not None] for side in ("before", "after"))
    return {**dict.fromkeys(_entries(old, line)), **_levels(new, line)}


def _shown(late: Line, state: Entries, made: Collection[str]) -> Entries:
    """What a list that was read after the day tells beyond `state`; who was made the owner meanwhile came by that."""
    found = _entries(late["before"], late)
    unsure = {key for key in found if key not in state or state[key][1] == LEFT} - set(made)
    return {key: found[key] for key in unsure if found[key][1] != OWNER}


def _via(name: str, query: Query) -> str | None:
    return next((group for group in query.principals.values() if group == name), None)


def _after(lines: Sequence[Line]) -> Entries:
    """The access list as the last lines leave it; both owners of a hand-over that came after it was read are put in."""
    state: Entries = {}
    for line in lines:
        entries = _entries(line["after"], line)
        if line["facet"] == "permissions":
            state = entries
        else:
            owned = {key: entry for key, entry in state.items() if entry[1] == OWNER}
            owned |= _entries(line["before"], line)
            state = {**state, **{key: (name, LEFT) for key, (name, _) in owned.items()}, **entries}
    return state


def _entries(words: Any, line: Line) -> Entries:
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
    """Of whose access that was to differ it does; of an action whose end is not known, whose was to."""
    if line.get("facet") not in {"permissions", "owner"}:
        return set()
    before = _entries(line.get("before"), line)
    sought = set(_wanted(line))
    if line.get("after") is None:
        return sought
    after = _entries(line["after"], line)
    return {key for key in sought if before.get(key) != after.get(key)}
