"""A dataset as two forms tell of it, and the keys of a document that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """One dataset in the words of a manifest, in their long form."""

    name: str
    spec: Mapping[str, Any]
    id: str | None = None
    lost: tuple[str, ...] = field(default=(), compare=False)
    """What was said of it that a manifest has no words for, by its place in the document."""


class Taker:
    """A mapping whose keys are taken one by one; what is never taken is what gets lost."""

    def __init__(self, data: Any, path: str = "") -> None:
        if not isinstance(data, Mapping):
            msg = f"{path or 'the document'} should be a mapping"
            raise ValueError(msg)  # noqa: TRY004 - the caller turns ValueError into a sentence
        self._data, self._path, self._inner = dict(data), path, list[Taker]()

    def take(self, key: str, kind: type | tuple[type, ...] = object, default: Any = None) -> Any:
        """The value of `key`, unless it is of another kind: then it stays, and is lost."""
        value = self._data.get(key)
        if value is None or not isinstance(value, kind):
            return default
        return self._data.pop(key)

    def inside(self, key: str) -> Taker:
        """The mapping at `key`; an empty one where there is none."""
        inner = Taker(self.take(key, Mapping, {}), f"{self._path}{key}.")
        self._inner.append(inner)
        return inner

    def each(self, key: str) -> list[Taker]:
        """The mappings in the list at `key`; what is no mapping is lost."""
        given = self._data.get(key)
        if not isinstance(given, list):
            return []
        found = [
            Taker(item, f"{self._path}{key}[{number}].")
            for number, item in enumerate(given)
            if isinstance(item, Mapping)
        ]
        self._data[key] = rest = [item for item in given if not isinstance(item, Mapping)]
        if not rest:
            del self._data[key]
        self._inner += found
        return found

    def give_back(self, key: str, value: Any) -> None:
        """What was taken and cannot be used after all."""
        self._data[key] = value

    @property
    def lost(self) -> tuple[str, ...]:
        """The places of all that was not taken, in order."""
        return tuple(self._lost())

    def _lost(self) -> Iterator[str]:
        for key, value in self._data.items():
            if value not in (None, "", [], {}):
                yield f"{self._path}{key}"
        for inner in self._inner:
            yield from inner.lost


def identifier(value: object) -> str | None:
    """The vendor's id of a dataset as a document of ours has it; None when it has none.

    Raises:
        ValueError: it is no text. Without its id the dataset would be taken for one to create.
    """
    if value is not None and not isinstance(value, str):
        msg = f"the id of a dataset is a text, not {value!r}: write it in quotes"
        raise ValueError(msg)
    return value or None


def beside(own: object, key: str, values: list[Any]) -> object:
    """A section of `own` words with what stands under `key` of it elsewhere; one that is none stays, to be refused."""
    section = {} if own is None else own
    return {**section, **({key: values} if values else {})} if isinstance(section, Mapping) else section


NATIVE = {
    "STRING": "string",
    "LONG": "integer",
    "DECIMAL": "number",
    "DOUBLE": "number",
    "DATE": "date",
    "DATETIME": "datetime",
}
"""What other forms call the column types that are known here."""


def native(name: str) -> str | None:
    """The column type that a general word stands for; None when there is none."""
    words = {"timestamp": "DATETIME", "number": "DECIMAL", **{word: kind for kind, word in reversed(NATIVE.items())}}
    return words.get(name.lower())
