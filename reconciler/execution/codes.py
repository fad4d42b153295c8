"""Why a step was not done, explained."""

from __future__ import annotations

from reconciler.core.diagnostics import Code

CODES: tuple[Code, ...] = (
    Code(
        "moved-since-plan",
        "What a step was going to change is not what the plan was made on.",
        "Somebody else changed it between plan and apply. Nothing was overwritten. Plan again and look at it.",
    ),
    Code(
        "accepted-not-applied",
        "The vendor accepted a write, and reading it back shows something else.",
        "Every write is read back. Plan again to see what is left; if it stays, the vendor refuses in silence.",
    ),
    Code(
        "outcome-unknown",
        "A write was sent and its answer was lost, and reading could not settle whether it took effect.",
        "Nothing is sent twice blindly. Plan again: the new plan shows what is left. For a dataset that was to be "
        "created, look for it at the vendor first: write its id under metadata.id, or leave the manifest as it is if "
        "it was not made.",
    ),
    Code("refused", "The vendor refused a step.", "The message says why and what can be done."),
)
