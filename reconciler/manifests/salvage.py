"""What is left of a refused manifest without the refused parts, so that one run finds what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from reconciler.facets import Model

from .findings import real_path
from .manifest import Manifest, Written
from .yaml import Document, Path


def salvage(error: ValidationError, model: type[Model], document: Document, file: str, index: int) -> Manifest | None:
    """`document` without what `error` is about; None when that is no manifest.

    An unknown key is left out by itself, and so is the list item that something is wrong in. Where the rest is then
    no manifest, the whole list goes, or the whole field.
    """
    refused = [
        (item["type"], real_path(item["loc"], document.data))
        for item in error.errors(include_url=False, include_input=False)
    ]
    for cut in (_item, _field):
        data = _copied(document.data)
        paths = {path if kind == "extra_forbidden" else cut(kind, path) for kind, path in refused}
        _leave_out(data, paths)
        try:
            written = Written(document, file, index, _missing(paths), _facets(path for _, path in refused))
            return Manifest(model.model_validate(data), written)
        except ValidationError:
            continue
    return None


def _item(kind: str, path: Path) -> Path:
    """The outermost list item on the way to what is refused, or the field."""
    numbers = [place for place, part in enumerate(path) if isinstance(part, int)]
    return path[: numbers[0] + 1] if numbers else _field(kind, path)


def _field(kind: str, path: Path) -> Path:
    numbers = [place for place, part in enumerate(path) if isinstance(part, int)]
    return path[: numbers[0]] if numbers else path[:-1] if kind == "missing" else path


def _leave_out(data: Any, paths: Iterable[Path]) -> None:
    # From the end of each list, so that the numbers of what is still to go stay right.
    for path in sorted(paths, key=lambda path: [(isinstance(part, int), part) for part in path], reverse=True):
        holder = data
        for part in path[:-1]:
            if isinstance(holder, dict):
                holder = holder.get(part)
            elif isinstance(holder, list) and isinstance(part, int) and part < len(holder):
                holder = holder[part]
        if not path:
            continue
        last = path[-1]
        if isinstance(holder, dict):
            holder.pop(last, None)
        elif isinstance(holder, list) and isinstance(last, int) and last < len(holder):
            del holder[last]


def _missing(paths: Iterable[Path]) -> dict[Path, tuple[int, ...]]:
    missing: dict[Path, tuple[int, ...]] = {}
    for path in sorted((path for path in paths if path and isinstance(path[-1], int)), key=lambda path: int(path[-1])):
        missing[path[:-1]] = (*missing.get(path[:-1], ()), int(path[-1]))
    return missing


def _facets(paths: Iterable[Path]) -> frozenset[str]:
    """The facets that something is refused of, in a manifest that has any."""
    return frozenset(str(path[1]) for path in paths if path[:1] == ("spec",) and len(path) > 1)


def _copied(data: Any) -> Any:
    """Plain data once more, to be changed; `deepcopy` would look out for cycles, which takes eight times as long."""
    match data:
        case dict():
            return {key: _copied(value) for key, value in data.items()}
        case list():
            return [_copied(value) for value in data]
        case _:
            return data
