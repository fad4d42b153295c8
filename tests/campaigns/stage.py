"""A workspace with sixty writes in it, the instance it is about, and what is right in the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reconciler.app.auditing import anchors
from reconciler.app.auditlog import lines, verify
from reconciler.app.pasts import journal_files, past_of
from reconciler.app.planning import PlanOptions, make_plan
from reconciler.app.surroundings import Surroundings
from reconciler.app.workspaces import open_workspace
from reconciler.report import plan_text
from reconciler.report.text import nothing_to_do
from reconciler.sandbox import Faults, Sandbox, World, documents_seed

TOKEN = "sandbox-token"
BOT = "900"


@dataclass(frozen=True, slots=True)
class Extent:
    """How many datasets exist, and how many are to be created; a write for each facet of each."""

    existing: int = 4
    new: int = 8


SIXTY = Extent()
USERS = {"ada": "100", "bo": "101", "cy": "102", "dee": "103"}

Json = dict[str, Any]


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def seed(extent: Extent = SIXTY) -> Json:
    """Datasets as somebody left them: other columns, tags, access, owners and schedules than the manifests want."""
    users = [{"id": key, "name": name} for name, key in USERS.items()]
    people = [{"id": BOT, "name": "Governance Bot"}, {"id": "901", "name": "Admin", "role": "admin"}]
    return {
        "tokens": documents_seed()["tokens"],
        "domo": {
            "users": [*users, *people],
            "datasets": [_dataset(number) for number in range(extent.existing)],
            "streams": [_stream(number) for number in range(extent.existing)],
        },
    }


def _dataset(number: int) -> Json:
    column = {"name": "a", "id": "a", "type": "LONG", "visible": True}
    versions = [
        {"dataId": n, "schemaId": 1, "uploadStatus": "success", "recordedDate": f"2026-01-0{n}T00:00:00Z"}
        for n in range(1, 4)
    ]
    return {
        "id": identifier(number),
        "name": f"d{number}",
        "type": "api",
        "owner": {"id": USERS["ada"], "name": "ada", "type": "USER", "group": False},
        "tags": ["old"],
        "schema": {"columns": [column]},
        "permissions": [
            {"type": "USER", "id": BOT, "accessLevel": "CO_OWNER"},
            {"type": "USER", "id": USERS["cy"], "accessLevel": "CAN_EDIT"},
        ],
        "versions": versions,
        "rowCount": 0,
    }


def _stream(number: int) -> Json:
    """A stream that replaces; its last run brought the newest version."""
    example = documents_seed()["domo"]["streams"][0]
    ended = int(datetime(2026, 1, 3, tzinfo=UTC).timestamp())
    return {
        **{name: value for name, value in example.items() if name != "history"},
        "id": 500 + number,
        "dataSource": {"id": identifier(number)},
        "updateMethod": "REPLACE",
        "lastSuccessfulExecution": {"updateMethod": "REPLACE", "startedAt": ended - 60, "endedAt": ended},
        "advancedScheduleJson": '{"type":"MANUAL","timezone":"UTC"}',
        "scheduleState": "MANUAL",
        "scheduleRetryCount": 0,
    }


def manifests(extent: Extent = SIXTY) -> dict[str, Json]:
    """What should be: every facet of every dataset differs from what is."""
    found = {
        f"d{number}": {
            "metadata": {"name": f"d{number}", "target": "acme", "id": identifier(number)},
            "spec": {
                "owner": "user:bo",
                "schema": {"columns": [{"name": "a", "type": "LONG"}, {"name": "b", "type": "STRING"}]},
                "tags": ["gold", f"n{number}"],
                "permissions": [
                    {"principal": "user:bot", "access": "CO_OWNER"},
                    {"principal": "user:dee", "access": "CAN_VIEW"},
                    {"principal": "user:cy", "access": "CAN_VIEW"},
                    {"principal": "user:ada", "access": "CO_OWNER"},
                ],
                "schedule": {"type": "DAY", "at": "06:00 AM", "timezone": "UTC"},
                "retention": {"keepLast": 2, "prune": True, "guards": {"minAge": "1d"}},
            },
        }
        for number in range(extent.existing)
    }
    for number in range(extent.new):
        found[f"new{number}"] = {
            "metadata": {"name": f"new{number}", "target": "acme"},
            "spec": {
                "owner": "user:bo",
                "schema": {"columns": [{"name": "x", "type": "LONG"}]},
                "tags": ["gold"],
                "permissions": [
                    {"principal": "user:bot", "access": "CO_OWNER"},
                    {"principal": "user:dee", "access": "CAN_VIEW"},
                ],
            },
        }
    return found


def write_workspace(folder: Path, url: str, concurrency: int = 1, extent: Extent = SIXTY) -> Path:
    """The workspace in `folder`, about the instance at `url`."""
    target = {
        "provider": "domo", "url": url, "token": {"env": "DOMO_TOKEN"}, "actor": "user:bot",
        "concurrency": concurrency, "requestsPerSecond": 1000,
    }  # fmt: skip
    users = {name: {"id": key} for name, key in USERS.items()} | {"bot": {"id": BOT, "service": True}}
    guards = {"maxChangedDatasets": "100%", "maxRevocations": "100%", "maxVersionDeletions": 1000}
    documents = {
        "workspace": {"kind": "Workspace", "targets": {"acme": target}, "guards": guards},
        "principals": {"kind": "Principals", "target": "acme", "users": users},
        **{name: {"kind": "Dataset", **document} for name, document in manifests(extent).items()},
    }
    root = folder / "manifests"
    root.mkdir(parents=True)
    for name, document in documents.items():
        text = json.dumps({"apiVersion": "reconciler/v1", **document}, indent=2)
        (root / f"{name}.yaml").write_text(text, "utf-8")
    return root


def instance(world: str = "observed", faults: Faults | None = None, extent: Extent = SIXTY) -> Sandbox:
    """The instance before anything is applied."""
    sandbox = Sandbox(world=World.parse(world), faults=faults)
    sandbox.seed(seed(extent))
    return sandbox


def end_state(sandbox: Sandbox) -> Json:
    """What governance is about, of every dataset by name; two of one name show as two."""
    found = sandbox.snapshot()["domo"]
    streams = {stream["dataSource"]["id"]: stream for stream in found.get("stream", {}).values()}
    return {
        name: [governed(each, streams) for each in same] for name, same in _by_name(found.get("dataset", {})).items()
    }


def _by_name(datasets: Mapping[str, Json]) -> dict[str, list[Json]]:
    named: dict[str, list[Json]] = {}
    for dataset in datasets.values():
        named.setdefault(dataset["metadata"]["name"], []).append(dataset)
    return dict(sorted(named.items()))


def governed(dataset: Json, streams: Mapping[str, Json]) -> Json:
    """What governance is about, of one dataset; `streams` by the dataset they feed."""
    stream = streams.get(dataset["metadata"]["id"])
    return {
        "owner": str(dataset["metadata"]["owner"]["id"]),
        "tags": sorted(dataset["tags"]),
        "columns": [(column["name"], column["type"]) for column in dataset["schema"]["columns"]],
        "access": sorted((each["type"], str(each["id"]), each["accessLevel"]) for each in dataset["permissions"]),
        "versions": [str(version["dataId"]) for version in dataset["versions"]],
        "schedule": stream and (json.loads(stream["advancedScheduleJson"]), stream["scheduleState"]),
    }


def duplicates(sandbox: Sandbox) -> int:
    """Datasets of one name, entries of one principal and tags that are there twice."""
    datasets = list(sandbox.snapshot()["domo"].get("dataset", {}).values())
    things: list[tuple[str, ...]] = [("dataset", each["metadata"]["name"]) for each in datasets]
    things += [
        ("grant", each["metadata"]["id"], entry["type"], str(entry["id"]))
        for each in datasets
        for entry in each["permissions"]
    ]
    things += [("tag", each["metadata"]["id"], tag) for each in datasets for tag in each["tags"]]
    return sum(count - 1 for count in Counter(things).values())


def left(root: Path) -> str:
    """What a plan would still do, as text; empty when nothing is left."""

    def embedded(path: Path) -> str:
        raise AssertionError(path)

    world = Surroundings({"DOMO_TOKEN": TOKEN}, lambda: datetime.now(UTC), embedded, "campaign")
    plan = make_plan(open_workspace(root), PlanOptions(), world).plan
    return "" if nothing_to_do(plan) else plan_text(plan, width=100)


def unaccounted(folder: Path) -> str:
    """What is wrong with the audit log, or was announced in a journal and is not in it; empty when nothing is."""
    state = folder / ".reconciler"
    checked = verify(state, anchors(state))
    told = {(line["journal"], line["step"]) for line in lines(state)}
    sent = {
        (path.name, event["step"])
        for path in journal_files(state)
        for event in past_of(path).events
        if event["event"] == "intent"
    }
    return "; ".join(
        [
            *(flaw.summary for flaw in checked.flaws),
            *(f"{step} of {name} is not in the audit log" for name, step in sorted(sent - told)),
        ]
    )


def command(*arguments: str) -> list[str]:
    """The real command line."""
    return [sys.executable, "-c", "from reconciler.cli import main; main()", *arguments]


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own, in `folder`."""
    environment = {**os.environ, "DOMO_TOKEN": TOKEN}
    return subprocess.Popen(  # noqa: S603
        command(*arguments), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def table(title: str, rows: Mapping[str, object]) -> str:
    """Figures, one to a line."""
    width = max(map(len, rows))
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows.items()), ""])
