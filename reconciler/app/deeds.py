"""What an apply did, as far as anybody knows: from its outcomes, and from the journals of its earlier, killed tries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import filterfalse
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import AnyChange, Elements
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Step
from reconciler.execution import Applied, Failed, Outcome, Past, Skipped
from reconciler.execution.history import idle
from reconciler.facets import BY_NAME
from reconciler.facets.effects import among, carried, holding, keys, made
from reconciler.planning.deeds import Deed, Doubt

from .following import command_line
from .pasts import endings, past_of
from .surroundings import state_folder

UNREAD = "nobody knows what of this took effect"
KILLED = "an apply that was killed was at this, and nobody knows whether it was done by it or by somebody else"


class Account(Struct, frozen=True):
    """What is known of a step."""

    deeds: tuple[Deed, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Attempt(Struct, frozen=True):
    """A step as the journal of a killed apply has it."""

    before: Elements
    after: Elements | None
    """The facet as it was read back; None when it was not."""
    settled: bool
    """Whether that tells all that came of it."""


class Killed(Struct):
    """What killed applies of the same plan did for one step."""

    step: Step
    """As it was planned, whatever was left of it to do."""
    attempts: list[Attempt] = field(default_factory=list)
    """The oldest first."""
    creates: bool = False
    """They sent its creation."""


def account(outcome: Outcome, killed: Killed | None) -> Account:
    """What is known of a step that ended with `outcome`, and was begun by `killed` applies before."""
    now = _account(outcome)
    if killed is None or not killed.attempts:
        return now
    looks = _looks(outcome, killed)
    if looks is None:
        return Account(now.deeds, (*now.doubts, Doubt(killed.step, UNREAD)))
    past = _past(killed.step, killed.attempts, *looks)
    return Account((*past.deeds, *now.deeds), (*past.doubts, *now.doubts))


def _account(outcome: Outcome) -> Account:
    """What this apply did, as far as it was read back; a step that failed may have taken effect in part."""
    step = outcome.step
    match outcome:
        case Applied(before=before, after=after) if after is not None:
            if outcome.already or outcome.created is not None:
                return Account((Deed(step, before or (), after, done=not outcome.already),))
            return Account((Deed.of(step, before or (), after),))
        case Failed(before=before, after=after) if before is not None:
            if after is None:
                return Account(doubts=(Doubt(step, UNREAD),) if outcome.uncertain else ())
            doubts = [*Doubt.of_strayed(step, before, after)]
            if outcome.unread:
                doubts.append(Doubt(replace(step, changes=outcome.unread), UNREAD))
            return Account((Deed.of(step, before, after),), tuple(doubts))
        case _:
            return Account()


def _looks(outcome: Outcome, killed: Killed) -> tuple[Elements, Elements] | None:
    """The facet as this apply found it and as it read it last; as it was left, where it was not looked at anew."""
    left = next((each.after for each in reversed(killed.attempts) if each.after is not None), None)
    before, after = (None, None) if isinstance(outcome, Skipped) else (outcome.before, outcome.after)
    first, last = after if before is None else before, before if after is None else after
    if first is not None and last is not None:
        return first, last
    return None if left is None else (left, left)


def _past(step: Step, attempts: list[Attempt], found: Elements, now: Elements) -> Account:
    """What of the changes that hold still is the work of `attempts`."""
    still = tuple(filter(among(holding(step, now)), holding(step, found)))
    ours: list[AnyChange] = []
    unsure: list[AnyChange] = []
    base = found
    for attempt, later in zip(attempts, [*(each.before for each in attempts[1:]), found], strict=True):
        did = () if attempt.after is None else made(step, attempt.before, attempt.after)
        did = tuple(filterfalse(among(ours), filter(among(still), did)))
        base = carried(attempt.before, base, frozenset[str]().union(*map(keys, did)))
        ours += did
        unsure += () if attempt.settled else made(step, attempt.before, later)
    left = tuple(filterfalse(among(ours), filter(among(still), unsure)))
    return Account(
        (Deed(replace(step, changes=tuple(ours)), base, now),) if ours else (),
        (Doubt(replace(step, changes=left), KILLED),) if left else (),
    )


class Run(Struct, frozen=True):
    """One apply of one plan, or of a shard of it."""

    plan_id: str
    created_at: str | None
    shard: str | None
    journal: Path | None

    def tried(self, past: Past) -> bool:
        """Whether `past` is an earlier apply of the same."""
        mine = (self.plan_id, self.created_at, self.shard)
        return (past.plan_id, past.created_at, past.shard) == mine and past.path != self.journal


def killed_before(run: Run, state: Path, steps: Iterable[Step]) -> Mapping[str, Killed]:
    """What applies of the same plan did that were killed before they could leave an undo plan, by step.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    found: dict[str, Killed] = {}
    known = {step.id: step for step in steps}
    for path in _killed(run, state):
        for name, attempt in _attempts(past_of(path).events, known):
            killed = found.setdefault(name, Killed(known[name]))
            if attempt is None:
                killed.creates = True
            else:
                killed.attempts.append(attempt)
    return found


