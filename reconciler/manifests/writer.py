"""Changing a manifest file without losing comments, quotes or layout; ruamel.yaml's one job here."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .workspace import Place

if TYPE_CHECKING:
    from ruamel.yaml import YAML

INDENTS = ((2, 4, 2), (2, 2, 0), (4, 6, 4), (4, 4, 0))
"""Layouts people use, as ruamel's (mapping, sequence, offset); the first is the one `init` and `import` write."""


class ChangedMeanwhileError(Exception):
    """The file is not as it was when the workspace was loaded; nothing was written."""


def write_id(place: Place, name: str, identifier: str) -> None:
    """Write the id of a created dataset into its manifest, behind `metadata.target`.

    Raises:
        ChangedMeanwhileError: the document at `place` is not the manifest of `name` any more, or has an id.
        OSError: the file cannot be read or written.
    """
    text = place.file.read_text("utf-8")
    yaml, documents = _load(text)
    metadata = _metadata(documents, place.index)
    if metadata is None or metadata.get("name") != name or "id" in metadata:
        raise ChangedMeanwhileError(str(place.file))
    keys = list(metadata)
    metadata.insert(keys.index("target") + 1 if "target" in keys else len(keys), "id", identifier)
    replace_text(place.file, _dump(yaml, documents), expected=text)


def _metadata(documents: list[Any], index: int) -> Any:
    document = documents[index] if index < len(documents) else None
    return document.get("metadata") if isinstance(document, dict) else None


def replace_text(path: Path, text: str, *, expected: str) -> None:
    """Put `text` in the place of `expected`, all or nothing: temporary file, fsync, rename.

    Raises:
        ChangedMeanwhileError: the file no longer holds `expected`.
    """
    mode = path.stat().st_mode & 0o777
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        _check_unchanged(path, expected)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _check_unchanged(path: Path, expected: str) -> None:
    if path.read_text("utf-8") != expected:
        raise ChangedMeanwhileError(str(path))


def _load(text: str) -> tuple[YAML, list[Any]]:
    """The documents of `text`, and a YAML that writes them back in the layout they have."""
    candidates = [_round_tripped(text, indent) for indent in INDENTS]
    return next((item[:2] for item in candidates if item[2] == text), candidates[0][:2])


def _round_tripped(text: str, indent: tuple[int, int, int]) -> tuple[YAML, list[Any], str]:
    # Imported here: only a run that creates a dataset writes YAML.
    from ruamel.yaml import YAML  # noqa: PLC0415

    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 10**6
    yaml.indent(*indent)
    yaml.explicit_start = text.startswith("---")
    documents = list(yaml.load_all(text))
    return yaml, documents, _dump(yaml, documents)


def _dump(yaml: YAML, documents: list[Any]) -> str:
    buffer = io.StringIO()
    yaml.dump_all(documents, buffer)
    return buffer.getvalue()
