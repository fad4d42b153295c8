"""Properties: what a dataset is called, what is said of it, and the type of what provides its data."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct
from pydantic import StringConstraints

from reconciler.core.changes import Add, Change, Drop
from reconciler.core.words import Json

from .facet import Facet, Situation
from .section import Section, Text
from .texts import quoted, replaced

NAME, DESCRIPTION, PROVIDER_TYPE = "name", "description", "providerType"


class PropertiesSection(Section):
    """What a dataset should be called and what should be said of it; what is not named stays as it is."""

    name: Text | None = None
    """The name people see; `metadata.name` is the reconciler's own."""
    description: Annotated[str, StringConstraints(max_length=4096)] | None = None
    """Empty: none."""
    provider_type: Text | None = None
    """The vendor's word for what provides the data; Domo: api, file-upload-new, …"""

    @property
    def declared(self) -> dict[str, str]:
        """What is named, by the manifest's word for it."""
        given = {NAME: self.name, DESCRIPTION: self.description, PROVIDER_TYPE: self.provider_type}
        return {name: value for name, value in given.items() if value is not None}


class Property(Struct, frozen=True):
    """One property and its value."""

    name: str
    value: str

    @property
    def key(self) -> str:
        """What the property is called in manifests."""
        return self.name


class Properties(Facet[PropertiesSection, Property]):
    """The facet `properties`."""

    name = "properties"
    section = PropertiesSection

    def settle(
        self, section: PropertiesSection, live: tuple[Property, ...], situation: Situation
    ) -> tuple[Property, ...]:
        del situation
        held = {each.name: each.value for each in live}
        return tuple(Property(name, value) for name, value in {**held, **section.declared}.items())

    def verb(self, change: Change[Property], situation: Situation) -> str:
        del change, situation
        return "describe"

    def starts_from(self, change: Change[Property], found: Property | None) -> bool:
        # A dataset that was just created has a name and a type of its own, whatever they are.
        return isinstance(change, Add) or super().starts_from(change, found)

    def words(self, element: Property) -> Json:
        return {"property": element.name, "value": element.value}

    def element(self, words: Json) -> Property:
        if not isinstance(words, Mapping):
            msg = f"{words!r} is not a property"
            raise TypeError(msg)
        return Property(str(words["property"]), str(words["value"]))

    def value(self, elements: tuple[Property, ...]) -> Json:
        return {each.name: each.value for each in sorted(elements, key=lambda each: each.name)}

    def describe(self, change: Change[Property]) -> str:
        match change:
            case Add(after=new):
                return f"{new.name} {quoted(new.value)}"
            case Drop(before=old):
                return f"{old.name} {quoted(old.value)}"
            case _:
                return f"{change.after.name} {replaced(change.before.value, change.after.value)}"
