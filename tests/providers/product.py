"""Drawn Domo instances with manifests for them, and the product's own plan and apply over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from reconciler.app.applying import Applying, Result, apply
from reconciler.app.planning import Planned, PlanOptions, make_plan
from reconciler.app.surroundings import Surroundings
from reconciler.app.workspaces import open_workspace
from reconciler.core.plan import Step
from reconciler.execution import Outcome
from reconciler.planning import GUARD_CODES, Allow
from reconciler.sandbox import World, documents_seed, jsontext

Json = dict[str, Any]

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKEN = "sandbox-token"
IDS = ("11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002")
FOREIGN = "33333333-0000-4000-8000-000000000003"
PEOPLE = {"alexis": "1345408759", "john": "966365811", "jonathan": "403368057", "scott": "1893952720"}
GROUPS = {"editors": "group-12345", "stewards": "55"}
BOT = "900"
BOTS = "77"
"""A group that only the actor is in: what it holds, the actor keeps when it hands over what it owned."""
KEYS = {f"user:{key}": ("USER", value) for key, value in PEOPLE.items()}
KEYS |= {f"group:{key}": ("GROUP", value) for key, value in GROUPS.items()}
LEVELS = ("CAN_VIEW", "CAN_SHARE", "CAN_EDIT", "CO_OWNER")
TYPES = ("STRING", "DECIMAL", "LONG", "DOUBLE", "DATE", "DATETIME")
FACETS = ("properties", "definition", "schema", "tags", "permissions", "owner", "schedule", "retention")
# A fraction that a float would lose, in a stream and in a dataset (document 002, Stream (Connector) - Get).
EXACT = jsontext.read('{"indexRequestKey": 20220513224325.628, "big": 12345678901234567890.10, "e": 1E+2}')
SCHEDULES: tuple[Json, ...] = (
    {"type": "MANUAL", "timezone": "UTC"},
    {"type": "MINUTE", "interval": 30, "timezone": "UTC"},
    {"type": "HOUR", "interval": 2, "timezone": "UTC"},
    {"type": "DAY", "at": "07:00 AM", "timezone": "America/Denver"},
    {
        "type": "ADVANCED",
        "month": [1, 7],
        "dayOfWeek": [2, 6],
        "weekOfMonths": [],
        "time": "06:29 AM",
        "timezone": "UTC",
    },
    {"type": "ADVANCED", "dayOfMonth": [], "dayOfWeek": [1], "time": "6:29 am", "timezone": "UTC", "between": None},
    {"type": "DAY", "at": "07:00 AM", "scheduleState": "ACTIVE"},
    {"type": "DAY", "at": "07:00 AM", "scheduleState": "INACTIVE"},
    {"type": "EXPRESSION", "expression": "0 13/30 * * *?"},
    {"type": "EXPRESSION", "expression": "0 0 6 ? * MON-FRI", "scheduleState": "MANUAL"},
)

# Drawn apart: a number, or a world in which nothing at all could be read.
APART = {"blocked", "work_seconds", "shuffle", "metadata_tags", "metadata_owner"}
CHOSEN = {
    name: st.sampled_from(get_args(hint))
    for name, hint in get_type_hints(World).items()
    if get_origin(hint) is not None and name not in APART and not name.startswith("clarifai")
}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any combination of readings, but for those in which tags or owner are nowhere to be read."""
    switches = {name: draw(values) for name, values in CHOSEN.items()}
    lean = switches["endpoints"] == "observed"
    switches["metadata_tags"] = draw(st.sampled_from(["string", "list"] if lean else ["absent", "string", "list"]))
    nowhere = lean and switches["owner_entry"] == "hidden"
    switches["metadata_owner"] = "present" if nowhere else draw(st.sampled_from(["present", "absent"]))
    return World(**switches, shuffle=draw(st.integers(0, 9)))


words = st.sampled_from(["gold", "finance", "um_REPLACE", "From Ada", 'ä "q", [t]', "x,y", "1"])
tag_sets = st.lists(words, unique=True, max_size=5)
names = st.sampled_from(["id", "amount", "Größe", "a b", "x-1", "ts"])
columns = st.lists(
    st.tuples(names, st.sampled_from(TYPES)), unique_by=lambda each: each[0], min_size=1, max_size=5
).map(lambda pairs: [{"name": name, "type": kind} for name, kind in pairs])
grants = st.dictionaries(st.sampled_from(sorted(KEYS)), st.sampled_from(LEVELS), max_size=5)


