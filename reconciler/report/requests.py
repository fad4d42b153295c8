"""How many requests a plan's reads took, by dataset: what `-v` shows."""

from __future__ import annotations

from reconciler.core.plan import Plan

from .safe import terminal


def requests_text(plan: Plan) -> str:
    """A line for each dataset that was read, and their sum. Repeated attempts, which depend on chance, do not count."""
    reads = [dataset.read for dataset in plan.datasets if dataset.read is not None]
    lines = [f"{read.requests:>4}  {terminal(str(read.address))}" for read in reads]
    total = sum(read.requests for read in reads)
    each = f", {total / len(reads):.2f} each" if reads else ""
    return "\n".join(
        ["Requests:", *lines, f"{total:>4}  for {len(reads)} {'dataset' if len(reads) == 1 else 'datasets'}{each}"]
    )
