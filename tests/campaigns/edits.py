"""Somebody else edits datasets while a reviewed plan is applied to them: what is noticed, and what is not.

    python -m tests.campaigns.edits [--rounds 72]

Four edits in each round, each of one facet of one dataset that the plan is about to change, each just before a request
of the apply that chance picks: from the first that verifies the plan to the last. No vendor has conditional writes, so
an edit between the last look and the write is lost; the table tells how many were, and how long that moment is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.sandbox import Sandbox
from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from tests.support.sent import writes
from tests.support.speaking import spoken

from . import stage

EDITS: Mapping[str, tuple[str, str, object]] = {
    "tags": ("POST", "/api/data/ui/v3/datasources/{}/tags", ["changed"]),
    "permissions": (
        "POST",
        "/api/data/v3/datasources/{}/share",
        {"permissions": [{"id": "102", "type": "USER", "accessLevel": "CAN_SHARE"}], "sendEmail": False},
    ),
    "owner": ("PUT", "/api/data/v2/datasources/{}/responsibleUsers", {"responsibleUserId": "103"}),
    "schema": (
        "POST",
        "/api/data/v2/datasources/{}/schemas",
        {"columns": [{"name": "a", "id": "a", "type": "STRING", "visible": True, "order": 0}]},
    ),
}
"""What somebody does to each facet that an apply is about to change."""
FOUR = stage.Extent(existing=4, new=0)


def edit(sandbox: Sandbox, identifier: str, facet: str) -> None:
    """Somebody changes `facet` of a dataset by other means."""
    method, path, body = EDITS[facet]
    headers = {"x-domo-developer-token": "admin-token", "content-type": "application/json"}
    request = Request(method, path.format(identifier), headers=headers, body=json.dumps(body).encode())
    answer = sandbox.respond(request)
    assert answer.status < 300, answer


def kept(sandbox: Sandbox, identifier: str, facet: str) -> bool:
    """Whether an edit is still there."""
    dataset = sandbox.snapshot()["domo"]["dataset"][identifier]
    there: dict[str, bool] = {
        "tags": "changed" in dataset["tags"],
        "permissions": {"type": "USER", "id": "102", "accessLevel": "CAN_SHARE"} in dataset["permissions"],
        "owner": str(dataset["metadata"]["owner"]["id"]) == "103",
        "schema": dataset["schema"]["columns"][0]["type"] == "STRING",
    }
    return there[facet]


@dataclass(slots=True)
class Busy:
    """An instance that somebody else uses: edits take place before requests of these numbers, counted from 1."""

    sandbox: Sandbox
    due: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    number: int = 0
    looked: float = 0.0
    moments: list[float] = field(default_factory=list)
    """Seconds from the answer to each last look until the write after it arrived."""

    def respond(self, request: Request) -> Answer:
        self.number += 1
        if writes(request):
            self.moments.append(time.monotonic() - self.looked)
        if self.number in self.due:
            edit(self.sandbox, *self.due[self.number])
        answer = self.sandbox.respond(request)
        self.looked = time.monotonic()
        return answer


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the edits of one round."""

    fates: tuple[str, ...]
    moments: tuple[float, ...]


def one(seed: int, folder: Path) -> Verdict:
    """A round: plan, then apply what was planned while four edits are made."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    sandbox = stage.instance(extent=FOUR)
    busy = Busy(sandbox)
    with Server(busy.respond) as server:
        root = str(stage.write_workspace(folder, server.url, extent=FOUR))
        plan = str(folder / "plan.json")
        assert spoken("plan", "-w", root, "--out", plan)[0] == 0
        edits = [(stage.identifier(number), chance.choice(sorted(EDITS))) for number in range(FOUR.existing)]
        numbers = chance.sample(range(busy.number + 1, busy.number + requests_of_an_apply(folder) + 1), len(edits))
        busy.due, busy.moments = dict(zip(numbers, edits, strict=True)), []
        code, said = spoken("apply", "-w", root, plan)
        made = [each for number, each in busy.due.items() if number <= busy.number]
        fates = tuple(_fate(sandbox, *each, code, said) for each in made)
    sandbox.close()
    return Verdict(fates, tuple(busy.moments))


def requests_of_an_apply(folder: Path) -> int:
    """How many requests it takes to apply the plan when nobody else is there."""
    sandbox = stage.instance(extent=FOUR)
    with sandbox.serve() as server:
        root = str(stage.write_workspace(folder / "alone", server.url, extent=FOUR))
        plan = str(folder / "alone.json")
        spoken("plan", "-w", root, "--out", plan)
        before = len(sandbox.requests)
        assert spoken("apply", "-w", root, plan)[0] == 0
        made = len(sandbox.requests) - before
    sandbox.close()
    return made


def _fate(sandbox: Sandbox, identifier: str, facet: str, code: int, said: str) -> str:
    name = sandbox.snapshot()["domo"]["dataset"][identifier]["metadata"]["name"]
    told = any(
        f"acme/{name}.{facet}" in line and ("moved-since-plan" in line or "plan-stale" in line or "accepted-" in line)
        for line in said.splitlines()
    )
    if kept(sandbox, identifier, facet):
        return "kept and told" if told else "kept; it came after the write, or beside it"
    return "gone and told" if told and code else "lost in the moment between look and write"


def figures(verdicts: list[Verdict]) -> dict[str, object]:
    """What the table shows."""
    fates = Counter(fate for verdict in verdicts for fate in verdict.fates)
    moments = sorted(moment * 1000 for verdict in verdicts for moment in verdict.moments)
    return {
        "edits": fates.total(),
        **dict(sorted(fates.items())),
        "milliseconds between look and write": f"{statistics.median(moments):.1f} (median), {moments[-1]:.1f} at most",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="somebody else edits datasets while a plan is applied to them")
    parser.add_argument("--rounds", type=int, default=72)
    asked = parser.parse_args()
    os.environ["DOMO_TOKEN"] = stage.TOKEN
    verdicts = []
    for seed in range(asked.rounds):
        with tempfile.TemporaryDirectory(prefix="reconciler-edits-") as folder:
            verdicts.append(one(seed, Path(folder)))
    sys.stdout.write(stage.table("Edits", figures(verdicts)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