@dataclass(frozen=True)
class Case:
    """One instance and the manifests that are to hold there."""

    seed: Json
    manifests: Mapping[str, Json]

    def write(self, folder: Path, url: str) -> Path:
        """The workspace, with its one target at `url`."""
        target: Json = {"provider": "domo", "url": url, "token": {"env": "DOMO_TOKEN"}, "actor": "user:bot"}
        target |= {"concurrency": 1, "requestsPerSecond": 1000}
        users = {key: {"id": value} for key, value in PEOPLE.items()} | {"bot": {"id": BOT, "service": True}}
        groups: Json = {key: {"id": value} for key, value in GROUPS.items()} | {
            "bots": {"id": BOTS, "members": ["bot"]}
        }
        head = {"apiVersion": "reconciler/v1"}
        documents = {
            "workspace": {**head, "kind": "Workspace", "targets": {"acme": target}},
            "principals": {**head, "kind": "Principals", "target": "acme", "users": users, "groups": groups},
            **{
                name: {
                    **head,
                    "kind": "Dataset",
                    "metadata": {"target": "acme", **each["metadata"]},
                    "spec": each["spec"],
                }
                for name, each in self.manifests.items()
            },
        }
        root = folder / "manifests"
        root.mkdir()
        for name, document in documents.items():
            (root / f"{name}.yaml").write_text(json.dumps(document, indent=2, ensure_ascii=False), "utf-8")
        return root


@st.composite
def live_dataset(draw: st.DrawFn, key: str, number: int) -> tuple[Json, Json | None]:
    """A dataset and the stream that fills it, if one does."""
    holder, identifier = KEYS[draw(st.sampled_from(sorted(KEYS)))]
    owner = {"id": identifier, "name": "somebody", "type": holder, "group": holder == "GROUP"}
    access = [{"type": "USER", "id": BOT, "accessLevel": "CO_OWNER"}]
    for reference, level in draw(grants).items():
        if KEYS[reference] != (holder, identifier):
            access.append({"type": KEYS[reference][0], "id": KEYS[reference][1], "accessLevel": level})
    if draw(st.booleans()):
        access += [{"type": "CARD", "id": "4711", "accessLevel": "CAN_VIEW"}]
        access += [{"type": "USER", "id": "587894148", "accessLevel": "FEDERATED"}]
    hidden = [{"name": "_hidden", "id": "h", "order": 0, "type": "STRING", "visible": False, "metadata": {"x": 1}}]
    shown = [{**column, "metadata": {"colLabel": column["name"], **EXACT}} for column in draw(columns)]
    versions = [
        {"dataId": n, "schemaId": 1, "uploadStatus": "success", "recordedDate": f"2026-0{n}-01T00:00:00Z", "numRows": n}
        for n in range(1, 1 + draw(st.integers(0, 5)))
    ]
    dataset = {
        "id": key, "name": f"live {number}", "displayType": "api", "dataProviderType": "api", "type": "api",
        "description": "Old words.",
        "owner": owner, "properties": {"unknown": EXACT}, "tags": draw(tag_sets), "permissions": access,
        "schema": {"columns": shown + (hidden if draw(st.booleans()) else []), "objects": [], "views": []},
        "versions": versions, "definition": {"sql": "SELECT 1", "query": "SELECT 2"}, "mystery": [1, {"a": None}],
    }  # fmt: skip
    if not draw(st.booleans()):
        return dataset, None
    schedule: Json = draw(st.sampled_from(SCHEDULES))
    settings = {name: value for name, value in schedule.items() if name != "scheduleState"}
    text = json.dumps(settings, separators=draw(st.sampled_from([(",", ":"), (", ", ": ")])))
    stream = {
        "id": 500 + number, "valid": True, "transport": {"type": "CONNECTOR", "version": "4"},
        "updateMethod": draw(st.sampled_from(["REPLACE", "APPEND"])), "dataProvider": {"id": 1, "key": "x", "more": 2},
        "account": {"id": 5, "name": "acc"}, "dataSource": {"id": key}, "configuration": [
            {"streamId": 500 + number, "category": "METADATA", "name": "n", "type": "string", "value": "v"}],
        "advancedScheduleJson": None if schedule["type"] == "EXPRESSION" else text,
        "scheduleState": "MANUAL" if schedule["type"] == "MANUAL" else draw(st.sampled_from(["ACTIVE", "INACTIVE"])),
        "scheduleExpression": schedule.get("expression"), "scheduleRetryCount": 0, "scheduleRetryExpression": None,
        "currentExecution": EXACT, "mystery": EXACT, "schemaDefinition": {"columns": []}, "invalidExecutionId": None,
        "scheduleStartDate": None, "lastExecution": None, "createdAt": 1656009784, "createdBy": 5,
        "lastSuccessfulExecution": draw(st.sampled_from([None, _run(len(versions))])), "currentExecutionState": "IDLE",
        "modifiedAt": 1656009784, "modifiedBy": 5,
        "scheduleAssertion": False, "inactiveScheduleCode": None,
    }  # fmt: skip
    return dataset, stream


