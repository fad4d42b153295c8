"""The write-ahead journal of one apply: JSON lines, each on disk before the write it announces is sent.

States of a step: pending → intent → done | refused | partly | uncertain. Losing the file loses no governed state; it
tells what may be unfinished, and the next plan reads the rest from the vendor.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from reconciler.core.changes import Elements
from reconciler.core.plan import Step
from reconciler.core.words import Json

from .outcomes import Applied, Failed, Outcome
from .telling import change_words, element_words, state_of


class JournalError(Exception):
    """The journal cannot be written, so nothing may be sent any more; its text says why."""


class Journal:
    """Appends to one file; safe to use from several threads.

    After the first line that could not be written, no intent is taken any more: a disk that failed once may have lost
    what it said it kept. Lines that only tell what happened are then dropped without an error; `failure` says why.

    Args:
        path: the file, which must not exist; None keeps no journal (a dry run).
        clock: seconds since the epoch.

    Raises:
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float]) -> None:
        self.path = path
        self.failure: str | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._file: int | None = None
        self._intents: dict[str, Elements] = {}
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            self._file = os.open(path, flags, 0o600)
            _keep_entry(path.parent)

    def begin(self, plan_id: str, facts: Mapping[str, Json]) -> None:
        """Note which plan is applied.

        Raises:
            JournalError: it cannot be noted.
        """
        self._must({"event": "begin", "plan_id": plan_id, **facts})

    def intent(
        self, step: Step, identifier: str | None = None, before: Elements = (), known: Sequence[str] | None = None
    ) -> None:
        """Note that `step` is about to be sent.

        Args:
            step: what is sent.
            identifier: the dataset's id; None when it is about to be created.
            before: the facet as it was found.
            known: for a creation: the ids of the datasets that had this name before, where the vendor lists them.

        Raises:
            JournalError: it cannot be noted, so it must not be sent.
        """
        facts: dict[str, Json] = {"id": identifier, "changes": change_words(step)}
        facts |= {"before": element_words(step, before)}
        if identifier is None:
            facts["known"] = None if known is None else list(known)
        self._intents[step.id] = before
        self._must({"event": "intent", **_place(step), **facts})

    def portion(self, portion: Step) -> None:
        """Note which part of a step, whose intent is noted, is about to be sent.

        Raises:
            JournalError: it cannot be noted, so it must not be sent.
        """
        self._must({"event": "portion", **_place(portion), "keys": [change.key for change in portion.changes]})

    def again(self, portion: Step, before: Elements, because: str) -> None:
        """Note that a write which failed is about to be sent anew.

        Args:
            portion: what is left of the step, or of its part.
            before: the facet as it was found this time.
            because: how the write before failed.

        Raises:
            JournalError: it cannot be noted, so it must not be sent.
        """
        facts: dict[str, Json] = {"changes": change_words(portion), "before": element_words(portion, before)}
        self._must({"event": "again", **_place(portion), **facts, "because": because})

    def created(self, step: Step, identifier: str) -> None:
        """Note the id of a dataset that was just created."""
        self._append({"event": "created", **_place(step), "id": identifier})

    def outcome(self, outcome: Outcome) -> None:
        """Note what became of a step."""
        facts: dict[str, Json] = {"event": "outcome", **_place(outcome.step)}
        match outcome:
            case Applied(already=True, refused=None, spared=spared):
                self._append({**facts, "state": "done", "already": True, **_spared(spared)})
            case Applied(already=already, refused=refused, spared=spared):
                facts |= {"already": already, "summary": refused} if refused is not None else {}
                self._append({**facts, **self._came(outcome), **_spared(spared)})
            case Failed():
                facts |= {"code": outcome.code, "summary": outcome.summary}
                self._append({**facts, **self._came(outcome)})
            case _:
                pass

    def note(self, event: str, facts: Mapping[str, Json]) -> None:
        """Note something else that happened."""
        self._append({"event": event, **facts})

    def end(self, state: str, facts: Mapping[str, Json]) -> None:
        """Note how the apply ended: complete, partial or interrupted."""
        self._append({"event": "end", "state": state, **facts})

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _came(self, outcome: Applied | Failed) -> dict[str, Json]:
        """What came of what was sent; from which state, too, where that is not the one that the intent has."""
        facts: dict[str, Json] = {"state": state_of(outcome), "after": _words(outcome.step, outcome.after)}
        if outcome.before is not None and outcome.before != self._intents.pop(outcome.step.id, outcome.before):
            facts["before"] = _words(outcome.step, outcome.before)
        if isinstance(outcome, Failed) and outcome.unread:
            facts["unread"] = [change.key for change in outcome.unread]
        return {**facts, "idle": True} if isinstance(outcome, Failed) and outcome.idle else facts

    def _must(self, facts: Mapping[str, Json]) -> None:
        self._append(facts)
        if self.failure is not None:
            raise JournalError(self.failure)

    def _append(self, facts: Mapping[str, Json]) -> None:
        if self._file is None:
            return
        line = json.dumps({"at": round(self._clock(), 3), **facts}, ensure_ascii=False) + "\n"
        with self._lock:
            if self.failure is not None:
                return
            try:
                write_whole(self._file, line.encode("utf-8", "backslashreplace"))
            except OSError as error:
                self.failure = f"{self.path} cannot be written: {error.strerror or error}"


def write_whole(descriptor: int, data: bytes) -> None:
    """Write `data` and have it on disk.

    Raises:
        OSError: it is not, or not wholly.
    """
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _keep_entry(folder: Path) -> None:
    """Have a new file's name on disk, not only its content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _words(step: Step, elements: Elements | None) -> list[Json] | None:
    return None if elements is None else element_words(step, elements)


def _spared(spared: Sequence[str]) -> dict[str, Json]:
    return {"spared": list(spared)} if spared else {}


def _place(step: Step) -> dict[str, Json]:
    return {"step": step.id, "dataset": str(step.address.whole), "facet": step.address.facet, "verb": step.verb}
