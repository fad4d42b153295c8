"""A workspace with one dataset that differs and one that is to be created."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.campaigns.stage import Extent

from .bench import Bench, benched

Set = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Set]:
    with ExitStack() as stack:

        def start(existing: int = 1, new: int = 0, world: str = "observed") -> Bench:
            return stack.enter_context(benched(tmp_path, monkeypatch, capsys, Extent(existing, new), world))

        yield start
