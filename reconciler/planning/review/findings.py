"""A review as findings with stable codes, so that scanners, annotations and test reports can carry it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.core.diagnostics import Diagnostic, Severity, Source

from .codes import BY_KIND, BY_REMARK
from .values import ADOPTED, MODE, RELEASED, WAY, Hold, Kind, Move, Reviewed, Said, Way

REMARKS = {
    "everyone": "everybody is in that group",
    "outsider": "from outside the organisation",
    "sensitive": "the dataset is tagged as personal data",
    "unrestricted": "row policies do not bind owners and co-owners",
}
"""Remarks in words."""
REBOUND = {
    "id": "its manifest governs another dataset",
    "account": "its manifest may govern another dataset, because its target names another account",
}
"""By what a manifest comes to mean another dataset, in words."""


def findings(
    datasets: Sequence[Reviewed],
    workspace: Iterable[tuple[str, Sequence[Said]]],
    redirected: Mapping[str, Way],
    places: Mapping[str, Source | None],
) -> Iterator[Diagnostic]:
    """Every change of access, and what else a reviewer should look at twice; `places`: where settings are written."""
    for place, way in redirected.items():  # one finding for what may be said in three lines
        summary = f"{place}: {way.provider} at {way.url} gets the token {way.token}, and does not in the base"
        yield Diagnostic("target-redirected", "warning", summary, source=way.place())
    for place, said in workspace:
        for item in said:
            if place not in redirected or not item.words.startswith(WAY):
                told = f"{place}: {item.sign} {item.words}"
                yield Diagnostic("workspace-changed", "warning", told, source=places.get(place))
    for dataset in datasets:
        yield from _about(dataset)
        for move in dataset.moves:
            if move.kind in BY_KIND:
                code = BY_REMARK[move.remarks[0]] if move.remarks else BY_KIND[move.kind]
                severity: Severity = "warning" if move.remarks else "info"
                yield Diagnostic(code, severity, sentence(move), dataset.address, source=dataset.source)


def _about(dataset: Reviewed) -> Iterator[Diagnostic]:
    if dataset.action == "gone":
        summary = f"the manifest of {dataset.address} went: it is not governed any more; nothing is deleted or revoked"
        yield _finding("dataset-released", summary, dataset)
    rebound = dataset.rebound
    for item in dataset.said:
        if item.what == "id" and item.sign == "+":
            severity: Severity = "warning" if rebound else "info"
            summary = f"its manifest has an id, and had none: {item.words}"
            yield Diagnostic("dataset-named", severity, summary, dataset.address, source=dataset.source)
        elif item in rebound:
            yield _finding("dataset-rebound", f"{REBOUND[item.what]}: {item.words}", dataset)
        elif item.lifts:
            yield _finding("guard-lifted", f"a guard is lifted: {item.words}", dataset)
        elif item.readers:
            summary = f"{item.readers} may read it: {item.words}"
            yield Diagnostic(
                "access-everyone", "warning", summary, dataset.address.of(item.what), source=dataset.source
            )
        elif item.words.startswith(MODE):
            yield _finding("mode-changed", f"{item.what} is governed otherwise: {item.words}", dataset)
        elif item.words == RELEASED:
            yield _finding("facet-released", f"{item.what} is {RELEASED}", dataset)
        elif item.words == ADOPTED:
            yield _finding("facet-adopted", f"{item.what} is {ADOPTED}", dataset)


def _finding(code: str, summary: str, dataset: Reviewed) -> Diagnostic:
    return Diagnostic(code, "warning", summary, dataset.address, source=dataset.source)


def sentence(move: Move) -> str:
    """One change of access in one sentence, with what to look at."""
    told = f"{move.principal} {verb(move)}"
    return f"{told} ({'; '.join(REMARKS[item] for item in move.remarks)})" if move.remarks else told


VERBS: Mapping[Kind, str] = {
    "gain": "gains {after}",
    "lose": "loses {before}",
    "change": "has {after} instead of {before}",
    "extend": "keeps {after} for longer, before: {before}",
    "declare": "is given {after}, or keeps it",
    "release": "is not named with {before} any more, and keeps it",
    "keep": "keeps {after}, before: {before}",
}


def verb(move: Move) -> str:
    """What happens, without who and where."""
    return VERBS[move.kind].format(before=hold(move.before), after=hold(move.after))


def hold(held: Hold | None) -> str:
    """A level, the group it comes from, its last day and what is left after that."""
    if held is None:
        return "nothing"
    via = f" via {held.via}" if held.via else ""
    until = f" until {held.until}" if held.until else ""
    then = f", then {hold(held.then)}" if held.then else ""
    return f"{held.level}{via}{until}{then}"
