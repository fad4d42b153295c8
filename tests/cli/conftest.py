"""What the tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.playing import TOKEN

from .test_processes import write_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a workspace in which every dataset lacks one tag, about the embedded sandbox."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    write_workspace(tmp_path, '"sandbox:"', "{tags: {mode: additive, values: [gold]}}")
    return tmp_path
