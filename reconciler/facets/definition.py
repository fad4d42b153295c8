"""Definition: the SQL or the query that a computed dataset is made by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from msgspec import Struct

from reconciler.core.changes import Add, Change, Drop
from reconciler.core.plan import Risk
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.core.words import Json

from .facet import Complaint, Facet, Situation
from .section import Section
from .texts import quoted, replaced

SQL, QUERY = "sql", "query"


class DefinitionSection(Section):
    """How a view-like dataset should be computed; what is not named stays as it is."""

    sql: str | None = None
    query: str | None = None

    @property
    def declared(self) -> dict[str, str]:
        """What is named, by its kind."""
        given = {SQL: self.sql, QUERY: self.query}
        return {kind: text for kind, text in given.items() if text is not None}


class Statement(Struct, frozen=True):
    """One text that defines a dataset. White space around it does not count."""

    kind: str
    """sql or query."""
    text: str

    @property
    def key(self) -> str:
        """Its kind."""
        return self.kind

    @classmethod
    def of(cls, kind: str, text: str) -> Self:
        """The statement that `text` is."""
        return cls(kind, text.strip())


class Definition(Facet[DefinitionSection, Statement]):
    """The facet `definition`."""

    name = "definition"
    section = DefinitionSection

    def settle(
        self, section: DefinitionSection, live: tuple[Statement, ...], situation: Situation
    ) -> tuple[Statement, ...]:
        del situation
        held = {each.kind: each for each in live}
        wanted = {kind: Statement.of(kind, text) for kind, text in section.declared.items()}
        return tuple({**held, **wanted}.values())

    def verb(self, change: Change[Statement], situation: Situation) -> str:
        del change, situation
        return "redefine"

    def words(self, element: Statement) -> Json:
        return {"kind": element.kind, "text": element.text}

    def element(self, words: Json) -> Statement:
        if not isinstance(words, Mapping):
            msg = f"{words!r} is not a definition"
            raise TypeError(msg)
        return Statement(str(words["kind"]), str(words["text"]))

    def value(self, elements: tuple[Statement, ...]) -> Json:
        return {each.kind: each.text for each in sorted(elements, key=lambda each: each.kind)}

    def describe(self, change: Change[Statement]) -> str:
        match change:
            case Add(after=new):
                return f"{new.kind} {quoted(new.text)}"
            case Drop(before=old):
                return f"{old.kind} {quoted(old.text)}"
            case _:
                return f"{change.after.kind} {replaced(change.before.text, change.after.text)}"

    def check(
        self, section: DefinitionSection, capabilities: Capabilities, directory: Directory
    ) -> Iterable[Complaint]:
        del capabilities, directory
        for kind, text in section.declared.items():
            if not text.strip():
                yield Complaint((kind,), "invalid-value", f"{kind} is empty", "A definition cannot be taken away.")

    def risk(self, changes: Sequence[Change[Statement]]) -> Risk:
        # Other rows, or none, may come of it; nothing stored is lost.
        del changes
        return "sensitive"
