"""What retention will do, as a table and as JSON. Pure: equal simulations give equal bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from reconciler.core.words import Json
from reconciler.facets.retention import Version
from reconciler.facets.retention.simulation import Fate, Prospect, Prune, Simulation
from reconciler.facets.retention.version import words
from reconciler.facets.retention.wording import listed, versions_of

from .safe import json_text, terminal
from .text import wrapped

MOST_STAYING: Final = 30
"""More of the versions that stay are counted, not listed; the JSON has them all."""

FORMAT: Final = "1.0"


class Measure(Struct, frozen=True):
    """How much a version holds."""

    name: str
    room: int
    """Columns of a table that it takes."""
    of: Callable[[Version], int | None]

    def sum(self, versions: Iterable[Version]) -> str:
        """All of `versions` together; `?` where none is known."""
        known = [amount for version in versions if (amount := self.of(version)) is not None]
        return f"{sum(known):,}" if known else "?"


MEASURES: Final = (
    Measure("rows", 13, lambda version: version.rows),
    Measure("bytes", 15, lambda version: version.bytes),
)


def opening(begin: datetime, days: int, *, cadence: bool) -> str:
    """What was assumed, in one sentence."""
    span = f"{days} day" if days == 1 else f"{days} days"
    new = "new versions at each dataset's own rhythm" if cadence else "no new versions (--cadence assumes them)"
    return f"Simulated from {begin.date()} for {span}: one prune a day, {new}."


def simulation_text(
    prospects: Sequence[Prospect], begin: datetime, days: int, *, cadence: bool = False, width: int = 80
) -> str:
    """One block per dataset: what goes when, what stays and why; then what the proposal changes."""
    lines = [*wrapped(opening(begin, days, cadence=cadence), width)]
    for prospect in prospects:
        lines += ["", terminal(str(prospect.address)), *(f"  {line}" for line in _prospect(prospect, width - 2))]
    return "\n".join([*lines, ""])


def simulation_json(prospects: Sequence[Prospect], begin: datetime, days: int, *, cadence: bool = False) -> str:
    """The whole of it for machines."""
    document: Json = {
        "format_version": FORMAT,
        "as_of": begin.isoformat(),
        "days": days,
        "cadence": cadence,
        "datasets": [_prospect_json(prospect) for prospect in prospects],
    }
    return json_text(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def difference(prospect: Prospect) -> tuple[tuple[Version, ...], tuple[Version, ...]]:
    """The versions that only the proposal deletes, and those that only the present policy deletes."""
    if prospect.proposed is None:
        return (), ()
    now = {fate.version.key for fate in prospect.present.fates if fate.gone}
    new = {fate.version.key for fate in prospect.proposed.fates if fate.gone}
    versions = [fate.version for fate in prospect.present.fates]
    return (
        tuple(version for version in versions if version.key in new - now),
        tuple(version for version in versions if version.key in now - new),
    )


def gone(simulation: Simulation) -> str:
    """How much goes, in one sentence."""
    deleted = [version for prune in simulation.prunes for version in prune.deleted]
    if not deleted:
        return "Nothing is deleted."
    sums = [(measure.sum(deleted), measure.name) for measure in MEASURES]
    amounts = [f"{amount} {name}" for amount, name in sums if amount != "?"]
    given_back = f", {' and '.join(amounts)} with them" if amounts else ""
    return f"{len(deleted)} of {versions_of([fate.version for fate in simulation.fates])} go{given_back}."


def _prospect(prospect: Prospect, width: int) -> Iterator[str]:
    if prospect.rhythm is not None:
        yield f"A new version is assumed every {prospect.rhythm}."
    if not prospect.governed:
        yield "It has no retention: without the proposal everything stays."
    elif not prospect.pruned:
        yield "It says prune: false: nothing is deleted until it says true. If it did:"
    if prospect.proposed is None:
        yield from _simulation(prospect.present, width)
        return
    for name, simulation in (("present policy", prospect.present), ("proposed policy", prospect.proposed)):
        yield name
        yield from (f"  {line}" for line in _simulation(simulation, width - 2))
    more, fewer = difference(prospect)
    yield from wrapped(changes(more, fewer), width)


def changes(more: Sequence[Version], fewer: Sequence[Version]) -> str:
    """What the proposal changes, in one sentence; takes what `difference` returns."""
    if not more and not fewer:
        return "In the end the proposal deletes what the present policy deletes."
    return f"The proposal deletes {_these(more)} more, and keeps {_these(fewer)} more."


def _these(versions: Sequence[Version]) -> str:
    return f"{versions_of(versions)} ({terminal(listed(versions))})" if versions else "nothing"


def _simulation(simulation: Simulation, width: int) -> Iterator[str]:
    # Some vendors tell neither rows nor bytes; a column of question marks tells nothing.
    measures = [each for each in MEASURES if any(each.of(fate.version) is not None for fate in simulation.fates)]
    if simulation.prunes:
        yield f"{'date':<12}{''.join(f'{each.name:>{each.room}}  ' for each in measures)}deleted"
    for prune in simulation.prunes:
        yield from _prune(prune, measures, width)
    kept = simulation.kept
    for fate in kept[-MOST_STAYING:]:
        yield from _staying(fate, width)
    if len(kept) > MOST_STAYING:
        yield f"and {versions_of([fate.version for fate in kept[:-MOST_STAYING]])} older than these."
    yield gone(simulation)


def _prune(prune: Prune, measures: Sequence[Measure], width: int) -> Iterator[str]:
    amounts = "".join(f"{each.sum(prune.deleted):>{each.room}}  " for each in measures)
    what = f"{len(prune.deleted)}: {listed(prune.deleted)}"
    yield from _hanging(f"{prune.at.date()}  {amounts}", terminal(what), width)
    for held in prune.held:
        yield from _hanging(" " * 12 + "held by ", terminal(held), width)


def _staying(fate: Fate, width: int) -> Iterator[str]:
    created = fate.version.created.date().isoformat() if fate.version.created else "undated"
    new = "assumed; " if fate.assumed else ""
    why = new + ", ".join(reason.text for reason in fate.reasons)
    yield from _hanging(f"stays {created}  ", terminal(f"{fate.version.id}: {why}"), width)


def _hanging(head: str, text: str, width: int) -> Iterator[str]:
    first, *rest = wrapped(text, max(20, width - len(head)))
    yield head + first
    yield from (" " * len(head) + line for line in rest)


def _prospect_json(prospect: Prospect) -> Json:
    told: dict[str, Json] = {
        "address": str(prospect.address),
        "governed": prospect.governed,
        "prune": prospect.pruned,
        "rhythm_seconds": prospect.rhythm.total_seconds() if prospect.rhythm else None,
        "present": _simulation_json(prospect.present),
    }
    if prospect.proposed is not None:
        more, fewer = difference(prospect)
        told["proposed"] = _simulation_json(prospect.proposed)
        told["only_proposed_deletes"] = [version.id for version in more]
        told["only_present_deletes"] = [version.id for version in fewer]
    return told


def _simulation_json(simulation: Simulation) -> Json:
    return {
        "deleted": sum(len(prune.deleted) for prune in simulation.prunes),
        "rows": sum(prune.rows for prune in simulation.prunes),
        "bytes": sum(prune.bytes for prune in simulation.prunes),
        "prunes": [
            {
                "date": prune.at.date().isoformat(),
                "versions": [version.id for version in prune.deleted],
                "rows": prune.rows,
                "bytes": prune.bytes,
                "held_by": list(prune.held),
            }
            for prune in simulation.prunes
        ],
        "versions": list(_fates_json(simulation.fates)),
    }


def _fates_json(fates: Iterable[Fate]) -> Iterator[Json]:
    for fate in fates:
        said = words(fate.version)
        reasons: Json = [{"word": reason.word, "text": reason.text} for reason in fate.reasons]
        facts: dict[str, Json] = {"assumed": fate.assumed, "reasons": reasons}
        facts["deleted"] = fate.gone.date().isoformat() if fate.gone else None
        yield {**(said if isinstance(said, dict) else {}), **facts}
