"""Whatever was applied, its undo plan leads back to what was, and the undo's own undo plan forth again."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from reconciler.planning import GUARD_CODES
from tests.campaigns import stage

from .bench import Bench
from .conftest import Set
from .drawn import wish

EVERYTHING = [word for code in GUARD_CODES for word in ("--allow", code)]
SEEDS = (0, 2, 17, 21, 52, 56)

Json = dict[str, Any]


@pytest.mark.parametrize("world", ["observed", "documented"])
@pytest.mark.parametrize("seed", SEEDS)
def test_it_leads_back_and_forth(seed: int, world: str, bench: Set) -> None:
    """All facets, in any mix; only what was not read before, and said to be lost, may differ."""
    it = bench(existing=2, world=world)
    chance = random.Random(f"{seed} {world}")  # noqa: S311 - reproducible, not secret
    first, _ = applied(it, chance, [{}, {}])
    before = governed(it)
    _, told = applied(it, chance, first)
    after = governed(it)
    for state in (before, after):
        used = newest(it)
        code, _, err = it.run("apply", used)
        assert code == 0, err
        assert known(governed(it), told) == known(state, told)
        assert it.run("apply", used)[0] == 4
    assert it.run("audit", "verify")[0] == 0


def applied(it: Bench, chance: random.Random, before: list[Json]) -> tuple[list[Json], str]:
    """Draw a wish for each dataset and apply it; the wishes, and what was told."""
    wishes = [wish(chance, each) for each in before]
    for number, spec in enumerate(wishes):
        path = Path(f"manifests/d{number}.yaml")
        path.write_text(json.dumps({**json.loads(path.read_text()), "spec": spec}))
    code, _, err = it.apply(*EVERYTHING)
    assert code == 0, err
    return wishes, err


def governed(it: Bench) -> dict[str, Json]:
    """Everything that can be put back, by the dataset's place in the manifests."""
    found = it.sandbox.snapshot()["domo"]
    streams = {stream["dataSource"]["id"]: stream for stream in found["stream"].values()}
    return {
        f"d{number}": {
            **stage.governed(found["dataset"][stage.identifier(number)], streams),
            "versions": None,
            "name": found["dataset"][stage.identifier(number)]["metadata"]["name"],
            "description": found["dataset"][stage.identifier(number)]["metadata"].get("description") or None,
        }
        for number in range(2)
    }


def known(state: dict[str, Json], told: str) -> dict[str, Json]:
    """`state` without the access lists of which it was said that they do not come back."""
    return {
        name: {**each, "access": None} if f"not-undone acme/{name}.owner" in told else each
        for name, each in state.items()
    }


def newest(it: Bench) -> str:
    return str(max((it.state / "undo").iterdir()))
