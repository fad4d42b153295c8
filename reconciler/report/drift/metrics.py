"""Drift as numbers for Prometheus, in its text format; no name of a dataset or a person is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.core.plan import Plan
from reconciler.planning.drift import Difference
from reconciler.report.figures import known

from .figures import figures

Samples = Mapping[tuple[tuple[str, str], ...], float]


def drift_metrics(plan: Plan, differences: Sequence[Difference], at: float) -> str:
    """Gauges of one run at `at`, in seconds since the epoch."""
    told = figures(differences)
    counting = (item for item in differences if item.ignored is None)
    kinds: Counter[tuple[str, str]] = Counter((item.address.facet, item.cause or "unknown") for item in counting)
    read = sum(known(dataset) for dataset in plan.datasets)
    gauges: tuple[tuple[str, str, Samples], ...] = (
        ("datasets", "Governed datasets that were looked at.", {(): len(plan.datasets)}),
        ("datasets_read", "Those of them that could be read wholly.", {(): read}),
        (
            "drifted_datasets",
            "Datasets that somebody changed, or that differ for an unknown cause.",
            {(): told.drifted},
        ),
        ("pending_datasets", "Other datasets: they differ only by what is not applied yet.", {(): told.pending}),
        ("drift_differences", "Differences, by facet and by who caused them.", _by_kind(kinds)),
        ("drift_ignored", "Differences that a rule has ignored.", {(): told.ignored}),
        (
            "drift_errored",
            "Whether something failed (1), so that the other numbers say too little.",
            {(): plan.errored},
        ),
        ("drift_run_timestamp_seconds", "When this was measured.", {(): round(at, 3)}),
    )
    return "".join(line for name, says, samples in gauges for line in _gauge(f"reconciler_{name}", says, samples))


def _by_kind(kinds: Mapping[tuple[str, str], int]) -> Samples:
    return {(("cause", cause), ("facet", facet)): count for (facet, cause), count in sorted(kinds.items())}


def _gauge(name: str, says: str, samples: Samples) -> Iterator[str]:
    yield f"# HELP {name} {says}\n# TYPE {name} gauge\n"
    for labels, value in samples.items():
        told = ",".join(f'{label}="{text}"' for label, text in labels)
        yield f"{name}{{{told}}} {value + 0}\n" if told else f"{name} {value + 0}\n"
