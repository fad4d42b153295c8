"""Owner: the one user or group that answers for a dataset."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.plan import Risk
from reconciler.core.ports import OWNER, Capabilities
from reconciler.core.principals import Directory, Principal
from reconciler.core.words import Json

from .facet import Complaint, Facet, Situation
from .section import PrincipalRef, Section
from .who import (
    in_manifest,
    one_spelling,
    principal_facts,
    principal_words,
    read_principal,
    unknown_principal,
)


class OwnerSection(Section):
    """Who should own a dataset; in a manifest simply `owner: user:KEY`."""

    short_form: ClassVar[str] = "principal"

    principal: PrincipalRef


class Owner(Struct, frozen=True):
    """The owner of a dataset."""

    principal: Principal

    @property
    def key(self) -> str:
        """Empty: there is one owner."""
        return ""


class OwnerFacet(Facet[OwnerSection, Owner]):
    """The facet `owner`."""

    name = "owner"
    section = OwnerSection

    def settle(self, section: OwnerSection, live: tuple[Owner, ...], situation: Situation) -> tuple[Owner, ...]:
        principal = situation.directory.resolve(section.principal)
        return (Owner(principal),) if principal else live

    def adopted(self, live: tuple[Owner, ...], situation: Situation) -> Json | None:
        return in_manifest(live[0].principal, situation.directory) if live else None

    def verb(self, change: Change[Owner], situation: Situation) -> str:
        del change
        return "resign" if resigns(situation) else "transfer"

    def words(self, element: Owner) -> Json:
        return principal_words(element.principal)

    def element(self, words: Json) -> Owner:
        return Owner(read_principal(words))

    def value(self, elements: tuple[Owner, ...]) -> Json:
        return self.words(elements[0]) if elements else None

    def stated(self, section: OwnerSection, settled: tuple[Owner, ...] | None, directory: Directory) -> Json:
        del settled
        return {"principal": section.principal, **principal_facts(directory.resolve(section.principal), directory)}

    def describe(self, change: Change[Owner]) -> str:
        match change:
            case Add(after=owner) | Drop(before=owner):
                return str(owner.principal)
            case Modify(before=old, after=new):
                return f"{old.principal} -> {new.principal}"

    def check(self, section: OwnerSection, capabilities: Capabilities, directory: Directory) -> Iterable[Complaint]:
        del capabilities
        return unknown_principal(section.principal, (), directory)

    def agree(self, field: str, one: object, other: object, directory: Directory) -> bool:
        del field
        return one_spelling(str(one), directory) == one_spelling(str(other), directory)

    def access(self, elements: Iterable[Owner]) -> Mapping[Principal, str]:
        return {owner.principal: OWNER for owner in elements}

    def risk(self, changes: Sequence[Change[Owner]]) -> Risk:
        del changes
        return "sensitive"


def resigns(situation: Situation) -> bool:
    """Whether the actor is to hand over what is its own, and with it perhaps the right to read the dataset."""
    section = situation.sections.get("owner")
    if not isinstance(section, OwnerSection) or situation.actor is None:
        return False
    owners = [owner.principal for owner in situation.live.get("owner", ()) if isinstance(owner, Owner)]
    return situation.actor in owners and situation.directory.resolve(section.principal) not in {None, situation.actor}
