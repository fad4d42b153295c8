"""The numbers and the order that every rendering of a review shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from reconciler.planning.review import Kind, Move, Remark, Review, Said

WORST: Final[tuple[Kind, ...]] = ("lose", "change", "gain", "extend", "declare", "release", "keep")
SIGNS: Final[dict[Kind, str]] = {
    "lose": "-",
    "change": "~",
    "gain": "+",
    "extend": "~",
    "declare": "+",
    "release": "~",
    "keep": "=",
}
BADGES: Final[dict[Remark, str]] = {
    "everyone": "EVERYBODY",
    "outsider": "OUTSIDER",
    "sensitive": "PERSONAL DATA",
    "unrestricted": "ALL ROWS",
}
"""What a reviewer should look at twice, as short as a badge."""
REDIRECTED: Final = "WHERE A TOKEN GOES"
"""The badge of a target."""
REBOUND: Final = "WHICH DATASET"
"""The badge of a dataset whose manifest came to mean another one."""
LOOSENED: Final = "WHAT IS HELD BACK"
"""The badge of what decides that: guards and their limits, policies, drift that is ignored."""

NOTHING: Final = "No governed change, and nobody's access changes."


@dataclass(frozen=True, slots=True)
class Figures:
    """What a review amounts to. People count once for each target."""

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    new: int
    changed: int
    gone: int
    gain: int
    lose: int
    change: int
    extend: int
    declare: int
    remarked: int
    """Changes of access that deserve a second look."""
    redirected: int
    """Targets whose token is sent where the base does not send it; they deserve one, too."""
    rebound: int
    """Datasets whose manifest comes to mean another one; so do they."""
    loosened: int
    """Guards that a dataset lifts, and limits, policies and ignored drift that may hold back less; so do they."""


def figures(review: Review) -> Figures:
    """Count `review`."""
    actions = [dataset.action for dataset in review.datasets]
    people = {
        kind: len({(move.dataset.target, move.principal) for move in review.moves if move.kind == kind})
        for kind in WORST
    }
    return Figures(
        actions.count("new"),
        actions.count("changed"),
        actions.count("gone"),
        people["gain"],
        people["lose"],
        people["change"],
        people["extend"],
        people["declare"],
        sum(bool(move.remarks) for move in review.moves) + sum(len(said) for _, said in opened(review)),
        len(review.redirected),
        sum(bool(dataset.rebound) for dataset in review.datasets),
        len(review.loosened) + sum(len(dataset.lifted) for dataset in review.datasets),
    )


def worst_first(review: Review) -> list[Move]:
    """Changes of access: those with remarks first, then losses, then the rest; people in order."""
    return sorted(
        review.moves, key=lambda move: (not move.remarks, WORST.index(move.kind), move.principal, move.dataset)
    )


def opened(review: Review) -> list[tuple[str, list[Said]]]:
    """What opens versions to an organisation, or to everybody, by dataset."""
    found = ((str(each.address), [item for item in each.said if item.readers]) for each in review.datasets)
    return [(address, said) for address, said in found if said]


def loosened(review: Review) -> list[tuple[str, Sequence[Said]]]:
    """What may hold back less than before: by place, and by dataset."""
    loose = set(review.loosened)
    places = ((place, said) for place, said in review.workspace if place in loose)
    return [*places, *((str(each.address), each.lifted) for each in review.datasets if each.lifted)]


def badges(move: Move) -> list[str]:
    """The remarks about `move`, as short as badges."""
    return [BADGES[item] for item in move.remarks]


def counts(review: Review) -> str:
    """The closing sentence."""
    seen = figures(review)
    parts = [f"{seen.changed} changed", f"{seen.new} new", f"{seen.gone} no longer governed"]
    return f"Review: {', '.join(parts)}."


def access_counts(review: Review) -> str:
    """How many people gain and lose access."""
    seen = figures(review)
    parts = [_verb(seen.gain, "gain"), _verb(seen.lose, "lose")]
    parts += [_verb(seen.change, "change")] if seen.change else []
    parts += [f"{seen.extend} for longer"] if seen.extend else []
    parts += [f"{seen.declare} newly governed"] if seen.declare else []
    twice = seen.remarked + seen.redirected + seen.rebound + seen.loosened
    look = f" Look twice at {twice}." if twice else ""
    return f"Access: {', '.join(parts)}.{look}"


def _verb(count: int, verb: str) -> str:
    return f"{count} {verb}s" if count == 1 else f"{count} {verb}"


def grouped(said: Sequence[Said]) -> list[tuple[str, list[Said]]]:
    """What is said, by facet, in its order."""
    groups: dict[str, list[Said]] = {}
    for item in said:
        groups.setdefault(item.what, []).append(item)
    return list(groups.items())
