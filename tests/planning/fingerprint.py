"""Print the digest of the document of twenty plans, made from lists shuffled by a seed: `python -m … SEED`.

Whatever the seed, and whatever PYTHONHASHSEED is, the digest must be the same.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any

from reconciler.core.ports import OWNER
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.retention import Version
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.report.document import Meta, plan_json

from .situations import AS_OF, DOMO, NAMES, Case, planned, principal

TAGS = ("gold", "pii", "raw", "Crème", "crème", "a b", "10", "9")
META = Meta("1", "digest", "workspace", None, None, None, None)


def main(seed: int) -> None:
    shuffle = Random(seed)  # noqa: S311 - nothing secret
    given = [shuffled(case, shuffle) for case in examples()]
    shuffle.shuffle(given)
    sys.stdout.write(sha256(plan_json(planned(*given), META).encode()).hexdigest() + "\n")


def examples() -> list[Case]:
    """The same cases on every run."""
    return [_case(Random(number), f"table-{number}") for number in range(20)]  # noqa: S311


def _case(dice: Random, name: str) -> Case:
    owner = principal(dice.choice(NAMES))
    held = {principal(one): dice.choice(DOMO.levels) for one in dice.sample(NAMES, 5)} | {owner: OWNER}
    ages = [timedelta(days=dice.randrange(400)) for _ in range(8)]
    live: dict[str, Any] = {
        "owner": (Owner(owner),),
        "permissions": tuple(Grant(who, level) for who, level in held.items()),
        "tags": tuple(Tag(tag) for tag in dice.sample(TAGS, 4)),
        "schema": tuple(Column(column, "LONG") for column in "abcd"),
        "retention": tuple(Version(str(number), AS_OF - age) for number, age in enumerate(ages)),
    }
    wanted = [{"principal": one, "access": dice.choice(DOMO.levels)} for one in dice.sample(NAMES, 5)]
    spec: dict[str, Any] = {
        "schema": {"columns": [{"name": column, "type": "LONG"} for column in dice.sample("abcdef", 4)]},
        "tags": {"values": dice.sample(TAGS, 4)},
        "permissions": {"grants": wanted},
        "owner": {"principal": dice.choice(NAMES)},
        "retention": {"keepLast": 3, "prune": True},
    }
    return Case(live, spec, principal("user:bot"), name)


def shuffled(case: Case, shuffle: Random) -> Case:
    """`case` with every list whose order means nothing in another order."""
    live = {name: mixed(list(elements), shuffle, name) for name, elements in case.live.items()}
    spec = {name: dict(value) for name, value in case.spec.items()}
    shuffle.shuffle(spec["tags"]["values"])
    shuffle.shuffle(spec["permissions"]["grants"])
    names = list(spec)
    shuffle.shuffle(names)
    return Case(live, {name: spec[name] for name in names}, case.actor, case.name)


def mixed(elements: list[Any], shuffle: Random, facet: str) -> tuple[Any, ...]:
    if facet != "schema":
        shuffle.shuffle(elements)
    return tuple(elements)


if __name__ == "__main__":
    main(int(sys.argv[1]))
