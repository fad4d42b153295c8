"""One valid document and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct, field

from reconciler.core.diagnostics import Source
from reconciler.facets import Model

from . import yaml
from .findings import source
from .yaml import Document, Path, place_below


class Written(Struct, frozen=True):
    """Where a manifest stands, for telling the place of anything in it."""

    held: Document | bytes
    """The document with its positions; or its file, which holds nothing else, to be read again for them."""
    file: str
    """Path as the user would write it."""
    index: int = 0
    """Which of the file's documents, from 0."""
    missing: Mapping[Path, tuple[int, ...]] = field(default_factory=dict)
    """Of a manifest that was refused: which items of which lists the model is without."""
    unsure: frozenset[str] = frozenset()
    """Of a manifest that was refused: the facets of which the model may be without something."""

    @property
    def document(self) -> Document:
        """The document as written, with a position for everything in it."""
        return _positioned(self.held) if isinstance(self.held, bytes) else self.held

    def source(self, *path: str | int) -> Source:
        """The place of the value at `path`."""
        if isinstance(self.held, bytes) and (place := place_below(self.held, path)) is not None:
            return Source(self.file, place.line, place.column)
        written: Path = ()
        for part in path:
            written = (*written, self._number(written, part) if isinstance(part, int) else part)
        return source(self.document, written, self.file)

    def _number(self, path: Path, number: int) -> int:
        """Which item of the list at `path`, as written, the model's item `number` is."""
        for gone in self.missing.get(path, ()):
            number += gone <= number
        return number


class Manifest(Struct, frozen=True):
    """One valid document: what it says, and where it says it."""

    model: Model
    written: Written
    packed: bytes | None = None
    """Its data, of one that was read quickly: to be made again from, in a sixth of the time that its text takes."""


@lru_cache(maxsize=16)
def _positioned(content: bytes) -> Document:
    """Cached, for whoever asks for one place of a file often asks for more."""
    return yaml.read(content).documents[0]
