"""Wishes for a dataset, drawn by chance: any facet may be missing, additive or authoritative, and columns renamed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from tests.campaigns import stage

Json = dict[str, Any]

TYPES = ("LONG", "STRING", "DECIMAL")
LEVELS = ("CAN_VIEW", "CAN_SHARE", "CAN_EDIT", "CO_OWNER")
TAGS = ["gold", "old", "um_x", "a b", "é"]
SCHEDULES: Sequence[Json] = (
    {"type": "MANUAL", "timezone": "UTC"},
    {"type": "DAY", "at": "06:00 AM", "timezone": "UTC"},
    {"type": "MINUTE", "interval": 30, "timezone": "UTC"},
    {"type": "HOUR", "interval": 2, "timezone": "UTC"},
    {"type": "DAY", "at": "07:30 PM", "timezone": "Europe/Berlin", "retry": {"count": 3, "every": "15 minutes"}},
)
MODES = ("additive", "authoritative")


def wish(chance: random.Random, before: Json) -> Json:
    """A `spec`; `before` is the one that holds now, for columns to be renamed."""
    drawn = {
        "owner": f"user:{chance.choice(sorted(stage.USERS))}",
        "schema": {"columns": columns(chance, before.get("schema", {}).get("columns", []))},
        "tags": {"mode": chance.choice(MODES), "values": some(chance, TAGS), "ignore": chance.choice([[], ["um_*"]])},
        "permissions": {"mode": chance.choice(MODES), "grants": grants(chance)},
        "schedule": chance.choice(SCHEDULES),
        "properties": {name: chance.choice(["x", "Orders", 'a "q"']) for name in ("name", "description")},
    }
    return {name: words for name, words in drawn.items() if chance.random() < 0.75} or {"tags": []}


def columns(chance: random.Random, before: Sequence[Json]) -> list[Json]:
    """Some columns in some order; of those that are new, some are old ones by another name."""
    names = some(chance, list("abcdef"), least=1)
    types = {column["name"]: column["type"] for column in before}
    gone = [name for name in types if name not in names]
    drawn = []
    for name in names:
        column = {"name": name, "type": chance.choice(TYPES)}
        if name not in types and gone and chance.random() < 0.6:
            old = gone.pop()
            column |= {"renamedFrom": old, "type": chance.choice([column["type"], types[old]])}
        drawn.append(column)
    return drawn


def grants(chance: random.Random) -> list[Json]:
    """The reconciler's own access, and some people's."""
    people = [
        {"principal": f"user:{who}", "access": chance.choice(LEVELS)} for who in some(chance, sorted(stage.USERS))
    ]
    return [{"principal": "user:bot", "access": "CO_OWNER"}, *people]


def some(chance: random.Random, things: list[str], least: int = 0) -> list[str]:
    return chance.sample(things, chance.randint(least, len(things)))
