"""What others do while somebody reads a plan at the prompt."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.campaigns import stage

from .bench import Bench
from .conftest import Set


def approved(it: Bench, meanwhile: Callable[[], object]) -> tuple[int, str]:
    """The exit code of an apply whose plan is approved behind `meanwhile`, and what it printed behind the prompt."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | {"TERM": "dumb"}
    with subprocess.Popen(  # noqa: S603
        stage.command("apply"), cwd=it.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        text = b""
        while b"Only yes" not in text:
            text += os.read(ours, 4096)
        meanwhile()
        os.write(ours, b"yes\n")
        text = b""
        try:
            while part := os.read(ours, 4096):
                text += part
        except OSError:
            pass  # The terminal of a process that ended.
        code = process.wait(20)
    os.close(ours)
    return code, text.decode().replace("\r", "")


def test_an_id_that_the_manifest_has_by_then_is_no_error(bench: Set) -> None:
    """Somebody else applied all of it in the same workspace: there is nothing left to do, nor to write."""
    it = bench(existing=0, new=1)
    code, told = approved(it, it.apply)
    assert code == 0, told
    assert told.splitlines()[-1] == "Apply: 0 done, 5 already in place."
    assert len(it.named("new0")) == 1
    it.assert_settled()


def test_what_another_clone_created_by_then_is_not_created_twice(bench: Set) -> None:
    """Nothing of ours knows of it but the list of the vendor."""
    it = bench(existing=0, new=1)
    clone = Path(f"{it.folder}-clone")
    shutil.copytree(it.folder / "manifests", clone / "manifests")
    code, told = approved(it, lambda: stage.start(clone, "apply", "--auto-approve").communicate(timeout=30))
    (theirs,) = it.named("new0")
    assert code == 5
    assert f"moved-since-plan: a dataset of this name is there by now, with id {theirs}" in " ".join(told.split())
    assert "id" not in it.manifest("new0")["metadata"]
