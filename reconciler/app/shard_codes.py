"""What can be wrong with the parts of a plan."""

from __future__ import annotations

from reconciler.core.diagnostics import Code

CODES: tuple[Code, ...] = (
    Code(
        "shard-unreadable",
        "A file is not a part of a plan that can be used.",
        "Parts are written by `plan --shard I/N --out FILE`, and are good only as they were written.",
    ),
    Code(
        "shard-missing",
        "Parts of the plan are not there, or one is there twice.",
        "A plan of some datasets must not pass for one of all: nothing was merged. Run the shards that are missing.",
    ),
    Code(
        "shard-foreign",
        "The parts do not belong to one plan.",
        "All must come from the same manifests, flags and version, and be merged where these manifests are.",
    ),
    Code(
        "executor-unusable",
        "The plan cannot be made on the cluster that --executor names.",
        "It needs the extra reconciler[dask] here and the same reconciler on every worker, tokens in the workers' "
        "environment, a workspace below the current folder, and no flag that needs git.",
    ),
)
