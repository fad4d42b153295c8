"""What goes into the audit log: each action of each apply, also of one that was killed before it could tell."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field

from reconciler.core.address import Address
from reconciler.core.plan import Step
from reconciler.core.ports import Target
from reconciler.core.words import Json
from reconciler.execution import Applied, Failed, Journal, Observer, Outcome, Past
from reconciler.execution.history import idle, moment
from reconciler.execution.telling import change_words, element_words, state_of
from reconciler.manifests import TargetConfig

from .auditlog import Head, Line, append, lines
from .journaling import mark_audited
from .locking import user_name
from .pasts import endings, past_of

RUN_IDS = ("GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_BUILDID", "BUILD_TAG", "BUILDKITE_BUILD_ID", "CIRCLE_WORKFLOW_ID")
"""Where the usual CI systems name a run."""


def who(environ: Mapping[str, str], version: str, commit: str | None, *, dirty: bool | None) -> dict[str, Json]:
    """Who applies, where, and from which commit."""
    run = next((f"{name}={environ[name]}" for name in RUN_IDS if environ.get(name)), None)
    host = socket.gethostname()
    return {"os_user": user_name(), "host": host, "run": run, "commit": commit, "dirty": dirty, "version": version}


def actors(targets: Mapping[str, Target] | Mapping[str, TargetConfig]) -> dict[str, str | None]:
    """Who the token of each target acts as."""
    return {name: str(target.actor) if target.actor else None for name, target in targets.items()}


def action(outcome: Outcome, identifier: str | None) -> dict[str, Json] | None:
    """What became of a step that was sent, as a line has it; None when nothing was."""
    match outcome:
        case Applied(already=True, refused=None) | Failed(idle=True):
            return None
        case Applied(before=before, after=after):
            unread = {}
        case Failed(before=before, after=after) if before is not None:
            unread = {"unread": [change.key for change in outcome.unread]} if outcome.unread else {}
        case _:
            return None
    step = outcome.step
    return {
        "dataset": str(step.address.whole),
        "id": identifier or outcome.created,
        "facet": step.address.facet,
        "verb": step.verb,
        "step": step.id,
        "state": state_of(outcome),
        "changes": change_words(step),
        "before": element_words(step, before or ()),
        "after": None if after is None else element_words(step, after),
        **unread,
    }


def left_out(
    state: Path, held: frozenset[str], mine: Path | None, shard: str | None = None
) -> Iterator[tuple[Past, tuple[dict[str, Json], ...]]]:
    """The actions of applies that were killed before they could add their lines, from their journals.

    Args:
        state: the workspace's state folder.
        held: the targets whose lock we hold; the journal of another one may be of an apply that is running. So may
            one that does not begin yet; nothing was sent by it.
        mine: the journal of the apply that asks.
        shard: the shard whose lock we hold; journals of other shards may be of applies that are running, and those of
            whole plans are left to an apply of a whole one. None: we hold the targets for ourselves.

    Raises:
        OSError: the log cannot be read.
        Stop: a journal cannot be read (exit 1).
    """
    for end in endings(state):
        told = any(event.get("event") == "audited" or event.get("audit") for event in end.events)
        if not told and end.targets and end.targets <= held and end.path != mine and shard in {None, end.shard}:
            past = past_of(end.path)
            there = {line["step"] for line in lines(state) if line.get("journal") == past.path.name}
            yield past, tuple(_told(*item) for item in _actions(past) if item[0]["step"] not in there)


def anchors(state: Path) -> Iterator[Head]:
    """The ends of the log that journals know.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    for past in endings(state):
        for event in past.events:
            found = event.get("audit")
            if isinstance(found, Mapping) and isinstance(found.get("lines"), int) and found["lines"] > 0:
                yield Head(found["lines"], str(found.get("sha256")))


def _actions(past: Past) -> Iterator[tuple[Line, Line | None]]:
    outcomes = {event.get("step"): event for event in past.events if event.get("event") == "outcome"}
    for event in past.events:
        outcome = outcomes.get(event.get("step"))
        if event.get("event") == "intent" and event.get("step") and event.get("dataset") and not idle(outcome):
            yield event, outcome


def _told(intent: Line, outcome: Line | None) -> dict[str, Json]:
    """An action as its journal has it; what was killed on its way is uncertain, and the next plan shows what is so."""
    kept = {key: intent.get(key) for key in ("dataset", "id", "facet", "verb", "step", "changes", "before")}
    told = ("state", "before", "after", "unread")
    found = {name: outcome[name] for name in told if name in outcome} if outcome else {"state": "uncertain"}
    sent = datetime.fromtimestamp(moment(intent), UTC).isoformat(timespec="seconds")
    return {"at": sent, **kept, "after": None, **found, "recovered": True}


class Recorder(Struct):
    """Adds a line for each action before anybody else is told of it."""

    state: Path
    who: Mapping[str, Json]
    """What every line says: who, from which commit, by which plan."""
    actors: Mapping[str, str | None]
    """Who each target's token acts as."""
    ids: dict[Address, str]
    """The vendor's ids of the datasets, those included that this apply creates."""
    journal: Journal
    now: Callable[[], str]
    observer: Observer
    shard: str | None
    """The shard that is applied, as `I/N`; None: all of the plan."""
    halt: Callable[[str], None]
    """Is told why when a line cannot be added: nothing further is begun that nobody could account for."""
    head: Head = field(default_factory=Head)
    failure: str | None = None
    recovered: list[Past] = field(default_factory=list)
    """The killed applies whose lines were added."""

    def began(self, step: Step) -> None:
        self.observer.began(step)

    def settled(self, outcome: Outcome) -> None:
        facts = action(outcome, self.ids.get(outcome.step.address.whole))
        if facts is not None:
            name = self.journal.path.name if self.journal.path else None
            self.add({"journal": name, **facts}, outcome.step.address.target)
        self.observer.settled(outcome)

    def recover(self, held: frozenset[str]) -> None:
        """Add the lines that killed applies left out."""
        try:
            for past, missing in left_out(self.state, held, self.journal.path, self.shard):
                for facts in missing:
                    self._add_past(past, facts)
                if self.failure is None:
                    mark_audited(past.path)
                    self.recovered.append(past)
        except OSError as error:
            self._fail(error)

    def _add_past(self, past: Past, facts: Mapping[str, Json]) -> None:
        target = str(facts["dataset"]).partition("/")[0]
        # The token may act as somebody else by now.
        actor = {"actor": past.actors[target]} if target in past.actors else {}
        self.add({"plan_id": past.plan_id, "journal": past.path.name, **past.who, **actor, **facts}, target)

    def add(self, facts: Mapping[str, Json], target: str) -> None:
        """Add one line, unless an earlier one could not be added."""
        if self.failure is not None:
            return
        try:
            self.head = append(self.state, {"at": self.now(), "actor": self.actors.get(target), **self.who, **facts})
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.failure = f"the audit log cannot be written: {error.strerror or error}"
        self.halt("the audit log cannot be written")
