"""What the workspace's limit on deletions says to simulated prunes: all datasets are pruned together, once a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from reconciler.facets.retention.simulation import Prospect, Prune, Simulation

from .limits import VERSIONS_DELETED, Limits, too_many_deletions


def limited(prospects: Sequence[Prospect], limits: Limits) -> tuple[Prospect, ...]:
    """`prospects`, with the prunes marked that would be held because too much goes on their day."""
    present = _marked([prospect.present for prospect in prospects], limits)
    # Where nothing is proposed for a dataset, its present policy goes on beside the proposals for others.
    proposed = _marked([prospect.proposed or prospect.present for prospect in prospects], limits)
    return tuple(
        replace(prospect, present=now, proposed=None if prospect.proposed is None else then)
        for prospect, now, then in zip(prospects, present, proposed, strict=True)
    )


def _marked(simulations: Sequence[Simulation], limits: Limits) -> list[Simulation]:
    days = Counter[datetime]()
    for prune in _prunes(simulations):
        days[prune.at] += len(prune.deleted)
    held: dict[datetime, str] = {}
    for day, deletions in days.items():
        excess = too_many_deletions(deletions, sum(map(_there(day), simulations)), limits)
        if excess is not None:
            held[day] = f"{VERSIONS_DELETED}: {excess}"
    return [_held(simulation, held) for simulation in simulations]


def _prunes(simulations: Iterable[Simulation]) -> Iterable[Prune]:
    return (prune for simulation in simulations for prune in simulation.prunes)


def _there(day: datetime) -> Callable[[Simulation], int]:
    """How many versions a dataset has on `day`, before its prune."""

    def count(simulation: Simulation) -> int:
        return sum(
            (fate.gone is None or fate.gone >= day)
            and not (fate.assumed and fate.version.created is not None and fate.version.created > day)
            for fate in simulation.fates
        )

    return count


def _held(simulation: Simulation, held: dict[datetime, str]) -> Simulation:
    prunes = [
        replace(prune, held=(*prune.held, held[prune.at])) if prune.at in held else prune for prune in simulation.prunes
    ]
    return replace(simulation, prunes=tuple(prunes))
