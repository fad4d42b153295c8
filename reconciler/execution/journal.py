"""The write-ahead journal of one apply: JSON lines, each on disk before the write it announces is sent.

States of a step: pending → intent → done | refused | uncertain. Losing the file loses no governed state; it tells
what may be unfinished, and the next plan reads the rest from the vendor.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from reconciler.core.plan import Step
from reconciler.core.words import Json

from .outcomes import Applied, Failed, Outcome


class Journal:
    """Appends to one file; safe to use from several threads.

    Args:
        path: the file, which must not exist; None keeps no journal (a dry run).
        clock: seconds since the epoch.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float]) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._file: IO[str] | None = None
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            self._file = os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8")

    def begin(self, plan_id: str, facts: Mapping[str, Json]) -> None:
        """Note which plan is applied."""
        self._append({"event": "begin", "plan_id": plan_id, **facts})

    def intent(self, step: Step) -> None:
        """Note that `step` is about to be sent."""
        self._append({"event": "intent", "step": step.id})

    def created(self, step: Step, identifier: str) -> None:
        """Note the id of a dataset that was just created."""
        self._append({"event": "created", "step": step.id, "id": identifier})

    def outcome(self, outcome: Outcome) -> None:
        """Note what became of a step."""
        match outcome:
            case Applied(already=already):
                self._append({"event": "outcome", "step": outcome.step.id, "state": "done", "already": already})
            case Failed(uncertain=uncertain):
                state = "uncertain" if uncertain else "refused"
                facts = {"event": "outcome", "step": outcome.step.id, "state": state, "code": outcome.code}
                self._append({**facts, "summary": outcome.summary})
            case _:
                pass

    def end(self, state: str) -> None:
        """Note how the apply ended: complete, partial or interrupted."""
        self._append({"event": "end", "state": state})

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _append(self, facts: Mapping[str, Json]) -> None:
        if self._file is None:
            return
        line = json.dumps({"at": round(self._clock(), 3), **facts}, ensure_ascii=False)
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
