"""How long access lasts: what somebody has by several paths, now and once a grant has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from reconciler.core.ports import Capabilities
from reconciler.facets.levels import rank

from .values import Hold


def lasting(paths: Sequence[Hold], capabilities: Capabilities) -> Hold:
    """The highest level that `paths` give, as long as any of them gives it, and what is left after that."""
    if len(paths) == 1:
        return paths[0]
    best = max(paths, key=lambda path: (rank(path.level, capabilities), path.until or date.max, path.via is None))
    if best.until is None:
        return best
    rest = [path for path in paths if path.until is None or path.until > best.until]
    return replace(best, then=lasting(rest, capabilities)) if rest else best


def gives_more(has: Hold, had: Hold | None, capabilities: Capabilities) -> bool:
    """Whether `has` is more than `had` now, or on any day to come."""
    return any(
        _rank_after(has, day, capabilities) > _rank_after(had, day, capabilities)
        for day in (date.min, *_ends(has), *_ends(had))
    )


def _ends(held: Hold | None) -> list[date]:
    return [held.until, *_ends(held.then)] if held and held.until else []


def _rank_after(held: Hold | None, day: date, capabilities: Capabilities) -> int:
    """What is held once `day` has passed; levels nobody knows are still more than nothing."""
    while held is not None and held.until is not None and held.until <= day:
        held = held.then
    return rank(held.level, capabilities) if held else -2
