"""What an apply or a dry run tells of its steps."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from reconciler.execution import Applied, Failed, Outcome, Skipped
from reconciler.execution.walk import INTERRUPTED
from reconciler.report import Line, outcomes_text, request_text
from reconciler.report.outcomes import closing as closing_sentence

from .console import colored, say


class Steps:
    """Tells each outcome on stderr as it comes."""

    def settled(self, outcome: Outcome) -> None:
        """Print what became of a step."""
        text, _, _ = outcomes_text([line(outcome)], color=colored(sys.stderr)).partition("\n\n")
        say(text)


def closing(outcomes: Sequence[Outcome]) -> str:
    """How many steps ended how."""
    return closing_sentence([line(outcome) for outcome in outcomes])


def rehearsal(outcomes: Sequence[Outcome]) -> str:
    """Each request that would have been sent, in order."""
    requests = [request for outcome in outcomes if isinstance(outcome, Applied) for request in outcome.rehearsed]
    texts = [request_text(request.method, request.path, request.body) for request in requests]
    count = "1 request" if len(requests) == 1 else f"{len(requests)} requests"
    return "".join([*texts, f"Dry run: {count} would be sent. Nothing was written.\n"])


def line(outcome: Outcome) -> Line:
    """An outcome as the report shows it."""
    step = outcome.step
    match outcome:
        case Applied(already=already):
            return Line(step.address, step.verb, "already" if already else "done")
        case Failed(uncertain=uncertain):
            detail = f"{outcome.code}: {outcome.summary}"
            return Line(step.address, step.verb, "uncertain" if uncertain else "failed", detail, outcome.hint)
        case Skipped(because=because):
            failed = because.replace("#", " ")
            return Line(step.address, step.verb, "skipped", because if because == INTERRUPTED else f"{failed} failed")