def forgotten(pasts: Iterable[Past], workspace: Path) -> list[Diagnostic]:
    """What `pasts`, and the tries of the same before them, may have done that no undo plan will have.

    Another plan is applied by now, so nothing goes on with theirs. What ended by itself has left an undo plan.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    runs = dict.fromkeys(Run(past.plan_id, past.created_at, past.shard, None) for past in pasts)
    paths = (path for run in runs for path in _killed(run, state_folder(workspace)))
    return [told for path in paths for told in _untaken(workspace, past_of(path))]


def _untaken(workspace: Path, past: Past) -> list[Diagnostic]:
    refused = {event.get("step") for event in past.events if event.get("state") == "refused" or idle(event)}
    sent: dict[str, list[str]] = {}
    for event in past.events:
        if event.get("event") == "intent" and event.get("step") not in refused and "/" in event.get("dataset", ""):
            sent.setdefault(event["dataset"], []).append(f"{event.get('facet')} {event.get('verb')}")
    hint = f"{command_line(workspace, 'audit', 'show')} tells what that was."
    return [
        Diagnostic(
            "not-undone",
            "warning",
            f"the apply of {past.path.name} was killed, and no undo plan takes back what it may have done: "
            f"{', '.join(steps)}",
            Address(*dataset.split("/", 1)),
            hint,
        )
        for dataset, steps in sent.items()
    ]


def _killed(run: Run, state: Path) -> list[Path]:
    """The journals of those of them that came after the last one that ended by itself: that one left an undo plan."""
    paths: list[Path] = []
    for past in endings(state):
        if run.tried(past):
            paths = [*paths, past.path] if past.ended is None else []
    return paths


def _attempts(events: Iterable[Mapping[str, Any]], steps: Mapping[str, Step]) -> Iterator[tuple[str, Attempt | None]]:
    """What was sent for each step; None for a creation."""
    events = tuple(events)
    outcomes = {event.get("step"): event for event in events if event.get("event") == "outcome"}
    for event in events:
        name = event.get("step", "")
        if event.get("event") == "intent" and name in steps:
            ended = outcomes.get(name, {})
            before = _elements(steps[name], ended.get("before", event.get("before")))
            if event.get("id") is None:
                yield name, None
            elif before is not None:
                after = _elements(steps[name], ended.get("after"))
                settled = ended.get("state") in {"done", "partly", "refused"}
                yield name, Attempt(before, after, settled)


def _elements(step: Step, words: object) -> Elements | None:
    facet = BY_NAME[step.address.facet]
    try:
        return tuple(facet.element(each) for each in words) if isinstance(words, list) else None
    except (ValueError, KeyError, TypeError):
        return None
