"""One valid document and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.core.diagnostics import Source
from reconciler.facets import Model

from .findings import source
from .yaml import Document, Path


@dataclass(frozen=True, slots=True)
class Manifest:
    """One valid document and where it stands."""

    model: Model
    document: Document
    file: str
    """Path as the user would write it."""
    index: int
    """Which of the file's documents, from 0."""
    missing: Mapping[Path, tuple[int, ...]] = field(default_factory=dict)
    """Of a manifest that was refused: which items of which lists the model is without."""

    def source(self, *path: str | int) -> Source:
        """The place of the value at `path`."""
        written: Path = ()
        for part in path:
            written = (*written, self._number(written, part) if isinstance(part, int) else part)
        return source(self.document, written, self.file)

    def _number(self, path: Path, number: int) -> int:
        """Which item of the list at `path`, as written, the model's item `number` is."""
        for gone in self.missing.get(path, ()):
            number += gone <= number
        return number
