"""What a reading hands out: documents with a position for every node, and problems."""

from array import array
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

Path = tuple[str | int, ...]

FEW = 16
"""So many questions about places are answered one by one; then it is cheaper to work out all of them."""
NO_KEY, MISSING = -1, -2


class Position(Struct, frozen=True):
    """A place in a text: line and column, both from 1, the column in characters."""

    line: int
    column: int


class Problem(Struct, frozen=True):
    """Why a text, or one document of it, is not taken; `code` is one of `CODES`."""

    code: str
    message: str
    position: Position
    hint: str | None = None


def pack(line: int, column: int, plain: int) -> int:
    """Put a node's place (both from 0) and whether it is a plain scalar (1 or 0) into one integer."""
    return line << 32 | column << 1 | plain


def position(packed: int) -> Position:
    """Take the place, from 1, out of what `pack` made."""
    return Position((packed >> 32) + 1, (packed >> 1 & 0x7FFFFFFF) + 1)


class Places:
    """Where every node of one document stands, kept as integers until somebody asks.

    The integers are in the order of the file, and a walk over the data meets keys and values in the same order.
    """

    def __init__(self, data: object, packed: "array[int]") -> None:
        """Remember the data and its packed places: key, value, key, value, a container before its content."""
        self._data = data
        self._packed = packed
        self._asked = 0

    def find(self, path: Path) -> tuple[Position, Position | None]:
        """The position of the value at `path`, or of its nearest known ancestor, and of the key of just that path.

        The maps cost more than reading the file did, so that a few questions are answered by counting nodes.
        """
        self._asked += 1
        if self._asked > FEW:
            values, keys, _ = self.maps
            key = keys.get(path)
            while path not in values:
                path = path[:-1]
            return values[path], key
        value, key_place, data = 0, -1, self._data
        for part in path:
            value, key_place, data = _step(data, part, value)
            if key_place == MISSING:
                return position(self._packed[value]), None
        return position(self._packed[value]), position(self._packed[key_place]) if key_place >= 0 else None

    @cached_property
    def maps(self) -> tuple[dict[Path, Position], dict[Path, Position], frozenset[Path]]:
        """Positions of values, positions of keys, and the paths whose scalar is plain."""
        values: dict[Path, Position] = {}
        keys: dict[Path, Position] = {}
        plain: set[Path] = set()
        for (path, is_key), place in zip(_walk(self._data, ()), self._packed, strict=True):
            (keys if is_key else values)[path] = position(place)
            if place & 1 and not is_key:
                plain.add(path)
        return values, keys, frozenset(plain)


def _step(data: object, part: str | int, at: int) -> tuple[int, int, object]:
    """From a container that is node `at` to what it holds at `part`: its node, that of its key, and itself."""
    place = at + 1
    if isinstance(data, dict):
        for key, value in data.items():
            if key == part and type(key) is type(part):
                return place + 1, place, value
            place += 1 + _nodes(value)
    elif isinstance(data, list) and isinstance(part, int) and 0 <= part < len(data):
        return place + sum(map(_nodes, data[:part])), NO_KEY, data[part]
    return at, MISSING, None


def _nodes(data: object) -> int:
    """How many nodes `data` was made of, keys included."""
    if isinstance(data, dict):
        return 1 + len(data) + sum(map(_nodes, data.values()))
    return 1 + sum(map(_nodes, data)) if isinstance(data, list) else 1


def _walk(data: object, path: Path) -> Iterator[tuple[Path, bool]]:
    yield path, False
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key), True
            yield from _walk(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _walk(value, (*path, number))


class Document(Struct, frozen=True):
    """One YAML document free of problems; `data` is not to be changed, the positions are found by walking it."""

    data: object
    places: Places

    @property
    def positions(self) -> Mapping[Path, Position]:
        """The position of every value by its path; `()` is the root."""
        return self.places.maps[0]

    @property
    def keys(self) -> Mapping[Path, Position]:
        """The position of every key by the path of its value."""
        return self.places.maps[1]

    def is_plain(self, path: Path) -> bool:
        """Say whether a known scalar stands without quotes, so that `1.10` can be told from `"1.10"`."""
        return path in self.places.maps[2]

    def locate(self, path: Path) -> Position:
        """Find the value at `path`, or its nearest known ancestor: a missing key is reported at its mapping."""
        return self.places.find(path)[0]

    def locate_key(self, path: Path) -> Position:
        """Find the key of the value at `path`; where there is none (a list item, a missing key) as `locate`."""
        value, key = self.places.find(path)
        return key or value


class Reading(Struct, frozen=True):
    """All of one text: its documents in order, less those that have problems, and the problems in order."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
