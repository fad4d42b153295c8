"""A plan, a review or a drift report as a message to people, in the shapes that Slack and Teams take.

Text goes only where neither of the two looks for markup: Slack's `plain_text`, Teams' `TextRun`. So no name can be a
mention, a link or a button. The one text that Slack reads as markup, its fallback, is escaped as Slack asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

from reconciler.core.words import Json
from reconciler.facets import BY_NAME

from .drift.text import CAUSES
from .safe import SENTENCE, json_text, safe_text

Shape: TypeAlias = Literal["slack", "teams"]

MOST_LINES: Final = 10
HEADER: Final = 150
"""Characters Slack takes in a header."""

Document: TypeAlias = Mapping[str, Any]


class Message(Struct, frozen=True):
    """What is told, as plain text."""

    title: str
    facts: tuple[str, ...]
    lines: tuple[str, ...]
    """The worst news, one a line."""
    more: int = 0
    """How many lines there are beyond these."""


def message(document: Document) -> Message:
    """What to tell of a JSON document that `plan`, `review` or `drift` printed, also where it could not begin.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is none of them.
    """
    if "resource_changes" in document:
        return _plan(document)
    if "access_changes" in document and "workspace" in document:
        return _review(document)
    if "drift" in document:
        return _drift(document)
    if document.get("errored") is True:
        return _failed(document, "a run failed", "There is no plan and no review.")
    raise ValueError("it is neither a plan nor a review nor a drift report")


def _failed(document: Document, what: str, fact: str) -> Message:
    errors = _errors(document)
    title = f"Datasets: {what}, {len(errors)} {'error' if len(errors) == 1 else 'errors'}"
    return _message(title, (fact,), errors)


def _errors(document: Document) -> list[str]:
    return [_finding(item) for item in document["diagnostics"] if item["severity"] == "error"]


def _finding(item: Document) -> str:
    """A finding, with the dataset it is about or the line where it stands."""
    source = item["source"]
    place = item["address"] or (f"{source['file']}:{source['line']}" if source else None)
    return ": ".join([*([place] if place else []), item["code"], item["summary"]])


def _plan(document: Document) -> Message:
    summary, access = document["summary"], document["summary"]["access"]
    blocking = [item for item in document["diagnostics"] if item["severity"] in {"error", "blocked"}]
    state = "failed" if document["errored"] else "blocked" if blocking else "ready"
    title = f"Datasets: plan {state}, {summary['create']} to create, {summary['update']} to change"
    facts = (f"{access['gain']} gain access, {access['lose']} lose access", f"{summary['destructive']} lose data")
    moves = sorted(document["access_changes"], key=lambda item: (item["after"] is not None, item["before"] is None))
    lines = [_finding(item) for item in blocking]
    lines += [f"{item['principal']} {_moved(item)}, {item['dataset']}" for item in moves]
    return _message(title, facts, lines)


def _moved(item: Document) -> str:
    before, after = item["before"], item["after"]
    if after is None:
        return f"loses {before}"
    return f"gains {after}" if before is None else f"has {after} instead of {before}"


def _review(document: Document) -> Message:
    summary = document["summary"]
    title = f"Datasets: review, {summary['gain']} gain and {summary['lose']} lose access"
    facts = (f"{summary['changed']} changed, {summary['new']} new, {summary['gone']} no longer governed",)
    moves = sorted(document["access_changes"], key=lambda item: (not item["remarks"], item["kind"] != "lose"))
    found = document["diagnostics"]
    lines = [str(item["summary"]) for item in found if item["code"] == "target-redirected"]
    lines += [f"{item['address']}: {item['summary']}" for item in found if _rebound(item) or _opens(item)]
    lines += [" ".join([f"{item['principal']}: {item['kind']}, {item['dataset']}", *_badges(item)]) for item in moves]
    return _message(title, facts, lines)


def _rebound(item: Document) -> bool:
    return item["code"] in {"dataset-rebound", "dataset-named"} and item["severity"] == "warning"


def _opens(item: Document) -> bool:
    """Whether a finding is of a version that everybody may read; of people each change of access is told itself."""
    return bool(item["code"] == "access-everyone" and str(item["address"]).endswith(".versions"))


def _badges(item: Document) -> list[str]:
    return [f"({', '.join(map(str, item['remarks']))})"] if item["remarks"] else []


def _drift(document: Document) -> Message:
    summary = document["summary"]
    if document["errored"] and not summary["datasets"]:
        return _failed(document, "nobody knows what has drifted", "Nothing was read.")
    told = [item for item in document["drift"] if item["ignored"] is None]
    drifted = {item["dataset"] for item in told if item["cause"] != "pending"}
    pending = {item["dataset"] for item in told} - drifted
    also = f", {len(pending)} not applied yet" if pending else ""
    whole = document["complete"] and not document["errored"]
    also += "" if whole else ", as far as could be read"
    title = f"Datasets: {len(drifted)} of {summary['datasets']} {'has' if len(drifted) == 1 else 'have'} drifted{also}"
    count = summary["differences"]
    facts = (f"{count} {'difference' if count == 1 else 'differences'}, {summary['ignored']} ignored",)
    lines = _errors(document)
    lines += [f"{item['dataset']} {item['facet']} {item['state']}: {_difference(item)}" for item in told]
    unsure = () if whole else ("Not everything could be read.",)
    return _message(title, (*facts, *unsure), lines)


def _difference(item: Document) -> str:
    """A difference in words, and its cause where that is known: from the manifest to what is live, or as planned."""
    facet = BY_NAME[item["facet"]]
    sides = ("live", "desired") if item["cause"] == "pending" else ("desired", "live")
    wanted, live = (None if item[side] is None else facet.element(item[side]) for side in sides)
    changes = facet.diff(*(() if element is None else (element,) for element in (wanted, live)))
    words = ", ".join(map(facet.describe, changes)) or str(item["key"])
    return f"{words} ({CAUSES[item['cause']]})" if item["cause"] else words


def _message(title: str, facts: Iterable[str], lines: Sequence[str]) -> Message:
    shown = tuple(safe_text(line) for line in lines[:MOST_LINES])
    return Message(safe_text(title, HEADER), tuple(map(safe_text, facts)), shown, len(lines) - len(shown))


def payload(told: Message, shape: Shape) -> str:
    """The JSON that a webhook of `shape` takes."""
    body = _slack(told) if shape == "slack" else _teams(told)
    return json_text(json.dumps(body, indent=2, ensure_ascii=False)) + "\n"


def _texts(told: Message) -> list[str]:
    more = [f"and {told.more} more"] if told.more else []
    return ["\n".join(group) for group in (told.facts, (*told.lines, *more)) if group]


def _slack(told: Message) -> Json:
    fallback = told.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks: list[Json] = [{"type": "header", "text": _plain(told.title)}]
    blocks += [{"type": "section", "text": _plain(text)} for text in _texts(told)]
    return {"text": fallback, "blocks": blocks}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text[: 3 * SENTENCE], "emoji": False}


def _teams(told: Message) -> Json:
    title: Json = {"type": "TextRun", "text": told.title, "weight": "Bolder", "size": "Medium"}
    body: list[Json] = [{"type": "RichTextBlock", "inlines": [title]}]
    for text in _texts(told):
        body += [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in text.split("\n")]
    card: Json = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    attachment: Json = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}
