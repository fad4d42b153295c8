"""What was recorded from the sandbox is what it still says, and what the client still asks and understands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina
import vcr  # type: ignore[import-untyped]
import yaml

from tests.cassettes.record import HERE, INSTANCE, MATCH, WORLDS, live, record
from tests.cassettes.scenes import SCENES, session

RECORDED = [(world, scene) for world in WORLDS for scene in SCENES]
MADE_UP = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|\d{14}\.\d{3}"
    r'|"(modifiedAt|lastTouched)":[\d.]+'
)
"""Ids of datasets that were created; moments, which keys of index requests are, too."""


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.mark.parametrize(("world", "scene"), RECORDED)
def test_the_client_asks_and_understands_what_was_recorded(world: str, scene: str) -> None:
    """Every exchange happens, none else, and it comes to what a sandbox comes to now."""
    with live(world) as domo:
        expected = SCENES[scene](domo)
    recorder = vcr.VCR(match_on=MATCH, record_mode="none")
    with recorder.use_cassette(str(HERE / world / f"{scene}.yaml")) as cassette:
        domo = session(INSTANCE, "no-token")
        assert SCENES[scene](domo) == expected
        assert cassette.all_played
        domo.close()


@pytest.mark.parametrize(("world", "scene"), RECORDED)
def test_a_fresh_recording_is_like_the_committed_one(world: str, scene: str, tmp_path: Path) -> None:
    """The same requests, and answers of the same shape; `python -m tests.cassettes.record` records anew."""
    record(world, scene, tmp_path / "fresh.yaml")
    assert exchanges(tmp_path / "fresh.yaml") == exchanges(HERE / world / f"{scene}.yaml")


def test_every_cassette_is_of_a_scene() -> None:
    """And few enough exchanges are in each: replaying takes time by their square."""
    found = {path.relative_to(HERE).with_suffix("").parts for world in WORLDS for path in (HERE / world).iterdir()}
    assert found == set(RECORDED)
    assert all(len(exchanges(HERE / world / f"{scene}.yaml")) <= 50 for world, scene in RECORDED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1}', '{"a": "1"}'),
        ('{"a": 1}', '{"b": 1}'),
        ("[1]", "[]"),
        ("[]", "{}"),
        ("", "{}"),
        ("true", "1"),
        ("null", "0"),
    ],
    ids=range(7),
)
def test_shapes_differ(one: str, other: str) -> None:
    """A comparison that cannot fail would compare nothing."""
    assert shape(one) != shape(other)


def exchanges(path: Path) -> list[Any]:
    """Each request as it is, but for what was made up on the way; each answer's status and shape."""
    found = []
    for each in yaml.safe_load(path.read_text("utf-8"))["interactions"]:
        asked, said = each["request"], each["response"]
        request = MADE_UP.sub("<made up>", f"{asked['method']} {asked['uri']} {asked['body']}")
        found.append((request, said["status"]["code"], shape(said["body"]["string"])))
    return found


def shape(body: str) -> Any:
    """A body without its values: numbers are alike whether they have a fraction or not."""
    try:
        value = json.loads(body)
    except ValueError:
        return f"{len(body) and 'some'} text"
    return shape_of(value)


def shape_of(value: Any) -> Any:
    match value:
        case dict():
            return {name: shape_of(member) for name, member in value.items()}
        case list():
            return [shape_of(each) for each in value]
        case bool() | None:
            return str(value)
        case int() | float():
            return "number"
        case _:
            return "text"
