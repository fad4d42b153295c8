"""A dataset's tags."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox import jsontext
from reconciler.sandbox.domo import rights
from reconciler.sandbox.domo.datasets import load, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


def get_tags(call: Call) -> Answer:
    """Document 002, Get Dataset Tags."""
    tags = call.unordered(load(call).tags)
    match call.world.tags_read:
        case "object":
            return json_answer({"tags": tags})
        case "list":
            return json_answer(tags)
        case "string":
            return json_answer({"tags": jsontext.write(tags)})


def post_tags(call: Call) -> Answer:
    """Document 002, Add Dataset Tags (also createDatasetTag): adds, or replaces (notes 1.7)."""
    dataset = load(call, rights.EDIT)
    sent = _unique(call.json_list())
    if call.world.tags_post == "replaces":
        dataset.tags = sent
    else:
        dataset.tags = _unique(dataset.tags + sent)
    save(call, dataset, f"Tags set: {', '.join(sent)}.")
    return wrote(call)


def delete_tags(call: Call) -> Answer:
    """Document 002, Remove Dataset Tags."""
    dataset = load(call, rights.EDIT)
    sent = _unique(call.json_list())
    dataset.tags = [tag for tag in dataset.tags if tag not in sent]
    save(call, dataset, f"Tags removed: {', '.join(sent)}.")
    return wrote(call)


def _unique(tags: list[Any]) -> list[str]:
    for tag in tags:
        if not isinstance(tag, str) or not tag:
            raise Refusal(400, "Each tag must be a string")
    return list(dict.fromkeys(tags))
