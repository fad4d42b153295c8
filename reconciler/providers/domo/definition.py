"""The SQL and the query behind a dataset at Domo, where the server tells them (002's second half)."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.core.changes import apply
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState
from reconciler.facets.definition import QUERY, SQL, Statement
from reconciler.providers.http import HttpError

from .dataset import Dataset


def read(dataset: Dataset) -> FacetState | None:
    """What the dataset has of both: neither where it is not computed, or where the server does not tell."""
    asked = {SQL: dataset.api.sql_text, QUERY: dataset.api.query_text}
    found = {kind: _text(dataset, kind, ask) for kind, ask in asked.items()}
    elements = tuple(Statement.of(kind, text) for kind, text in found.items() if text is not None)
    if not elements:
        summary = "it has neither an SQL nor a query that could be governed"
        hint = "Take definition out of the manifest; only computed datasets have one, and not every instance tells it."
        address = dataset.ref.address.of("definition")
        dataset.diagnostics.append(Diagnostic("definition-unknown", "error", summary, address, hint))
        return None
    return FacetState(elements, found)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Each text that differs, by itself."""
    puts = {SQL: dataset.api.put_sql_text, QUERY: dataset.api.put_query_text}
    for element in apply(found.elements, step.changes):
        if isinstance(element, Statement) and element not in found.elements:
            puts[element.kind](dataset.id, element.text)


def _text(dataset: Dataset, kind: str, ask: Callable[[str], str]) -> str | None:
    # A 404 may be this dataset's or the server's answer: nothing is learned from it for other datasets.
    try:
        return dataset.rest_on(kind, ask(dataset.id))
    except HttpError as failure:
        if not failure.absent:
            raise
        dataset.prove()
        return None
