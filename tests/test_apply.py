"""Each file in `apply/` is the product as a user has it: commands, what they print, what the vendor was sent.

After every apply that succeeds, a second plan must be empty. `pytest --update` rewrites the expectations.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox, World
from tests.support.playing import TOKEN, Play
from tests.support.txtar import parse

FOLDER = Path(__file__).parent / "apply"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txtar")), ids=lambda path: path.stem)
def test_apply(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, update: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    archive = parse(path.read_text("utf-8"))
    sandbox = Sandbox(world=World.parse(archive.world))
    with sandbox.serve() as server:
        play = Play(archive, sandbox, server.url, capsys)
        play.play()
        found = play.found()
        if update:
            archive.sections |= found
            path.write_text(archive.text(), "utf-8")
        expected = {name: text for name, text in archive.sections.items() if not name.startswith("manifests/")}
        assert found == expected
        if play.applied:
            play.assert_second_plan_is_empty()
    sandbox.close()
