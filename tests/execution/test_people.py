"""Somebody else changes things while an apply runs: it is noticed, and never overwritten (T10)."""

from __future__ import annotations

import random

import pytest

from reconciler.sandbox.exchange import Request
from tests.campaigns import stage
from tests.campaigns.edits import EDITS, edit, kept
from tests.support.sent import writes

from .bench import Bench
from .conftest import Set


@pytest.mark.parametrize("seed", range(4))
def test_an_edit_between_plan_and_write_is_told_and_stays(seed: int, bench: Set) -> None:
    """Every dataset is edited once, between its planning and its first write; all edits are found or kept."""
    it = bench(existing=4)
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    edits = {stage.identifier(number): chance.choice(sorted(EDITS)) for number in range(4)}
    it.meanwhile.append(_Editor(it, edits))
    code, _, err = it.apply()
    assert code == 5
    for identifier, facet in edits.items():
        dataset = it.sandbox.snapshot()["domo"]["dataset"][identifier]
        name = dataset["metadata"]["name"]
        told = f"acme/{name}.{facet}" in err and "moved-since-plan" in err
        if facet == "tags":
            assert kept(it.sandbox, identifier, facet) or f"n{name[1:]}" in dataset["tags"], dataset
        else:
            assert (kept(it.sandbox, identifier, facet), told) == (True, True), (facet, err)


class _Editor:
    """Edits each dataset when the apply begins to write, just once."""

    def __init__(self, it: Bench, edits: dict[str, str]) -> None:
        self.it, self.edits = it, dict(edits)

    def __call__(self, request: Request) -> None:
        if not writes(request) or not self.edits:
            return
        edits, self.edits = self.edits, {}
        for identifier, facet in edits.items():
            edit(self.it.sandbox, identifier, facet)
