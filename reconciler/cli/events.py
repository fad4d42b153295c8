"""`--events FILE`: what an apply does, as JSON lines for machines, while it does it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click

from reconciler.app.writing import PRIVATE
from reconciler.core.plan import Step
from reconciler.core.words import Json
from reconciler.execution import Applied, Failed, Outcome, Skipped
from reconciler.execution.telling import state_of
from reconciler.manifests.files import link_to

from .console import say


class Events:
    """Writes one line for each event; what cannot be written is said once and does not stop anything.

    apply-started {plan_id, steps} · step-started {step, dataset, facet, verb} · step-settled {…, state, code, summary,
    because} with state done, already, refused, partly, uncertain or skipped · apply-ended {exit, states}.
    """

    def __init__(self, descriptor: int, now: Callable[[], datetime]) -> None:
        self._descriptor, self._now = descriptor, now
        self._broken = False

    def started(self, plan_id: str, steps: int) -> None:
        """The apply begins."""
        self._write("apply-started", {"plan_id": plan_id, "steps": steps})

    def began(self, step: Step) -> None:
        """A step is about to be performed."""
        self._write("step-started", _place(step))

    def settled(self, outcome: Outcome) -> None:
        """A step came to its end."""
        facts: dict[str, Json] = {**_place(outcome.step), "state": state(outcome)}
        match outcome:
            case Failed(code=code, summary=summary, blocks=blocks):
                facts |= {"code": code, "summary": summary, "blocks": list(blocks)}
            case Skipped(because=because):
                facts["because"] = because
            case Applied(created=str(created)):
                facts["created"] = created
            case _:
                pass
        self._write("step-settled", facts)

    def ended(self, code: int, outcomes: Sequence[Outcome]) -> None:
        """The apply is over."""
        self._write("apply-ended", {"exit": code, "states": dict(Counter(map(state, outcomes)))})

    def _write(self, event: str, facts: dict[str, Json]) -> None:
        if self._broken:
            return
        line = json.dumps({"event": event, "at": self._now().isoformat(timespec="milliseconds"), **facts}) + "\n"
        try:
            os.write(self._descriptor, line.encode())
        except OSError as error:
            self._broken = True
            say(f"Events are not written any more: {error.strerror}")


@contextmanager
def events_to(path: Path | None, now: Callable[[], datetime]) -> Iterator[Events | None]:
    """Events into `path`, emptied and read by nobody else; into a device or a pipe as it is. None without a path.

    A link is followed where it is named in full, such as /dev/stdout: one in a checkout could lead to any file.

    Raises:
        click.UsageError: it cannot be opened, or not be kept from others.
    """
    if path is None:
        yield None
        return
    if not path.is_absolute() and (link := link_to(path)):
        raise click.UsageError(f"--events {path}: {link} is a link, and links are not followed.")
    with ExitStack() as stack:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
            stack.callback(os.close, descriptor)
            # The mode is that of a file that was made; a link, such as /dev/stdout, leads to what somebody else opened.
            if path.is_file() and not path.is_symlink():
                path.chmod(PRIVATE)
        except OSError as error:
            raise click.UsageError(f"--events {path}: {error.strerror or error}.") from error
        yield Events(descriptor, now)


def state(outcome: Outcome) -> str:
    """How a step ended, in one word."""
    match outcome:
        case Applied(already=already):
            return "already" if already else "done"
        case Failed():
            return state_of(outcome)
        case Skipped():
            return "skipped"


def _place(step: Step) -> dict[str, Json]:
    return {"step": step.id, "dataset": str(step.address.whole), "facet": step.address.facet, "verb": step.verb}