def _run(number: int) -> Json:
    """The run that brought version `number`."""
    ended = int(datetime(2026, max(number, 1), 1, 1, tzinfo=UTC).timestamp())
    return {"updateMethod": "REPLACE", "startedAt": ended - 7200, "endedAt": ended}


@st.composite
def spec(draw: st.DrawFn, *, stream: bool, new: bool, lean: bool) -> Json:
    """What a manifest asks for."""
    managed = set(draw(st.lists(st.sampled_from(FACETS), unique=True, min_size=1)))
    managed -= set() if stream else {"schedule"}
    managed -= {"definition"} if new or lean else set()
    managed |= {"schema"} if new or not managed else set()
    given: Json = {}
    if "properties" in managed:
        values = {"name": words, "description": st.sampled_from(["", "New words."]), "providerType": words}
        given["properties"] = draw(st.fixed_dictionaries({}, optional=values))
    if "definition" in managed:
        texts = st.sampled_from(["SELECT 1", "SELECT 2\n", "SELECT `ä` FROM t"])
        given["definition"] = draw(st.fixed_dictionaries({}, optional={"sql": texts, "query": texts}))
    if "schema" in managed:
        given["schema"] = {"columns": draw(columns)}
    if "tags" in managed:
        given["tags"] = {
            "mode": draw(st.sampled_from(["authoritative", "additive"])),
            "values": draw(tag_sets),
            "ignore": draw(st.sampled_from([[], ["um_*", "From *"]])),
        }
    if "owner" in managed:
        given["owner"] = draw(st.sampled_from(sorted(KEYS)))
    if "permissions" in managed or (new and "owner" in managed):
        # Servers differ in what they leave to the actor that hands over what it has just created.
        wanted = {"group:bots" if new and "owner" in managed else "user:bot": "CO_OWNER", **draw(grants)}
        given["permissions"] = {
            "mode": draw(st.sampled_from(["authoritative", "additive"])),
            "grants": [{"principal": who, "access": level} for who, level in wanted.items()],
        }
    if "schedule" in managed:
        given["schedule"] = dict(draw(st.sampled_from(SCHEDULES)))
        if draw(st.booleans()):
            given["schedule"]["retry"] = {"count": 3, "every": "15 minutes"}
    if "retention" in managed:
        given["retention"] = {"keepLast": draw(st.integers(1, 4)), "prune": draw(st.booleans()), "activeData": "delete"}
    return given


@st.composite
def cases(draw: st.DrawFn, world: World) -> Case:
    """Two governed datasets, one to be created, one that nobody governs, beside the documents' own examples."""
    lean = world.endpoints == "observed"
    drawn = [draw(live_dataset(key, number)) for number, key in enumerate((*IDS, FOREIGN), start=1)]
    seed = {
        "groups": [{"id": BOTS, "name": "Bots", "members": [BOT]}],
        "datasets": [dataset for dataset, _ in drawn],
        "streams": [stream for _, stream in drawn if stream is not None],
    }
    manifests = {
        f"d{number}": {
            "metadata": {"name": f"d{number}", "id": key},
            "spec": draw(spec(stream=drawn[number - 1][1] is not None, new=False, lean=lean)),
        }
        for number, key in enumerate(IDS, start=1)
    }
    if draw(st.booleans()):
        manifests["fresh"] = {"metadata": {"name": "fresh"}, "spec": draw(spec(stream=False, new=True, lean=lean))}
    return Case({"tokens": documents_seed()["tokens"], "domo": seed}, manifests)


class Silent:
    """Is told of outcomes and tells nobody."""

    def began(self, step: Step) -> None:
        """Say nothing."""
        del step

    def settled(self, outcome: Outcome) -> None:
        """Say nothing."""
        del outcome


def world_around() -> Surroundings:
    """An environment with the token and a clock that stands."""

    def embedded(path: Path) -> str:
        raise AssertionError(path)

    return Surroundings({"DOMO_TOKEN": TOKEN}, lambda: NOW, embedded, "test")


ALLOWED = tuple(Allow(code) for code in sorted(GUARD_CODES))


def planned(root: Path) -> Planned:
    """The product's plan, every guard lifted."""
    return make_plan(open_workspace(root), PlanOptions(allows=ALLOWED), world_around())


def applied(root: Path, plan: Planned) -> Result:
    """What the product's apply does with it."""
    work = Applying(plan.plan, "0" * 64, plan.targets, Silent(), text=str)
    return apply(open_workspace(root), work, world_around())
