"""Each text in this folder is a pull request: manifests in `base/` and `head/`, the whole review out.

What is in neither section is the same in both. `pytest --update` rewrites the expectations.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from tests.support.txtar import parse

from .repository import WORKSPACE, repository


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("*.txtar")), ids=lambda path: path.stem)
def test_review(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, update: bool
) -> None:
    archive = parse(path.read_text("utf-8"))
    trees: dict[str, dict[str, str]] = {
        tree: {
            "manifests/workspace.yaml": WORKSPACE,
            **{
                f"manifests/{name.removeprefix(f'{tree}/')}": text
                for name, text in archive.sections.items()
                if name.startswith(f"{tree}/")
            },
        }
        for tree in ("base", "head")
    }
    base, head = repository(tmp_path, trees["base"], trees["head"])
    monkeypatch.chdir(tmp_path)
    told = ""
    for line in archive.commands:
        words = shlex.split(line)
        code = run(words[1:])
        out, err = capsys.readouterr()
        told += f"$ {line}\n{err}{out}(exit {code})\n"
    told = (
        told.replace(base, "<base>").replace(base[:12], "<base>").replace(head, "<head>").replace(head[:12], "<head>")
    )
    if update:
        archive.sections["printed"] = told
        path.write_text(archive.text(), "utf-8")
    assert archive.sections["printed"] == told
