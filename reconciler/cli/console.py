"""What a command prints, and where: results on stdout, progress and diagnostics on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import click

from reconciler.core.diagnostics import Diagnostic
from reconciler.report import diagnostics_text
from reconciler.report.safe import terminal

from .streams import abandon_stdout

WIDEST = 100
PIECE = 1 << 20
"""Characters."""
ANSWERED = "reconciler.answered"
"""Where the run of a command notes that it has printed a result."""


def result(text: str) -> None:
    """Print a command's result."""
    click.echo(text, nl=not text.endswith("\n"), color=colored(sys.stdout))
    if (context := click.get_current_context(silent=True)) is not None:
        context.meta[ANSWERED] = True


def answered() -> bool:
    """Whether the command that is run has printed a result."""
    context = click.get_current_context(silent=True)
    return context is not None and ANSWERED in context.meta


def outcome(text: str) -> None:
    """Print the result of something that is done; that its reader has gone does not make it a failure."""
    try:
        result(text)
    except OSError:
        abandon_stdout()


def passed_on(file: IO[str]) -> None:
    """Print a file as a command's result, never holding more than a piece of it."""
    while piece := file.read(PIECE):
        click.echo(piece, nl=False)


def say(text: str) -> None:
    """Tell something that is not the result, if anybody is left to hear it: what is being done goes on without."""
    with suppress(OSError):
        click.echo(text, err=True, nl=not text.endswith("\n"), color=colored(sys.stderr))


def complain(diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics, if there are any."""
    if diagnostics:
        columns = width() if sys.stderr.isatty() else None
        say(diagnostics_text(diagnostics, color=colored(sys.stderr), width=columns))


def colored(stream: IO[str]) -> bool:
    """Whether to colour: NO_COLOR says no, FORCE_COLOR yes, else a terminal that is not dumb."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to write in."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


class Status:
    """One line at the bottom of a terminal that says what is being done; silent elsewhere, as in CI."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty() and not os.environ.get("CI")
        self._shown = False

    def show(self, text: str) -> None:
        """Put `text` in the place of what is shown."""
        if self._live:
            self._write(terminal(text, width() - 1))
            self._shown = True

    def hide(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")
            self._shown = False

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


class Progress:
    """A counter on one line of a terminal; silent elsewhere."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._status = Status()

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done; the line vanishes at the end."""
        if done == total:
            self._status.hide()
        else:
            self._status.show(f"{self._what} {done} of {total}")
