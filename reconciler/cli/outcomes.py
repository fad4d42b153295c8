"""What an apply or a dry run tells of its steps."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence

from reconciler.core.plan import Step
from reconciler.execution import Applied, Failed, Outcome, Skipped
from reconciler.report import Line, outcomes_text, request_text
from reconciler.report.outcomes import State
from reconciler.report.outcomes import closing as closing_sentence

from .console import Status, colored, say
from .events import Events


class Steps:
    """Tells each outcome on stderr as it comes, and on a terminal what is being done."""

    def __init__(self, total: int, events: Events | None = None) -> None:
        self._total, self._settled = total, 0
        self._status = Status()
        self._events = events

    def began(self, step: Step) -> None:
        """Show what is being done."""
        self._status.show(f"Applying {self._settled + 1} of {self._total}: {step.address} {step.verb}")
        if self._events:
            self._events.began(step)

    def settled(self, outcome: Outcome) -> None:
        """Print what became of a step; what was not begun is told once, by what stopped it."""
        self._settled += 1
        if self._events:
            self._events.settled(outcome)
        if not isinstance(outcome, Skipped):
            self._status.hide()
            text, _, _ = outcomes_text([line(outcome)], color=colored(sys.stderr)).partition("\n\n")
            say(text)
        if isinstance(outcome, Failed) and outcome.defect is not None and os.environ.get("RECONCILER_DEBUG"):
            import traceback  # noqa: PLC0415 - as at the last door, in `entry`

            say("".join(traceback.format_exception(outcome.defect)))

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """Print what was not begun for other reasons than a step of the same dataset."""
        self._status.hide()
        for text in not_begun(outcomes):
            say(text)


def not_begun(outcomes: Sequence[Outcome]) -> list[str]:
    """For each reason that stopped whole datasets: how much was not begun."""
    told = {step for outcome in outcomes if isinstance(outcome, Failed) for step in outcome.blocks}
    left = [item for item in outcomes if isinstance(item, Skipped) and item.step.id not in told]
    texts = []
    for reason, count in Counter(item.because for item in left).items():
        datasets = len({item.step.address.whole for item in left if item.because == reason})
        texts.append(
            f"  skipped    {_counted(count, 'step')} of {_counted(datasets, 'dataset')}, not begun: {_why(reason)}"
        )
    return texts


def closing(outcomes: Sequence[Outcome]) -> str:
    """How many steps ended how."""
    return closing_sentence([line(outcome) for outcome in outcomes])


def rehearsal(outcomes: Sequence[Outcome]) -> str:
    """Each request that would have been sent, in order."""
    requests = [request for outcome in outcomes if isinstance(outcome, Applied) for request in outcome.rehearsed or ()]
    texts = [request_text(request.method, request.path, request.body) for request in requests]
    return "".join([*texts, f"Dry run: {_counted(len(requests), 'request')} would be sent. Nothing was written.\n"])


def line(outcome: Outcome) -> Line:
    """An outcome as the report shows it."""
    step = outcome.step
    match outcome:
        case Applied(rehearsed=rehearsed, spared=spared):
            told = [f"not done, as no longer wanted: {'; '.join(spared)}"] if spared else []
            if outcome.refused is not None:
                told.append(f"refused, and there all the same, so it is not undone, either: {outcome.refused}")
            detail = "; ".join(told) or None
            state: State = "already" if outcome.already else "done" if rehearsed is None else "rehearsed"
            return Line(step.address, step.verb, state, detail)
        case Failed(uncertain=uncertain):
            detail = f"{outcome.code}: {outcome.summary}"
            hints = [outcome.hint] if outcome.hint else []
            if outcome.blocks:
                hints.append(f"Not begun because of it: {', '.join(map(_readable, outcome.blocks))}.")
            return Line(
                step.address, step.verb, "uncertain" if uncertain else "failed", detail, " ".join(hints) or None
            )
        case Skipped(because=because):
            return Line(step.address, step.verb, "skipped", _why(because))


def _why(reason: str) -> str:
    """Why a step was not begun: a failed step, or said in words."""
    return f"{_readable(reason)} failed" if "#" in reason else reason


def _readable(step: str) -> str:
    """A step's id as its line has it."""
    address, _, verb = step.rpartition("#")
    return f"{address} {verb}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
