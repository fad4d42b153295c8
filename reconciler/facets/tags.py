"""Tags: a set of words on a dataset."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec import Struct

from reconciler.core.changes import Change, Drop
from reconciler.core.patterns import matches
from reconciler.core.principals import Directory
from reconciler.core.words import Json, mapping

from .facet import Facet, Situation
from .section import Items, Mode, Section, Text


class TagsSection(Section):
    """The tags a dataset should have."""

    short_form: ClassVar[str] = "values"

    mode: Mode = "authoritative"
    """authoritative: exactly these. additive: at least these."""
    values: Items[Text] = ()
    """The tags, compared as written."""
    ignore: Items[Text] = ()
    """Patterns (`*`, `?`) of tags that others write, such as the ones the vendor generates; they are left alone."""


class Tag(Struct, frozen=True, order=True):
    """One tag."""

    name: str

    @property
    def key(self) -> str:
        """The tag itself."""
        return self.name


class Tags(Facet[TagsSection, Tag]):
    """The facet `tags`."""

    name = "tags"
    section = TagsSection
    union_keys: ClassVar[Mapping[str, Any]] = {"values": str, "ignore": str}

    def settle(self, section: TagsSection, live: tuple[Tag, ...], situation: Situation) -> tuple[Tag, ...]:
        del situation
        declared = {Tag(name) for name in section.values}
        foreign = {
            tag
            for tag in live
            if section.mode == "additive" or any(matches(pattern, tag.name) for pattern in section.ignore)
        }
        return tuple(sorted(declared | foreign))

    def adopted(self, live: tuple[Tag, ...], situation: Situation) -> Json | None:
        names = [tag.name for tag in sorted(live)]
        patterns = situation.capabilities.generated_tags
        generated = [pattern for pattern in patterns if any(matches(pattern, name) for name in names)]
        values: Json = [name for name in names if not any(matches(pattern, name) for pattern in generated)]
        return {"values": values, "ignore": generated} if generated else values

    def verb(self, change: Change[Tag], situation: Situation) -> str:
        del change, situation
        return "tag"

    def words(self, element: Tag) -> Json:
        return element.name

    def element(self, words: Json) -> Tag:
        if not isinstance(words, str):
            msg = f"{words!r} is not a tag"
            raise TypeError(msg)
        return Tag(words)

    def value(self, elements: Sequence[Tag]) -> Json:
        return [tag.name for tag in sorted(elements)]

    def stated(self, section: TagsSection, settled: tuple[Tag, ...] | None, directory: Directory) -> Json:
        given = super().stated(section, settled, directory)
        return {**mapping(given), "values": list(section.values) if settled is None else self.value(settled)}

    def describe(self, change: Change[Tag]) -> str:
        tag = change.before if isinstance(change, Drop) else change.after
        return f'tag "{tag.name}"'
