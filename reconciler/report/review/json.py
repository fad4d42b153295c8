"""A review as JSON, complete; its access changes and diagnostics have the shape they have in a plan."""

from __future__ import annotations

from dataclasses import asdict

from pydantic_core import to_json

from reconciler.core.principals import Principal
from reconciler.core.words import Json
from reconciler.planning.review import Ending, Hold, Move, Review, Reviewed, Said
from reconciler.report.document.parts import diagnostic, place
from reconciler.report.safe import json_text

from .figures import figures

FORMAT_VERSION = "1.0"


def review_json(review: Review, base: str, head: str) -> str:
    """The whole review as a JSON object."""
    document: Json = {
        "format_version": FORMAT_VERSION,
        "base": base,
        "head": head,
        "summary": asdict(figures(review)),
        "datasets": [_dataset(dataset) for dataset in review.datasets],
        "workspace": [{"where": where, "changes": list(map(_said, said))} for where, said in review.workspace],
        "access_changes": [_move(move) for move in review.moves],
        "reviewers": [
            {"owner": _who(owner), "datasets": list(map(str, addresses))}
            for owner, addresses in review.reviewers.items()
        ],
        "diagnostics": [diagnostic(item) for item in review.findings],
    }
    return json_text(to_json(document, indent=2).decode()) + "\n"


def _dataset(dataset: Reviewed) -> Json:
    return {
        "address": str(dataset.address),
        "action": dataset.action,
        "source": place(dataset.source),
        "changes": list(map(_said, dataset.said)),
        "ending": list(map(_ending, dataset.ending)),
    }


def _said(said: Said) -> Json:
    return {"what": said.what, "op": {"+": "add", "-": "drop", "~": "modify"}[said.sign], "words": said.words}


def _ending(ending: Ending) -> Json:
    return {
        "principal": _who(ending.principal),
        "access": ending.level,
        "expires": str(ending.until),
        "reason": ending.reason,
    }


def _move(move: Move) -> Json:
    return {
        "dataset": str(move.dataset),
        **_principal(move.principal),
        "kind": move.kind,
        "before": _hold(move.before),
        "after": _hold(move.after),
        "remarks": list(move.remarks),
    }


def _principal(principal: Principal) -> dict[str, Json]:
    return {"principal": str(principal), "principal_id": principal.id}


def _who(principal: Principal | None) -> Json:
    return _principal(principal) if principal else None


def _hold(held: Hold | None) -> Json:
    if held is None:
        return None
    expires = str(held.until) if held.until else None
    return {"access": held.level, "via": _who(held.via), "expires": expires, "then": _hold(held.then)}
