"""What a vendor's answers can be complained about, explained."""

from __future__ import annotations

from reconciler.core.diagnostics import Code

CODES: tuple[Code, ...] = (
    Code(
        "schedule-without-stream",
        "A schedule is managed for a dataset that has no stream.",
        "Only datasets that a connector fills have a stream, and only streams have schedules. Take the schedule out of "
        "the manifest, or give the dataset a connector.",
    ),
    Code(
        "definition-unknown",
        "A definition is managed for a dataset that shows none.",
        "Only computed datasets have an SQL or a query, and not every instance tells it. Take the definition out of "
        "the manifest.",
    ),
    Code(
        "ungoverned-access",
        "The access list has entries that are neither a user nor a group.",
        "Domo also shares datasets with cards, apps and workflows. The reconciler governs users and groups; the other "
        "entries stay as they are.",
    ),
    Code(
        "live-data-unsure",
        "A stream replaces all data with each run, and yet older versions may be live data.",
        "Each upload says itself whether it appends or replaces, whatever the stream does, and no list of versions "
        "tells which it was. Older versions are history only where the stream's last good run is known to have made "
        "the newest one, and the dataset has as many rows. Until then retention takes none of them for history. Run "
        "the stream.",
    ),
)
