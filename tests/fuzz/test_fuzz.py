"""A slice of the campaign; the whole of it is `python -m tests.fuzz`."""

from __future__ import annotations

from .campaign import campaign


def test_whatever_is_thrown_at_validate_gives_diagnostics() -> None:
    """No traceback, no exit code but 0 and 1, and file, line and column for everything that is said."""
    figures = campaign(100, seed=7)
    assert (figures.crashes, figures.silent) == ([], [])
    assert figures.refused > 100
    assert len(figures.codes) > 20
