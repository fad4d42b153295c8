"""Whether a run has replaced all data of a dataset at Domo, so that all versions but the newest are history.

A stream only tells what its own runs do. Anybody may upload beside them, and each upload says itself whether it appends
or replaces (document 002, Upload CSV); no list of versions tells which it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from reconciler.core.diagnostics import Diagnostic
from reconciler.facets.retention.version import Version, remaining
from reconciler.facets.retention.wording import listed
from reconciler.providers.moments import moment_of
from reconciler.providers.understanding import understand

from .dataset import Dataset
from .partitions import NO_PARTITIONS, Partitions
from .wire import Execution, Stream

REPLACE = "REPLACE"
BEYOND = 1e11
"""No time in seconds is that large before the year 5000, and none in milliseconds that small since 1973."""
HINT = "They stay while activeData is keep. Once the stream has replaced the data again, older versions are history."


def replaced(dataset: Dataset, versions: Sequence[Version], partitions: Partitions) -> bool:
    """Whether the newest of `versions` surely took the place of all others; where that is in doubt, readers are told.

    Where there are partitions, a run replaces one of them.
    """
    stream = dataset.stream
    if stream is None or partitions != NO_PARTITIONS:
        return False
    known = understand(Stream, stream, "the stream")
    if known.update_method != REPLACE:
        return False
    ready = [version for version in versions if version.status == "ready"]
    why = doubt(known.last_successful_execution, ready, dataset.metadata.row_count)
    if why is not None:
        summary = f"all {len(ready)} versions count as live data: {why}"
        address = dataset.ref.address.of("retention")
        dataset.diagnostics.append(Diagnostic("live-data-unsure", "info", summary, address, HINT))
    return why is None


def doubt(run: Execution | None, ready: Sequence[Version], rows: int | None) -> str | None:
    """What speaks against it that the last good `run` replaced all `ready` versions by the newest; None: nothing.

    `rows` is how many the dataset has, where the server tells.
    """
    dated = sorted((version for version in ready if version.created is not None), key=lambda version: version.age)
    left = remaining(dated[::-1])
    if len(left) == len(dated):
        return None
    if run is None or run.update_method not in {None, REPLACE}:
        return "no run of its stream has replaced them yet"
    ended, began = _moment(run.ended_at), _moment(run.started_at)
    if ended is None:
        return "when its stream last ran is not told"
    if since := [version for version in dated if _came(version) > ended]:
        return f"{_named(since)} came after the last run of its stream"
    within = [version for version in dated if began is not None and _came(version) >= began]
    if len(within) > 1:
        return f"{_named(within)} came during the last run of its stream"
    return _miscounted(left, rows, brought=left[0] in within)


def _miscounted(left: Sequence[Version], rows: int | None, *, brought: bool) -> str | None:
    """What the row counts say against it; that one is not told, where the run may have left all that was there before.

    A run without rows may do so, and keeps what was appended before it (notes 4.13).
    """
    counts = [version.rows for version in left]
    if rows is not None and rows in counts:
        return None
    if rows is not None and None not in counts:
        return f"the dataset has {rows:,} rows, and its newest version {counts[0]:,}"
    if brought and counts[0] != 0:
        return None
    what = "has no rows" if counts[0] == 0 else "is not known to be of the last run of its stream"
    whose = "the dataset" if rows is None else "a version"
    return f"{_named(left[:1])} {what}, and the row count of {whose} is not told"


def _named(versions: Sequence[Version]) -> str:
    return f"{'version' if len(versions) == 1 else 'versions'} {listed(versions)}"


def _came(version: Version) -> datetime:
    # The times of runs are mostly whole seconds, those of versions may have fractions (notes 1.13, 1.17).
    return (version.created or datetime.max.replace(tzinfo=UTC)).replace(microsecond=0)


def _moment(told: str | float | None) -> datetime | None:
    """When a run began or ended: seconds (notes 1.13), or what Domo has elsewhere, milliseconds or text."""
    if told is None or isinstance(told, str):
        return moment_of(told)
    return moment_of(told * 1000 if abs(told) < BEYOND else told)
