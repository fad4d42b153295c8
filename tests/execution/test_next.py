"""What a message says to type next is about the workspace that the message is about."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from .bench import Bench
from .conftest import Set
from .test_births import CREATE

HERE = ("-w", "my own")


def elsewhere(it: Bench) -> Bench:
    """The workspace in another folder than the default."""
    Path("manifests").rename("my own")
    return it


def commands(text: str) -> list[list[str]]:
    """The words of the commands in a hint."""
    return [shlex.split(found) for found in re.findall(r"reconciler (\w.*?)(?= --? |\.\n|\n|$| tells)", text)]


def test_what_settles_a_creation_names_its_workspace(bench: Set) -> None:
    """Typed as it stands, it does."""
    it = elsewhere(bench(existing=0, new=1, world="documented"))
    it.sandbox.faults.script("POST", CREATE, "html")
    assert it.apply(*HERE)[0] == 5
    _, _, err = it.run("plan", *HERE)
    adopt, absent = commands(err)
    assert adopt == ["apply", "--adopt", "acme/new0=ID", *HERE]
    assert absent == ["apply", "--not-made", "acme/new0", *HERE]
    assert it.run(*absent, "--auto-approve")[0] == 0
    assert len(it.named("new0")) == 1


def test_doctor_names_the_workspace(bench: Set) -> None:
    """Nothing is governed yet: it says what adopts the first dataset."""
    it = elsewhere(bench(existing=0, new=1, world="documented"))
    checks = json.loads(it.run("doctor", *HERE, "--format", "json")[1])["checks"]
    hint = next(check["hint"] for check in checks if check["what"] == "reading")
    assert commands(hint) == [["import", "--target", "acme", "--id", "ID", *HERE]]
