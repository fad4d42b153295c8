"""Why a step was not done, explained."""

from __future__ import annotations

from reconciler.core.diagnostics import Code

CODES: tuple[Code, ...] = (
    Code(
        "moved-since-plan",
        "What a step was going to change is not what the plan was made on.",
        "Somebody else changed it between plan and apply. Nothing was overwritten. Plan again and look at it. Each "
        "facet is looked at just before it is written, once more before each further attempt, and read back after; an "
        "edit in the moment between the look and the write (the time of one request) cannot be told and is "
        "overwritten: no vendor has conditional writes. A dataset is not created where one of its name came meanwhile.",
    ),
    Code(
        "accepted-not-applied",
        "The vendor accepted a write, and reading it back shows something else.",
        "Every write is read back. Plan again to see what is left; if it stays, the vendor refuses in silence.",
    ),
    Code(
        "outcome-unknown",
        "A write was sent and its answer was lost, and reading could not settle whether it took effect.",
        "Nothing is sent twice blindly. Plan again: the new plan shows what is left. A dataset that was to be created "
        "is looked for by its name where the vendor lists datasets; see create-unsettled for where it does not.",
    ),
    Code(
        "journal-failed",
        "The journal of the apply cannot be written.",
        "Whatever is sent is on disk before, so that a crash loses nothing. When the disk is full or fails, nothing "
        "further is sent. Make room, then apply again: it goes on from what is live.",
    ),
    Code(
        "unexpected",
        "Something went wrong with a dataset that nobody reckoned with: a defect of the reconciler.",
        "Its type and its own words are told; of a step, with RECONCILER_DEBUG=1 in the environment, where it comes "
        "from, too. Please report that. The step may have been done in part, and counts as uncertain; the other "
        "datasets, the undo plan and the journal are as always. Plan again to see what is left. A dataset that could "
        "not be read for it is not planned, and nothing can be applied before others are planned without it.",
    ),
    Code(
        "refused",
        "The vendor refused a step.",
        "The message says why and what can be done, and how much of the step was done before, if anything was. Where "
        "reading it back shows the change all the same, somebody else made it, or the vendor in spite of its answer: "
        "the step counts as already in place; it is not undone, and the audit log has it as refused.",
    ),
    Code(
        "interrupted",
        "A step was ended before it was done: somebody pressed Ctrl-C, or stopped the process.",
        "What was sent is settled by reading; no further request is sent, or waited for, but what finishes it, such as "
        "an index of what was written, which gets three seconds. The message says how much was done. `apply --resume` "
        "goes on with it; where nothing was begun, the same apply begins anew.",
    ),
)
