"""Mutated plans against the product: `python -m tests.planning.campaign [COUNT]` (reliability T1).

Each is refused with a reason and without one write; what is unrelated to a plan disturbs nothing.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from reconciler.cli.entry import run
from reconciler.core.words import digest
from reconciler.sandbox import Sandbox, documents_seed
from tests.support.playing import PRINCIPALS, SOMEBODY_ELSE, TOKEN, WORKSPACE
from tests.support.sent import writes

COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
MOCK = "44c5d1b9-7a26-4369-bf0d-c575bfb168a6"
DATASETS = f"""\
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: covid, target: acme, id: {COVID}}}
spec:
  owner: user:scott
  schema: {{columns: [{{name: date, type: DATE}}, {{name: ISO3, type: STRING}}, {{name: total, type: LONG}}]}}
  tags: [gold]
  permissions:
    - {{principal: user:governance-bot, access: CO_OWNER}}
    - {{principal: group:editors, access: CAN_EDIT}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: mock, target: acme, id: {MOCK}}}
spec:
  tags: [clients]
  retention: {{keepLast: 1, prune: true}}
"""

Document = dict[str, Any]
Mutation = Callable[[Document, Random], Document | str | bytes]


def resigned(document: Document) -> Document:
    """As somebody writes it who knows how a plan id is made."""
    rest = {key: value for key, value in document.items() if key not in {"plan_id", "created_at"}}
    return {**document, "plan_id": digest(rest)}


def _flip(document: Document, dice: Random) -> str:
    """One character of the content changed; layout and the moment of making are no content."""
    text = json.dumps({**document, "created_at": None}, separators=(",", ":"))
    while True:
        place = dice.randrange(len(text))
        if text[place].isalnum():
            return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


def _cut(document: Document, dice: Random) -> str:
    text = json.dumps(document)
    return text[: dice.randrange(len(text))]


def _edit(document: Document, dice: Random, *path: str) -> Document:
    target: Any = document
    for part in path[:-1]:
        target = target[part] if isinstance(target, dict) else target[dice.randrange(len(target))]
    if isinstance(target, list):
        target = target[dice.randrange(len(target))]
    target[path[-1]] = "something else"
    return document


def _steps(document: Document, dice: Random, how: str) -> Document:
    steps = document["steps"]
    place = dice.randrange(len(steps))
    match how:
        case "drop":
            del steps[place]
        case "double":
            steps.insert(place, deepcopy(steps[place]))
        case "swap":
            other = (place + 1) % len(steps)
            steps[place], steps[other] = steps[other], steps[place]
        case "unneed":
            next(step for step in dice.sample(steps, len(steps)) if step["needs"])["needs"] = []
        case _:
            raise AssertionError(how)
    return document


MUTATIONS: dict[str, Mutation] = {
    "a flipped character": _flip,
    "a truncated file": _cut,
    "an empty file": lambda *_: "",
    "other JSON": lambda *_: "[1, 2]",
    "no UTF-8": lambda *_: b"\xff\xfe{}",
    "a dropped step": lambda plan, dice: _steps(plan, dice, "drop"),
    "a doubled step": lambda plan, dice: _steps(plan, dice, "double"),
    "swapped steps": lambda plan, dice: _steps(plan, dice, "swap"),
    "a need taken away": lambda plan, dice: _steps(plan, dice, "unneed"),
    "another address": lambda plan, dice: _edit(plan, dice, "steps", "address"),
    "another precondition": lambda plan, dice: _edit(plan, dice, "steps", "precondition"),
    "another plan id": lambda plan, dice: _edit(plan, dice, "plan_id"),
    "another commit": lambda plan, dice: _edit(plan, dice, "source", "commit"),
    "another dataset id": lambda plan, dice: _edit(plan, dice, "datasets", "id"),
    "signed again: a newer format": lambda plan, _: resigned({**plan, "format_version": "2.0"}),
    "signed again: an older format": lambda plan, _: resigned({**plan, "format_version": "0.9"}),
    "signed again: another workspace": lambda plan, _: resigned({**plan, "workspace": "0" * 64}),
    "signed again: an unknown facet": lambda plan, dice: resigned(_edit(plan, dice, "steps", "facet")),
    "signed again: another step id": lambda plan, dice: resigned(_edit(plan, dice, "steps", "id")),
    "signed again: a precondition of its own": lambda plan, dice: resigned(_edit(plan, dice, "steps", "precondition")),
}
SHARE = f"/api/data/v3/datasources/{COVID}/share"
STALE: dict[str, tuple[str, str, str, str]] = {
    "a grant the plan drops is raised": (
        "POST",
        SHARE,
        '{"permissions": [{"id": "902", "type": "USER", "accessLevel": "CAN_EDIT"}], "sendEmail": false}',
        "plan-stale acme/covid.permissions: user:viewer CAN_SHARE was planned, and now there is user:viewer CAN_EDIT",
    ),
    "somebody is granted what the plan adds, at another level": (
        "POST",
        SHARE,
        '{"permissions": [{"id": "group-12345", "type": "GROUP", "accessLevel": "CAN_VIEW"}], "sendEmail": false}',
        "plan-stale acme/covid.permissions: group:editors CAN_EDIT was planned, and now there is group:editors",
    ),
    "the owner changed": (
        "PUT",
        f"/api/data/v3/datasources/{COVID}/owner",
        '{"owner": {"id": "966365811", "type": "USER"}}',
        "plan-stale acme/covid.owner: user:alexis -> user:scott was planned, and now there is user:john",
    ),
}
"""What somebody else does to an object a plan touches, and what its refusal says."""
UNRELATED: dict[str, tuple[str, str, str]] = {
    "a tag beside those the plan adds": ("POST", f"/api/data/ui/v3/datasources/{COVID}/tags", '["rogue"]'),
    "a grant beside those the plan changes": (
        "POST",
        SHARE,
        '{"permissions": [{"id": "587894148", "type": "USER", "accessLevel": "CAN_VIEW"}], "sendEmail": false}',
    ),
    "another dataset": ("POST", "/api/data/ui/v3/datasources/94a4edfa-5926-4f0c-ad1e-a341f53f6113/tags", '["x"]'),
}


@dataclass
class Verdict:
    """What became of one plan."""

    name: str
    code: int
    told: str
    wrote: int

    @property
    def good(self) -> bool:
        return (
            self.code in {1, 4}
            and self.wrote == 0
            and self.told.startswith("Error:\n")
            and "Traceback" not in self.told
        )


class Stage:
    """A workspace in the current folder, and a sandbox."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.server = self.sandbox.serve()
        self.url = self.server.__enter__().url
        os.environ["DOMO_TOKEN"] = TOKEN
        files = {"workspace": WORKSPACE.format(url=self.url), "principals": PRINCIPALS, "datasets": DATASETS}
        Path("manifests").mkdir()
        for name, text in files.items():
            Path(f"manifests/{name}.yaml").write_text(text, "utf-8")
        self.plan = self.planned()

    def planned(self) -> Document:
        """A plan of the documents' own examples."""
        self.sandbox.seed(documents_seed())
        assert self.run("plan", "--out", "plan.json")[0] == 0
        document: Document = json.loads(Path("plan.json").read_text("utf-8"))
        return document

    def run(self, *arguments: str) -> tuple[int, str]:
        told = StringIO()
        with redirect_stdout(StringIO()), redirect_stderr(told):
            code = run(arguments)
        return code, told.getvalue()

    def vendor(self, method: str, path: str, body: str) -> None:
        """Change something as somebody else does."""
        headers = {"X-DOMO-Developer-Token": SOMEBODY_ELSE, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, body.encode(), headers, method=method)  # noqa: S310
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

    def writes(self) -> int:
        return sum(writes(sent) for sent in self.sandbox.requests)

    def apply(self, name: str, content: Document | str | bytes) -> Verdict:
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        Path("mutant.json").write_bytes(text if isinstance(text, bytes) else text.encode())
        before = self.writes()
        code, told = self.run("apply", "mutant.json")
        return Verdict(name, code, told, self.writes() - before)

    def close(self) -> None:
        self.server.__exit__(None, None, None)
        self.sandbox.close()


def mutated(stage: Stage, count: int, seed: int = 1) -> list[Verdict]:
    """`count` plans, one mutation each, in turn."""
    dice = Random(seed)  # noqa: S311
    names = list(MUTATIONS)
    return [
        stage.apply(name, MUTATIONS[name](deepcopy(stage.plan), dice))
        for name in (names[number % len(names)] for number in range(count))
    ]


def main(count: int) -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        stage = Stage()
        verdicts = mutated(stage, count)
        stage.close()
    bad = [verdict for verdict in verdicts if not verdict.good]
    for verdict in bad[:20]:
        sys.stdout.write(f"{verdict}\n")
    reasons = Counter(verdict.told.split("\n")[1].split(" ")[0] for verdict in verdicts if verdict.good)
    took = time.monotonic() - begun
    sys.stdout.write(f"{count} plans, {len(bad)} not refused as they must be, {took:.1f} s; reasons: {dict(reasons)}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
