"""libyaml's events to documents: plain data, packed places, and a problem for whatever a manifest may not hold.

Events, not libyaml's own composer: that one recurses in C and ends the process on 200,000 open brackets.
"""

from array import array
from collections.abc import Callable

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import (
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from reconciler.manifests.yaml import refusals
from reconciler.manifests.yaml.characters import bad_character, decode
from reconciler.manifests.yaml.document import Document, Places, Position, Problem, Reading, pack, position
from reconciler.manifests.yaml.scalars import NumberRefused, Scalar, resolve
from reconciler.manifests.yaml.syntax import explain, tag_directive


def read(text: str | bytes) -> Reading:
    """Read a file's documents; raises on no text and no bytes whatever they hold."""
    decoded = decode(text)
    if isinstance(decoded, Problem):
        return Reading((), (decoded,))
    refused = tag_directive(decoded)
    return _Reader(decoded).read() if refused is None else Reading((), (refused,))


DOCUMENT_WEIGHT = 3
"""A document costs as much as so many nodes, and counts for as many."""
TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml calls it."""


class _Stop(Exception):  # noqa: N818
    """Nothing more of this text is read."""


class _Reader:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_escapes = "\\" in text
        self._packed = array("Q")  # of the whole text, so its length is the count of nodes
        self._problems: list[Problem] = []
        # None comes only after the end of the stream, where nobody asks.
        self._next: Callable[[], Event] = CParser(text).get_event  # type: ignore[assignment]

    def read(self) -> Reading:
        documents: list[Document] = []
        try:
            self._documents(documents)
        except _Stop:
            pass
        except MarkedYAMLError as error:
            problem = explain(error, self._text)
            # Since PyYAML 6.0.4 libyaml itself gives up at a depth, and looks that far ahead before the first event.
            self._problems.append(refusals.too_deep(problem.position) if error.problem == TOO_DEEP else problem)
        except UnicodeError:
            # Only a tag's %-escapes bring libyaml to text that Python cannot hold, and no event tells where that is.
            self._problems.append(refusals.tag(position(self._packed[-1]) if self._packed else Position(1, 1)))
        return Reading(tuple(documents), tuple(self._problems))

    def _documents(self, documents: list[Document]) -> None:
        """Add each document only when another one or the end follows, not a rest that belongs to it."""
        last: list[Document] = []
        while not isinstance(event := self._next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                documents += last
                last = self._document(event)
        documents += last

    def _document(self, start: DocumentStartEvent) -> list[Document]:
        """Read one document up to its end; none when it is empty or has problems."""
        for _ in range(DOCUMENT_WEIGHT):
            self._count(start, 0)
        first, known = len(self._packed), len(self._problems)
        if start.version not in (None, (1, 2)):
            self._refuse(refusals.directive(start))
        root = self._next()
        data = self._node(root, 0)
        empty = isinstance(root, ScalarEvent) and root.style == "" and root.value == ""
        if empty or len(self._problems) > known:
            return []
        return [Document(data, Places(data, self._packed[first:]))]

    def _node(self, event: Event, depth: int) -> object:
        if type(event) is ScalarEvent:
            return self._scalar(event)
        self._count(event, 0)
        if isinstance(event, CollectionStartEvent):
            self._check(event)
            if depth >= refusals.DEEPEST:
                self._refuse(refusals.too_deep(refusals.position_of(event)))
                raise _Stop
            return self._mapping(depth + 1) if isinstance(event, MappingStartEvent) else self._sequence(depth + 1)
        if isinstance(event, NodeEvent):
            self._refuse(refusals.alias(event, event.anchor or ""))
        return None

    def _sequence(self, depth: int) -> list[object]:
        items: list[object] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth))
        return items

    def _mapping(self, depth: int) -> dict[str, object]:
        entries: dict[str, object] = {}
        places: list[int] = []
        while type(event := self._next()) is not MappingEndEvent:
            place = len(self._packed)
            key = self._key(event, depth)
            if key is not None and key in entries:
                first = position(self._packed[places[list(entries).index(key)]])
                self._refuse(refusals.duplicate(event, key, first.line))
                key = None
            value = self._node(self._next(), depth)
            if key is not None:
                entries[key] = value
                places.append(place)
        return entries

    def _key(self, event: Event, depth: int) -> str | None:
        """Take a key; None when it cannot be one, which is then a problem already told."""
        known = len(self._problems)
        start = refusals.mark_of(event).index
        if self._text[start - 1 : start] == "?" and self._text[start : start + 1].strip():
            self._refuse(refusals.question_mark(event))
        key = self._node(event, depth)
        if len(self._problems) > known:
            return None
        if not isinstance(event, ScalarEvent):
            self._refuse(refusals.key_of_several(event))
        elif type(key) is not str:
            self._refuse(refusals.key_not_text(event, event.value))
        elif key == "<<" and event.style == "":
            self._refuse(refusals.merge_key(event))
        else:
            return key
        return None

    def _scalar(self, event: ScalarEvent) -> Scalar:
        plain, value = event.style == "", event.value
        self._count(event, plain)
        if event.anchor is not None or event.tag is not None:
            self._check(event)
        if plain:
            try:
                return resolve(value)
            except NumberRefused as error:
                self._refuse(refusals.number(event, str(error)))
        elif self._has_escapes:
            refused = bad_character(value, refusals.position_of(event))
            if refused is not None:
                self._refuse(refused)
        return value

    def _count(self, event: Event, plain: int) -> None:
        """Note where a node stands."""
        mark = refusals.mark_of(event)
        self._packed.append(pack(mark.line, mark.column, plain))
        if len(self._packed) > refusals.MOST_NODES:
            self._refuse(refusals.too_many_nodes(event))
            raise _Stop

    def _check(self, event: ScalarEvent | CollectionStartEvent) -> None:
        """Refuse an anchor or a tag before a node."""
        if event.anchor is not None:
            self._refuse(refusals.anchor(event, event.anchor))
        if event.tag is not None:
            self._refuse(refusals.tag(refusals.position_of(event)))

    def _refuse(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) >= refusals.MOST_PROBLEMS:
            self._problems.append(refusals.too_many_problems(problem.position))
            raise _Stop
